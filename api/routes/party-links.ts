import { linkExpiry } from "../../casework/portal/party-link.ts";
import { type FactorKind, factorKinds, factorOf } from "../../casework/portal/second-factor.ts";
import { newSecretToken } from "../../runtime/ids.ts";
import { hashToken } from "../../runtime/warning-link.ts";
import type { Act } from "../../store/act.ts";
import { lockCase, readCaseRecord } from "../../store/case-record.ts";
import type { IssuedDocument } from "../../store/document-store.ts";
import { NotFoundError, RefusedError } from "../../store/errors.ts";
import { lockIncident } from "../../store/incident-row.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { readMaskedRecords } from "../../store/portal-evidence-store.ts";
import { addPartyLink, listPartyLinks, revokePartyLink } from "../../store/portal-link-store.ts";
import { listSubmissions, received } from "../../store/portal-receipt-store.ts";
import { findUpload, readUpload } from "../../store/portal-upload-store.ts";
import type { ApiContext } from "../context.ts";
import { noticeOfCase, noticeOfRecord } from "../documents/record-notice.ts";
import { actOf } from "../http/act.ts";
import { DamagedFileError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { factorHash } from "../portal/link-secrets.ts";
import { caseIdParams } from "../schemas/cases.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import {
  linkListReply,
  linkParams,
  newCaseLinkBody,
  newLinkReply,
  newRecordLinkBody,
  revokeLinkBody,
  revokeLinkReply,
  submissionListReply,
  uploadFileQuery,
  uploadParams,
} from "../schemas/party-links.ts";
import { readIncident } from "./incidents.ts";

const tag = "portal";

export const partyLinkRoutes = [
  defineRoute({
    method: "post",
    path: "/cases/{id}/party-links",
    summary: "Give the party of a case a link; it asks for the end of the phone or plate that is on file",
    tag,
    access: "case.handle",
    params: caseIdParams,
    body: newCaseLinkBody,
    // No schema here: replies of that kind are kept for repeated requests, and a link is kept nowhere.
    reply: null,
    mediaType: "application/json",
    async handle({ context, user, params, body, res }) {
      const act = actOf(context, user);
      const reply = await withTx(context.pool, async (tx) => {
        const record = await lockCase(tx, act, params.id);
        const { file } = record;
        if (!file.handlers.includes(user.userId)) throw new RefusedError(notHandler);
        const number = (body.factor === "phone" ? file.party?.phone : file.party?.plate) ?? null;
        const expiresAt = linkExpiry(act.at, body.days, file.clocks);
        const of = { caseId: file.caseId };
        const notice = (linkId: string) => noticeOfCase(context, tx, act, record, linkId);
        return give(context, tx, act, {
          of,
          region: file.region,
          kind: body.factor,
          number,
          expiresAt,
          notice,
        });
      });
      res.status(201).json(newLinkReply.parse(reply));
    },
  }),
  defineRoute({
    method: "post",
    path: "/incidents/{id}/party-links",
    summary:
      "Give whoever a confirmed record is about a link to it: they see the masked copies and may object",
    tag,
    access: "warning.send",
    params: incidentIdParams,
    body: newRecordLinkBody,
    reply: null,
    mediaType: "application/json",
    async handle({ context, user, params, body, res }) {
      const act = actOf(context, user);
      const reply = await withTx(context.pool, async (tx) => {
        const { incidentId, region } = await lockIncident(tx, act, params.id);
        if ((await readMaskedRecords(tx, [incidentId])).length === 0) throw new RefusedError(notConfirmed);
        const { factor, number, days } = body;
        const expiresAt = linkExpiry(act.at, days, []);
        const of = { incidentId };
        const notice = (linkId: string) => noticeOfRecord(context, tx, act, incidentId, linkId);
        return give(context, tx, act, { of, region, kind: factor, number, expiresAt, notice });
      });
      res.status(201).json(newLinkReply.parse(reply));
    },
  }),
  defineRoute({
    method: "get",
    path: "/cases/{id}/party-links",
    summary: "The links given out for a case, and whether they still open",
    tag,
    access: "case.read",
    params: caseIdParams,
    reply: linkListReply,
    async handle({ context, user, params }) {
      await findCase(context, actOf(context, user), params.id);
      return { items: await listPartyLinks(context.pool, { caseId: params.id }, context.clock.now()) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/incidents/{id}/party-links",
    summary: "The links given out for a record, and whether they still open",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: linkListReply,
    async handle({ context, user, params }) {
      await readIncident(context, actOf(context, user), params.id);
      return { items: await listPartyLinks(context.pool, { incidentId: params.id }, context.clock.now()) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/party-links/{linkId}/revoke",
    summary: "Take a link back: it opens nothing any more, and whoever is in by it is out",
    tag,
    access: "case.handle",
    params: linkParams,
    body: revokeLinkBody,
    reply: revokeLinkReply,
    async handle({ context, user, params, body }) {
      const act = actOf(context, user);
      await withTx(context.pool, (tx) => revokePartyLink(tx, act, params.linkId, body.reason));
      return { revoked: true as const };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cases/{id}/submissions",
    summary: "What the party handed in about a case, over whichever link",
    tag,
    access: "case.read",
    params: caseIdParams,
    reply: submissionListReply,
    async handle({ context, user, params }) {
      await findCase(context, actOf(context, user), params.id);
      return { items: withNames(await listSubmissions(context.pool, { caseId: params.id })) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/incidents/{id}/submissions",
    summary: "What was handed in about a record: answers, objections, files",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: submissionListReply,
    async handle({ context, user, params }) {
      await readIncident(context, actOf(context, user), params.id);
      return { items: withNames(await listSubmissions(context.pool, { incidentId: params.id })) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/party-uploads/{uploadId}/file",
    summary:
      "A file that a party sent: always to be saved, never shown here, for nobody has looked for viruses",
    tag,
    access: "case.handle",
    params: uploadParams,
    query: uploadFileQuery,
    reply: null,
    async handle({ context, user, params, query, res }) {
      const upload = await findUpload(context.pool, user.regions, params.uploadId);
      if (upload === undefined || (query.variant === "copy" && upload.copySha256 === null))
        throw new NotFoundError("upload", params.uploadId);
      const bytes = await readUpload(context.objects, upload, query.variant);
      if (bytes === null) throw new DamagedFileError(`Upload ${params.uploadId} is damaged 材料文件已损坏`);
      res
        .set({
          // Whatever it is, no browser runs or shows it.
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(upload.name)}`,
          "content-security-policy": "sandbox; default-src 'none'",
          "x-forewarn-virus-checked": String(upload.virusChecked),
          "cache-control": "private, no-store",
        })
        .send(bytes);
    },
  }),
];

interface Giving {
  readonly of: { readonly caseId: string } | { readonly incidentId: string };
  readonly region: string;
  readonly kind: FactorKind;
  readonly number: string | null;
  readonly expiresAt: number;
  /** Issues the notice of the record (D16) that goes with the link; null: there is none to issue. */
  readonly notice: (linkId: string) => Promise<IssuedDocument | null>;
}

/** The token leaves once, in the address behind `#`, which browsers send to nobody. */
async function give(context: ApiContext, tx: Tx, act: Act, giving: Giving) {
  const { of, region, kind, number, expiresAt } = giving;
  const factor = factorOf(kind, number);
  if (factor === null) throw new RefusedError(noFactor(kind));
  const linkId = act.newId("plk");
  const token = newSecretToken();
  const notice = await giving.notice(linkId);
  await addPartyLink(tx, act, {
    linkId,
    tokenHash: hashToken(token),
    of,
    region,
    factorKind: kind,
    factorHash: factorHash(context.linkSecret, linkId, factor),
    expiresAt,
    noticeDocId: notice?.docId ?? null,
  });
  return {
    linkId,
    url: `${context.config.publicUrl}/portal#${token}`,
    factorKind: kind,
    asksZh: factorKinds[kind].zh,
    expiresAt: new Date(expiresAt).toISOString(),
    notice: notice && { docId: notice.docId, number: notice.number },
  };
}

async function findCase(context: ApiContext, act: Act, caseId: string): Promise<void> {
  if ((await readCaseRecord(context.pool, act, caseId)) === undefined)
    throw new NotFoundError("case", caseId);
}

function withNames(receipts: Awaited<ReturnType<typeof listSubmissions>>) {
  return receipts.map((receipt) => ({ ...receipt, whatZh: received[receipt.what] }));
}

const notHandler = {
  code: "portal.not_handler",
  messageZh: "只有本案承办人员可以向当事人发送链接，请由承办人员办理。",
  messageEn: "Only an officer who handles the case gives the party a link.",
};

const notConfirmed = {
  code: "portal.record_not_confirmed",
  article: "xzcf:41(2)",
  messageZh: "该监控记录尚未审核确认，不能告知当事人，请先审核。",
  messageEn: "Nobody has confirmed this record yet; review it before anybody is told.",
};

function noFactor(kind: FactorKind) {
  return {
    code: "portal.no_factor",
    messageZh: `没有可用的${factorKinds[kind].zh}，请先补充当事人信息或者改用其他验证方式。`,
    messageEn: `There is no number on file to take the ${factorKinds[kind].en} from; add it or ask for the other one.`,
  };
}

import type { CaseStep } from "../../casework/case/step-input.ts";
import { localDate } from "../../casework/local-time.ts";
import { objectionText } from "../../casework/portal/objection.ts";
import { openPartySteps, refuseSignature, statementAbout } from "../../casework/portal/party-steps.ts";
import type { Act } from "../../store/act.ts";
import { lockCase } from "../../store/case-record.ts";
import { takeCaseStep } from "../../store/case-store.ts";
import { NotFoundError, RefusedError } from "../../store/errors.ts";
import type { Tx } from "../../store/pool.ts";
import { lockSubject, type PartyLink } from "../../store/portal-link-store.ts";
import { countSubmissions, type ReceivedKind } from "../../store/portal-receipt-store.ts";
import { TooManyAttemptsError } from "../http/errors.ts";
import { definePortalRoute, type PortalContext } from "./portal-route.ts";
import { noteForOfficers, receive } from "./receive.ts";
import {
  addressBody,
  answerBody,
  hearingBody,
  humanBody,
  receiptReply,
  reviewBody,
  revocationBody,
  statementBody,
} from "./schemas.ts";

const DAY_MS = 86_400_000;
const given = { method: "post", reply: receiptReply, status: 201 } as const;

export const submitRoutes = [
  definePortalRoute({
    ...given,
    path: "/answers",
    summary: "Answer, or object to the record with a ground (wrong plate, emergency, permit, defect …)",
    access: "any",
    body: answerBody,
    handle: (call) => {
      const { context, link, body } = call;
      const { text, ground } = body;
      const what = ground === undefined ? "answer" : "objection";
      const words = ground === undefined ? text : objectionText(ground, text);
      return receive(call, what, body, (tx, act, receiptId) =>
        hear(context, tx, act, { link, what, receiptId }, words, "record"),
      );
    },
  }),
  definePortalRoute({
    ...given,
    path: "/statements",
    summary: "State and defend (陈述申辩): never turned away, and never a reason for a heavier penalty",
    access: "case",
    body: statementBody,
    handle: (call) => {
      const { context, link, body } = call;
      return receive(call, "statement", body, (tx, act, receiptId) =>
        hear(context, tx, act, { link, what: "statement", receiptId }, body.text, body.about),
      );
    },
  }),
  definePortalRoute({
    ...given,
    path: "/hearing-request",
    summary: "Ask for a hearing (听证); free of charge",
    access: "case",
    body: hearingBody,
    handle: (call) => {
      const { context, link, body } = call;
      return receive(call, "hearing_request", body, async (tx, act, receiptId) => {
        await step(context, tx, act, link, { step: "request_hearing" });
        if (body.note !== undefined)
          await noteForOfficers(tx, act, link, { action: "portal_hearing_note", detail: { receiptId } });
        return {};
      });
    },
  }),
  definePortalRoute({
    ...given,
    path: "/human",
    summary: "Ask for a person, or for an explanation of how it came about (个人信息保护法 24)",
    access: "any",
    body: humanBody,
    handle: (call) => {
      const { link, body } = call;
      const { topic } = body;
      return receive(call, "human_request", body, async (tx, act, receiptId) => {
        const detail = { topic, receiptId };
        await noteForOfficers(tx, act, link, { action: "portal_person_asked", detail });
        return {};
      });
    },
  }),
  definePortalRoute({
    ...given,
    path: "/review",
    summary:
      "Apply for administrative review (行政复议) through this agency, which forwards it in five working days",
    access: "case",
    body: reviewBody,
    handle: (call) => {
      const { context, link, body } = call;
      return receive(call, "review_application", body, async (tx, act, receiptId) => {
        const filedOn = localDate(act.at);
        await step(context, tx, act, link, { step: "file_review", filedOn, via: "this_agency" });
        await noteForOfficers(tx, act, link, { action: "portal_review_text", detail: { receiptId } });
        return { filedOn };
      });
    },
  }),
  definePortalRoute({
    ...given,
    path: "/address-confirmation",
    summary:
      "Agree to be served by phone or mail (送达地址确认); not needed for anything, and can be taken back",
    access: "case",
    body: addressBody,
    handle: (call) => {
      const { context, link, body } = call;
      return receive(call, "address_confirmation", body, async (tx, act) => {
        const { file } = await lockCase(tx, act, link.caseId ?? "");
        const fault = refuseSignature(file, body.signedName);
        if (fault !== null) throw new RefusedError(fault);
        const signedOn = localDate(act.at);
        await step(context, tx, act, link, { step: "confirm_address", channels: body.channels, signedOn });
        return { signedOn };
      });
    },
  }),
  definePortalRoute({
    ...given,
    path: "/address-confirmation/revoke",
    summary: "Take the agreement back: from now on papers come as the law says",
    access: "case",
    body: revocationBody,
    handle: (call) => {
      const { context, link } = call;
      return receive(call, "address_revocation", {}, async (tx, act) => {
        await step(context, tx, act, link, { step: "revoke_address" });
        return {};
      });
    },
  }),
];

interface Submitted {
  readonly link: PartyLink;
  readonly what: "answer" | "objection" | "statement";
  readonly receiptId: string;
}

/** Words become a statement of the case where its state takes one; whatever the state, they are kept and seen. */
async function hear(
  context: PortalContext,
  tx: Tx,
  act: Act,
  { link, what, receiptId }: Submitted,
  text: string,
  about?: "notice" | "urging" | "record",
): Promise<object> {
  await refuseFlood(tx, act, await lockSubject(tx, act, link));
  if (link.caseId !== null) {
    const { file } = await lockCase(tx, act, link.caseId);
    if (openPartySteps(file).includes("statement")) {
      const statement = {
        step: "receive_statement",
        about: about ?? statementAbout(file),
        text,
        via: "portal",
      } as const;
      await step(context, tx, act, link, statement);
      return { recordedAs: "statement" };
    }
  }
  await noteForOfficers(tx, act, link, { action: `portal_${what}`, detail: { receiptId } });
  return { recordedAs: "message" };
}

/** Over every link of a case or record, on one day: what nobody can read any more helps no party. */
const MOST_A_DAY = 20;
const WORDS: readonly ReceivedKind[] = ["answer", "objection", "statement"];

async function refuseFlood(tx: Tx, act: Act, of: Parameters<typeof countSubmissions>[1]): Promise<void> {
  const today = Date.parse(`${localDate(act.at)}T00:00:00+08:00`);
  if ((await countSubmissions(tx, of, WORDS, new Date(today))) < MOST_A_DAY) return;
  throw new TooManyAttemptsError(
    `${MOST_A_DAY} were taken today; go on tomorrow, or at the office or by mail 今日提交的陈述申辩已达${MOST_A_DAY}件，请明日再提交，或者当面或者邮寄向机关提交`,
    Math.ceil((today + DAY_MS - act.at) / 1_000),
  );
}

async function step(
  context: PortalContext,
  tx: Tx,
  act: Act,
  link: PartyLink,
  taken: CaseStep,
): Promise<void> {
  if (link.caseId === null) throw new NotFoundError("case", "");
  await takeCaseStep(tx, act, context.casework, { caseId: link.caseId, step: taken });
}

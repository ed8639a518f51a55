import { localDate } from "../../casework/local-time.ts";
import { findCamera } from "../../store/camera-read-model.ts";
import { findCaseSummary } from "../../store/case-read-model.ts";
import {
  findDocument,
  listCameraDocuments,
  listCaseDocuments,
  listIncidentDocuments,
  readDocumentFile,
} from "../../store/document-read-model.ts";
import { voidDocument } from "../../store/document-store.ts";
import { withTx } from "../../store/pool.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { DamagedFileError, NotFoundError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import type { SignedInUser } from "../http/session.ts";
import { cameraIdParams } from "../schemas/cameras.ts";
import { caseIdParams } from "../schemas/cases.ts";
import {
  documentIdParams,
  documentListReply,
  documentReply,
  voidDocumentBody,
} from "../schemas/documents.ts";
import { incidentIdParams } from "../schemas/incidents.ts";
import { readIncident } from "./incidents.ts";

const tag = "documents";

async function readDocument(context: ApiContext, user: SignedInUser, docId: string) {
  const document = await findDocument(context.pool, user.regions, docId);
  if (!document) throw new NotFoundError(`There is no document ${docId} in your regions.`);
  return document;
}

export const documentRoutes = [
  defineRoute({
    method: "get",
    path: "/cases/{id}/documents",
    summary: "Every document (文书) of a case and of the incidents it comes from, oldest first",
    tag,
    access: "case.read",
    params: caseIdParams,
    reply: documentListReply,
    async handle({ context, user, params }) {
      if (!(await findCaseSummary(context.pool, user.regions, params.id)))
        throw new NotFoundError(`There is no case ${params.id} in your regions.`);
      return { items: await listCaseDocuments(context.pool, params.id) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/incidents/{id}/documents",
    summary: "The documents of an incident itself: orders, records of warnings, notices, call-ups",
    tag,
    access: "incident.read",
    params: incidentIdParams,
    reply: documentListReply,
    async handle({ context, user, params }) {
      await readIncident(context, actOf(context, user), params.id);
      return { items: await listIncidentDocuments(context.pool, params.id) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/cameras/{id}/documents",
    summary: "The forms of a camera's reviews (N21, N22), oldest first",
    tag,
    access: "camera.read",
    params: cameraIdParams,
    reply: documentListReply,
    async handle({ context, user, params }) {
      const today = localDate(context.clock.now());
      if ((await findCamera(context.pool, user.regions, params.id, today)) === undefined)
        throw new NotFoundError(`There is no camera ${params.id} in your regions.`);
      return { items: await listCameraDocuments(context.pool, params.id) };
    },
  }),
  defineRoute({
    method: "get",
    path: "/documents/{id}",
    summary: "One document as structured data",
    tag,
    access: "case.read",
    params: documentIdParams,
    reply: documentReply,
    handle: ({ context, user, params }) => readDocument(context, user, params.id),
  }),
  defineRoute({
    method: "get",
    path: "/documents/{id}/file",
    summary: "The document as it was issued (PDF); refused when its sha256 no longer fits",
    tag,
    access: "case.read",
    params: documentIdParams,
    reply: null,
    async handle({ context, user, params, res }) {
      const document = await readDocument(context, user, params.id);
      const pdf = await readDocumentFile(context.casework.objects, document);
      if (pdf === null)
        throw new DamagedFileError(
          `The file of document ${params.id} is not the one that was issued 文书文件已损坏`,
        );
      const name = encodeURIComponent(`${document.title}${document.number ?? ""}.pdf`);
      res
        .set({
          "content-type": "application/pdf",
          "content-disposition": `inline; filename*=UTF-8''${name}`,
          etag: `"${document.pdfSha256}"`,
          "cache-control": "private, no-store",
        })
        .send(pdf);
    },
  }),
  defineRoute({
    method: "post",
    path: "/documents/{id}/void",
    summary: "Void a number (作废): it stays on record as void, with the reason",
    tag,
    access: "case.approve",
    params: documentIdParams,
    body: voidDocumentBody,
    reply: documentReply,
    async handle({ context, user, params, body }) {
      const document = await readDocument(context, user, params.id);
      await withTx(context.pool, (tx) => voidDocument(tx, actOf(context, user), document, body.reason));
      return readDocument(context, user, params.id);
    },
  }),
];

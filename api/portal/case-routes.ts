import { decisionServedOn } from "../../casework/case/decision-in-force.ts";
import { documentCodes } from "../../casework/documents/document-codes.ts";
import { partyDocuments } from "../../casework/portal/party-documents.ts";
import { partyAmount, partyCaseView } from "../../casework/portal/party-view.ts";
import { findDocument, readDocumentFile } from "../../store/document-read-model.ts";
import { NotFoundError } from "../../store/errors.ts";
import { readMaskedRecords } from "../../store/portal-evidence-store.ts";
import { DamagedFileError } from "../http/errors.ts";
import { caseOfLink } from "./case-of-link.ts";
import { definePortalRoute } from "./portal-route.ts";
import { caseReply, documentParams, paymentReply } from "./schemas.ts";

export const caseRoutes = [
  definePortalRoute({
    method: "get",
    path: "/case",
    summary:
      "The party's case in plain words: where it stands, their deadlines, documents, evidence and amounts",
    access: "case",
    reply: caseReply,
    async handle({ context, link }) {
      const { file, facts } = await caseOfLink(context, link);
      const view = partyCaseView(file, facts);
      const records = await readMaskedRecords(context.pool, view.records);
      return {
        ...view,
        startedAt: new Date(view.startedAt).toISOString(),
        clocks: [...view.clocks],
        documents: view.documents.map((document) => ({
          ...document,
          title: documentCodes[document.code].zh,
        })),
        records: records.map(({ files, ...record }) => ({ ...record, files: [...files] })),
        statements: [...view.statements],
        mayNow: [...view.mayNow],
      };
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/documents/{docId}/file",
    summary: "A document that was served on the party (PDF)",
    access: "case",
    params: documentParams,
    reply: null,
    async handle({ context, link, params, res }) {
      const { file } = await caseOfLink(context, link);
      const theirs = partyDocuments(file).find(({ docId }) => docId === params.docId);
      const document = theirs && (await findDocument(context.pool, [link.region], theirs.docId));
      if (document === undefined || document.caseId !== file.caseId)
        throw new NotFoundError("document", params.docId);
      const pdf = await readDocumentFile(context.objects, document);
      if (pdf === null) throw new DamagedFileError(`The file of document ${params.docId} is damaged.`);
      const name = encodeURIComponent(`${document.title}${document.number ?? ""}.pdf`);
      res
        .set({
          "content-type": "application/pdf",
          "content-disposition": `inline; filename*=UTF-8''${name}`,
          etag: `"${document.pdfSha256}"`,
        })
        .send(pdf);
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/payment",
    summary: "What is owed today with the surcharge, and the code for the bank; the agency takes no money",
    access: "case",
    reply: paymentReply,
    async handle({ context, link }) {
      const { file, facts } = await caseOfLink(context, link);
      if (decisionServedOn(file) === null || file.payment === null)
        return { due: false, code: null, payee: null, amount: null };
      const amount = partyAmount(file, facts.today, facts);
      const due = amount === null || amount.unpaidFen > 0;
      const code = due ? await context.payments.createCode(file.caseId, amount?.unpaidFen ?? 0) : null;
      return { due, code, payee: facts.agency.payee, amount };
    },
  }),
];

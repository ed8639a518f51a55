import { createHash } from "node:crypto";
import type { CaseFile } from "../casework/case/case-file.ts";
import { type DocumentDraft, documentCodes } from "../casework/documents/document-codes.ts";
import { formatDocumentNumber } from "../casework/documents/document-number.ts";
import type { Refusal } from "../casework/refusal.ts";
import { type Act, userIdOf } from "./act.ts";
import { lockCase } from "./case-record.ts";
import type { DocumentFacts, DocumentPress } from "./document-press.ts";
import { RefusedError } from "./errors.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** Where a document's file lies inside its object: among the originals, which are encrypted at rest. */
const DOCUMENT_NAME = "document.pdf";
export const DOCUMENT_PATH = `originals/${DOCUMENT_NAME}`;

export interface IssuedDocument {
  readonly docId: string;
  readonly code: DocumentDraft["code"];
  readonly number: string | null;
  readonly title: string;
  readonly pdfSha256: string;
}

export interface IssueTools {
  readonly press: DocumentPress;
  readonly objects: ObjectStore;
}

/**
 * Issues one document inside the step's transaction: number, file, row, all or nothing. The series' counter stays locked
 * until the transaction ends and rolls back with it, so that numbers have no gaps and no doubles. A file whose transaction
 * failed is left behind under an id nobody knows. Throws `RefusedError` when a field is missing.
 */
export async function issueDocument(
  tx: Tx,
  act: Act,
  tools: IssueTools,
  input: {
    readonly draft: DocumentDraft;
    readonly file: CaseFile | null;
    readonly incidentId: string | null;
    /** Of a document about a camera; it has neither case nor incident. */
    readonly cameraId?: string;
    readonly facts: DocumentFacts;
  },
): Promise<IssuedDocument> {
  const { draft, file, facts } = input;
  const { mark } = documentCodes[draft.code];
  const year = Number(facts.today.slice(0, 4));
  const seq = mark === null ? null : await nextSeq(tx, facts.agency.agency, mark, year);
  const number =
    mark === null || seq === null
      ? null
      : formatDocumentNumber({
          agencyPrefix: facts.agency.numberPrefix,
          mark,
          year,
          seq,
          zeroPadding: facts.parameters.get("documents.zeroPadding"),
        });
  const pressed = await tools.press({ draft, file, facts, number, issuedOn: facts.today });
  const pdfSha256 = createHash("sha256").update(pressed.pdf).digest("hex");
  // From memory: a document names people, and lies in plain on no disk.
  await tools.objects.keepOriginal(draft.docId, DOCUMENT_NAME, pressed.pdf);
  await tx.query(
    `insert into documents (id, case_id, incident_id, camera_id, code, template_version, agency_id, mark, year, seq, number,
       title, data, pdf_sha256, size_bytes, issued_by, issued_on, issued_at, replaces)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      draft.docId,
      file?.caseId ?? null,
      input.incidentId,
      input.cameraId ?? null,
      draft.code,
      pressed.templateVersion,
      facts.agency.agency,
      mark,
      mark === null ? null : year,
      seq,
      number,
      pressed.title,
      JSON.stringify(pressed.data),
      pdfSha256,
      pressed.pdf.length,
      userIdOf(act.actor),
      facts.today,
      new Date(act.at),
      draft.replaces ?? null,
    ],
  );
  return { docId: draft.docId, code: draft.code, number, title: pressed.title, pdfSha256 };
}

/**
 * A document that must not be used stays on record as void, and its number with it. One that was served can only be
 * replaced or revoked by another document. Throws `RefusedError`.
 */
export async function voidDocument(
  tx: Tx,
  act: Act,
  document: { readonly docId: string; readonly caseId: string | null },
  reason: string,
): Promise<void> {
  if (document.caseId === null) throw new RefusedError(notVoidable);
  const { file } = await lockCase(tx, act, document.caseId);
  const served = file.services.some(
    (service) => service.docId === document.docId && service.outcome !== "failed",
  );
  const { rowCount } = served
    ? { rowCount: 0 }
    : await tx.query(
        `update documents set voided_at = $2, voided_by = $3, void_reason = $4
         where documents.id = $1 and documents.voided_at is null`,
        [document.docId, new Date(act.at), userIdOf(act.actor), reason],
      );
  if (rowCount === 0) throw new RefusedError(notVoidable);
  await appendTimeline(tx, act, {
    kind: "case",
    id: document.caseId,
    action: "void_document",
    from: null,
    to: null,
    why: reason,
    detail: { docId: document.docId },
  });
}

const notVoidable: Refusal = {
  code: "document.not_voidable",
  messageZh: "该文书已送达或者已作废，不能再作废；已送达的文书只能以新的文书变更或撤销。",
  messageEn: "It was served or is void already: a served document is changed or revoked by another one.",
};

async function nextSeq(tx: Tx, agencyId: string, mark: string, year: number): Promise<number> {
  const { rows } = await tx.query<{ seq: number }>(
    `insert into document_counters as counters (agency_id, mark, year, last_seq) values ($1, $2, $3, 1)
     on conflict (agency_id, mark, year) do update set last_seq = counters.last_seq + 1
     returning counters.last_seq as seq`,
    [agencyId, mark, year],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("the document number counter returned nothing");
  return row.seq;
}

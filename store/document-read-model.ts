import { createHash } from "node:crypto";
import type { CaseDocument, CaseFile } from "../casework/case/case-file.ts";
import type { DocumentCode } from "../casework/documents/document-codes.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { DOCUMENT_PATH } from "./document-store.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Queryable } from "./pool.ts";

export interface DocumentSummary {
  readonly docId: string;
  readonly caseId: string | null;
  readonly incidentId: string | null;
  readonly cameraId: string | null;
  readonly code: DocumentCode;
  readonly number: string | null;
  readonly title: string;
  readonly templateVersion: string;
  readonly issuedOn: string;
  readonly issuedAt: string;
  readonly pdfSha256: string;
  readonly sizeBytes: number;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly voidedAt: string | null;
}

export interface DocumentDetail extends DocumentSummary {
  readonly data: Record<string, unknown>;
}

interface Row extends Omit<DocumentDetail, "issuedAt" | "voidedAt"> {
  readonly issuedAt: Date;
  readonly voidedAt: Date | null;
}

const COLUMNS = `documents.id as "docId", documents.case_id as "caseId", documents.incident_id as "incidentId",
  documents.camera_id as "cameraId", documents.code, documents.number, documents.title, documents.template_version as "templateVersion",
  documents.issued_on::text as "issuedOn", documents.issued_at as "issuedAt", documents.pdf_sha256 as "pdfSha256",
  documents.size_bytes::float8 as "sizeBytes", documents.replaces, documents.data,
  documents.voided_at as "voidedAt",
  (select later.id from documents as later where later.replaces = documents.id) as "replacedBy"`;

/**
 * The documents of one case and of the incidents it comes from, oldest first. Ask only for a case already found in scope.
 */
export function listCaseDocuments(db: Queryable, caseId: string): Promise<DocumentSummary[]> {
  return list(
    db,
    `documents.case_id = $1 or documents.incident_id in (
       select jsonb_array_elements_text(cases.file -> 'incidentIds') from cases where cases.id = $1)`,
    caseId,
  );
}

/** The documents of an incident itself, oldest first: before it became a case. Ask only for one already found in scope. */
export function listIncidentDocuments(db: Queryable, incidentId: string): Promise<DocumentSummary[]> {
  return list(db, "documents.incident_id = $1", incidentId);
}

/** The forms of a camera's reviews, oldest first. Ask only for a camera already found in scope. */
export function listCameraDocuments(db: Queryable, cameraId: string): Promise<DocumentSummary[]> {
  return list(db, "documents.camera_id = $1", cameraId);
}

async function list(db: Queryable, where: string, id: string): Promise<DocumentSummary[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from documents where ${where} order by documents.issued_at, documents.id`,
    [id],
  );
  return rows.map((row) => {
    const { data, ...summary } = toDetail(row);
    return summary;
  });
}

/** What belongs to a case without being of its file: the documents of its incidents and of its supervision. */
export async function readDocumentsBeside(
  db: Queryable,
  file: Pick<CaseFile, "caseId" | "incidentIds" | "documents">,
): Promise<CaseDocument[]> {
  const { rows } = await db.query<CaseDocument>(
    `select documents.id as "docId", documents.code, documents.issued_on::text as "issuedOn", documents.number,
       documents.replaces
     from documents
     where (documents.case_id = $1 or documents.incident_id = any ($2)) and documents.id <> all ($3)
     order by documents.issued_at, documents.id`,
    [file.caseId, file.incidentIds, file.documents.map(({ docId }) => docId)],
  );
  return rows;
}

/** One document with its data; undefined when there is none or it lies outside the scope. */
export async function findDocument(
  db: Queryable,
  scope: RegionScope,
  docId: string,
): Promise<DocumentDetail | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from documents
     left join cases on cases.id = documents.case_id
     left join incidents on incidents.id = documents.incident_id
     left join cameras on cameras.id = documents.camera_id
     where documents.id = $1 and ${inScope("coalesce(cases.region, incidents.region, cameras.region)", "$2")}`,
    [docId, scopePrefixes(scope)],
  );
  return rows[0] === undefined ? undefined : toDetail(rows[0]);
}

function toDetail(row: Row): DocumentDetail {
  return { ...row, issuedAt: iso(row.issuedAt), voidedAt: isoOrNull(row.voidedAt) };
}

/** The file of a document, whole. Null when it is gone or not the one that was issued. */
export async function readDocumentFile(
  objects: ObjectStore,
  document: Pick<DocumentSummary, "docId" | "pdfSha256" | "sizeBytes">,
): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    const end = document.sizeBytes - 1;
    for await (const chunk of objects.read(document.docId, DOCUMENT_PATH, { start: 0, end }))
      chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  const bytes = Buffer.concat(chunks);
  return createHash("sha256").update(bytes).digest("hex") === document.pdfSha256 ? bytes : null;
}

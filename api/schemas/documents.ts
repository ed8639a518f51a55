import { z } from "zod";
import { type DocumentCode, documentCodes } from "../../casework/documents/document-codes.ts";
import { enumOf, instant, plainText } from "./common.ts";

export const documentIdParams = z.object({ id: plainText().min(1).max(80) });

const summary = z.object({
  docId: z.string(),
  caseId: z.string().nullable(),
  incidentId: z.string().nullable(),
  cameraId: z.string().nullable(),
  code: enumOf<DocumentCode>(documentCodes),
  number: z.string().nullable(),
  title: z.string(),
  templateVersion: z.string(),
  issuedOn: z.string().meta({ format: "date" }),
  issuedAt: instant,
  pdfSha256: z.string(),
  sizeBytes: z.number().int(),
  replaces: z.string().nullable(),
  replacedBy: z.string().nullable(),
  voidedAt: instant.nullable(),
});

export const documentListReply = z.object({ items: z.array(summary) }).meta({ id: "DocumentList" });
export const documentReply = summary
  .extend({
    data: z.record(z.string(), z.unknown()).meta({ description: "The document as structured data" }),
  })
  .meta({ id: "Document" });
export const voidDocumentBody = z.strictObject({ reason: plainText().trim().min(1).max(1000) });

import type { DocumentDraft } from "../casework/documents/document-codes.ts";
import type { Act } from "./act.ts";
import { type CaseRecord, updateCase } from "./case-record.ts";
import type { CaseTools } from "./case-store.ts";
import { readDocumentsBeside } from "./document-read-model.ts";
import { type IssuedDocument, issueDocument } from "./document-store.ts";
import type { Tx } from "./pool.ts";
import { readStepFacts } from "./step-facts.ts";

/**
 * Issues a document of a case outside the steps of its table and puts it into the file. Call it with the case locked and say
 * on its timeline why. Throws `RefusedError` where a field is missing.
 */
export async function addCaseDocument(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  before: CaseRecord,
  draft: DocumentDraft,
): Promise<IssuedDocument> {
  const facts = await readStepFacts(tx, act, before.file, { book: tools.book });
  const { docId, code, replaces = null } = draft;
  const listed = { docId, code, issuedOn: facts.today, number: null, replaces };
  const file = { ...before.file, documents: [...before.file.documents, listed] };
  const issued = await issueDocument(tx, act, tools, {
    draft,
    file,
    incidentId: null,
    facts: { ...facts, besideCase: await readDocumentsBeside(tx, file) },
  });
  const documents = [...before.file.documents, { ...listed, number: issued.number }];
  await updateCase(tx, before, { ...before.file, documents });
  return issued;
}

import type { CaseFile } from "../../casework/case/case-file.ts";
import { documentCodes } from "../../casework/documents/document-codes.ts";
import type { Case } from "./case-api.ts";

/** ` · 行政处罚事先告知书` for what is about a document of the case; empty for what is about the case itself. */
export function caseDocumentTitle(file: CaseFile, subject: string): string {
  const order = file.orders.find(({ orderId }) => orderId === subject);
  const docId = order?.docId ?? subject;
  const found = file.documents.find((document) => document.docId === docId);
  return found === undefined ? "" : ` · ${documentCodes[found.code].zh}`;
}

/** The names of everybody the case names, and of who looks at it; an id nobody is known by is shown as it is. */
export function namesOf(shown: Case, me: { readonly userId: string; readonly displayName: string }) {
  const names = new Map(
    [...shown.people, ...shown.colleagues, me].map(({ userId, displayName }) => [userId, displayName]),
  );
  return {
    all: [...names.entries()],
    of: (userId: string | null): string => (userId === null ? "" : (names.get(userId) ?? userId)),
  };
}

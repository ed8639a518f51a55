import type { CaseFile } from "../casework/case/case-file.ts";
import { documentDraftOf } from "../casework/supervision/item-document.ts";
import type { Act } from "./act.ts";
import { lockCase } from "./case-record.ts";
import type { CaseTools } from "./case-store.ts";
import type { DocumentFacts } from "./document-press.ts";
import { type IssuedDocument, type IssueTools, issueDocument } from "./document-store.ts";
import { NotFoundError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { readStepFacts } from "./step-facts.ts";

/**
 * Issues the letter of an item that was just raised (N20, 督办单). It is listed with the case and stays out of its file, which
 * supervision does not alter. Null while the item has no due date, because the calendar of its year is not loaded.
 */
export async function issueLetter(
  tx: Tx,
  act: Act,
  tools: IssueTools,
  about: { readonly itemId: string; readonly file: CaseFile; readonly facts: DocumentFacts },
): Promise<IssuedDocument | null> {
  const { itemId, file, facts } = about;
  const item = await readItem(tx, itemId);
  const { dueOn } = item;
  if (dueOn === null) return null;
  const draft = documentDraftOf({ ...item, dueOn }, act.newId("doc"));
  return issueDocument(tx, act, tools, { draft, file, incidentId: null, facts });
}

/** The same for an item that a supervisor raised, who has not read the case for it. */
export async function issueLetterOf(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  { itemId, caseId }: { readonly itemId: string; readonly caseId: string },
): Promise<IssuedDocument | null> {
  const { file } = await lockCase(tx, act, caseId);
  const facts = await readStepFacts(tx, act, file, { book: tools.book });
  return issueLetter(tx, act, tools, { itemId, file, facts });
}

interface ItemRow {
  readonly checkCode: string;
  readonly messageZh: string;
  readonly dueOn: string | null;
  readonly supervisor: string | null;
  readonly reply: string | null;
}

async function readItem(tx: Tx, itemId: string): Promise<ItemRow> {
  const { rows } = await tx.query<ItemRow>(
    `select items.check_code as "checkCode", items.message_zh as "messageZh", items.due_on::text as "dueOn",
       users.display_name as supervisor, items.reply
     from supervision_items as items left join users on users.id = items.raised_by where items.id = $1`,
    [itemId],
  );
  if (rows[0] === undefined) throw new NotFoundError("supervision item", itemId);
  return rows[0];
}

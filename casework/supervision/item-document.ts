import type { LocalDate } from "../clocks/clock.ts";
import type { DocumentDraft } from "../documents/document-codes.ts";
import { findCheck } from "./checks.ts";
import { MANUAL } from "./item.ts";

/** An item (督办事项) as its letter tells of it. */
export interface RaisedItem {
  readonly checkCode: string;
  readonly messageZh: string;
  readonly dueOn: LocalDate;
  /** Name of whoever raised it; null: a check of the system did. */
  readonly supervisor: string | null;
  readonly reply: string | null;
}

/** N20, the letter (督办单) of a raised item. Its reply stands in it once there is one. */
export function documentDraftOf(item: RaisedItem, docId: string): DocumentDraft {
  const { checkCode, messageZh, dueOn, supervisor, reply } = item;
  return {
    docId,
    code: "N20",
    fields: {
      checkCode: checkCode === MANUAL ? "人工督办" : checkCode,
      checkName: findCheck(checkCode)?.zh ?? null,
      finding: messageZh,
      request: "请核查上述问题，依法处理，并在办理期限内书面答复。",
      dueOn,
      supervisor: supervisor ?? "系统自动检查",
      reply,
    },
  };
}

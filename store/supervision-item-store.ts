import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Refusal } from "../casework/refusal.ts";
import { type Permission, refuseWithout } from "../casework/roles.ts";
import {
  type ItemOutcome,
  type ItemStanding,
  MANUAL,
  refuseClosing,
  refuseReply,
} from "../casework/supervision/item.ts";
import { type Act, inScope, scopePrefixes, userIdOf } from "./act.ts";
import { lockCase } from "./case-record.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { supervisedOverlay } from "./supervision-store.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface NewItem {
  readonly caseId: string;
  /** What a supervisor has seen, in full sentences. */
  readonly finding: string;
  /** Where it can be verified: ids of evidence and documents, dates. */
  readonly references: readonly string[];
  readonly dueOn: LocalDate | null;
}

/** A supervisor raises an item by hand. Throws `NotFoundError`, `RefusedError`. Returns its id. */
export async function raiseItem(tx: Tx, act: Act, item: NewItem): Promise<string> {
  refuse(refuseWithoutRight("supervision.raise", act));
  const { file } = await lockCase(tx, act, item.caseId);
  if (file.state === "archived") throw new RefusedError(caseArchived);
  const itemId = act.newId("svi");
  await tx.query(
    `insert into supervision_items (id, case_id, region, check_code, finding_key, evidence, message_zh, message_en,
       owner, due_on, state, raised_by, raised_at)
     values ($1, $2, $3, $4, $1, $5, $6, $6, (select users.id from users where users.id = $7), $8, 'open', $9, $10)`,
    [
      itemId,
      file.caseId,
      file.region,
      MANUAL,
      JSON.stringify({ references: item.references }),
      item.finding,
      file.handlers[0] ?? null,
      item.dueOn,
      userIdOf(act.actor),
      new Date(act.at),
    ],
  );
  await appendTimeline(tx, act, {
    kind: "case",
    id: file.caseId,
    action: "supervision_raise",
    from: null,
    to: null,
    why: item.finding,
    detail: { itemId, check: MANUAL, dueOn: item.dueOn },
  });
  await supervisedOverlay(tx, act, file.caseId);
  return itemId;
}

/** The unit's answer. A later one takes the place of an earlier one; the timeline keeps both. */
export async function replyToItem(tx: Tx, act: Act, itemId: string, reply: string): Promise<void> {
  refuse(refuseWithoutRight("supervision.answer", act));
  const item = await lockItem(tx, act, itemId);
  refuse(refuseReply(item, act.actor, reply));
  await tx.query(
    `update supervision_items set state = 'answered', reply = $2, replied_by = $3, replied_at = $4
     where supervision_items.id = $1`,
    [itemId, reply, userIdOf(act.actor), new Date(act.at)],
  );
  await tellCase(tx, act, item, "supervision_answer", reply, { itemId });
}

export interface Closing {
  readonly outcome: ItemOutcome;
  readonly note: string;
}

/** 销号. With the last item of a case its flag goes too. */
export async function closeItem(tx: Tx, act: Act, itemId: string, closing: Closing): Promise<void> {
  refuse(refuseWithoutRight("supervision.close", act));
  const item = await lockItem(tx, act, itemId);
  refuse(refuseClosing(item, act.actor, closing));
  await tx.query(
    `update supervision_items set state = 'closed', outcome = $2, outcome_note = $3, closed_by = $4, closed_at = $5
     where supervision_items.id = $1`,
    [itemId, closing.outcome, closing.note, userIdOf(act.actor), new Date(act.at)],
  );
  await tellCase(tx, act, item, "supervision_close", closing.note, { itemId, outcome: closing.outcome });
  await supervisedOverlay(tx, act, item.caseId);
}

interface LockedItem extends ItemStanding {
  readonly caseId: string;
}

/** The case first, as everything that writes to its timeline does; then the item. */
async function lockItem(tx: Tx, act: Act, itemId: string): Promise<LockedItem> {
  const { rows: found } = await tx.query<{ caseId: string }>(
    `select items.case_id as "caseId" from supervision_items as items
     where items.id = $1 and ${inScope("items.region", "$2")}`,
    [itemId, scopePrefixes(act.scope)],
  );
  const caseId = found[0]?.caseId;
  if (caseId === undefined) throw new NotFoundError("supervision item", itemId);
  const { file } = await lockCase(tx, act, caseId);
  const { rows } = await tx.query<Pick<LockedItem, "state" | "raisedBy">>(
    `select items.state, items.raised_by as "raisedBy" from supervision_items as items where items.id = $1 for update`,
    [itemId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("supervision item", itemId);
  return { ...row, caseId, handlers: file.handlers };
}

function tellCase(
  tx: Tx,
  act: Act,
  { caseId }: LockedItem,
  action: string,
  why: string,
  detail: object,
): Promise<void> {
  return appendTimeline(tx, act, { kind: "case", id: caseId, action, from: null, to: null, why, detail });
}

function refuseWithoutRight(permission: Permission, act: Act): Refusal | null {
  return refuseWithout(permission, act.actor);
}

function refuse(refusal: Refusal | null): void {
  if (refusal !== null) throw new RefusedError(refusal);
}

const caseArchived: Refusal = {
  code: "supervision.case_archived",
  messageZh: "案件已归档，不能再就本案提出督办。",
  messageEn: "The case is archived; no item can be raised about it.",
};

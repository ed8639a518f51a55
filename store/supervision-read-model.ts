import type { LocalDate } from "../casework/clocks/clock.ts";
import type { Evidence } from "../casework/supervision/finding.ts";
import type { ItemOutcome, ItemState } from "../casework/supervision/item.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";

/** 督办事项 with whoever had a hand in it, by name. */
export interface SupervisionItem {
  readonly itemId: string;
  readonly caseId: string;
  readonly caseNo: string | null;
  readonly region: string;
  readonly violation: string;
  /** SP01 … SU05, or `manual`. */
  readonly checkCode: string;
  readonly messageZh: string;
  readonly messageEn: string;
  readonly evidence: Evidence;
  readonly state: ItemState;
  readonly owner: string | null;
  readonly ownerName: string | null;
  readonly dueOn: LocalDate | null;
  /** Null: a check did. */
  readonly raisedBy: string | null;
  readonly raisedByName: string | null;
  readonly raisedAt: string;
  readonly reply: string | null;
  readonly repliedBy: string | null;
  readonly repliedByName: string | null;
  readonly repliedAt: string | null;
  readonly outcome: ItemOutcome | null;
  readonly outcomeNote: string | null;
  readonly closedBy: string | null;
  readonly closedByName: string | null;
  readonly closedAt: string | null;
}

type Dated = "raisedAt" | "repliedAt" | "closedAt";

interface Row extends Omit<SupervisionItem, Dated> {
  readonly raisedAt: Date;
  readonly repliedAt: Date | null;
  readonly closedAt: Date | null;
}

const ITEM = `select items.id as "itemId", items.case_id as "caseId", cases.case_no as "caseNo", items.region,
    cases.violation, items.check_code as "checkCode", items.message_zh as "messageZh",
    items.message_en as "messageEn", items.evidence, items.state, items.owner, owners.display_name as "ownerName",
    items.due_on::text as "dueOn", items.raised_by as "raisedBy", raisers.display_name as "raisedByName",
    items.raised_at as "raisedAt", items.reply, items.replied_by as "repliedBy",
    repliers.display_name as "repliedByName", items.replied_at as "repliedAt", items.outcome,
    items.outcome_note as "outcomeNote", items.closed_by as "closedBy", closers.display_name as "closedByName",
    items.closed_at as "closedAt"
  from supervision_items as items
  join cases on cases.id = items.case_id
  left join users as owners on owners.id = items.owner
  left join users as raisers on raisers.id = items.raised_by
  left join users as repliers on repliers.id = items.replied_by
  left join users as closers on closers.id = items.closed_by`;

export interface SupervisionQuery {
  readonly scope: RegionScope;
  /** Null: every state. */
  readonly state: ItemState | null;
  readonly checkCode: string | null;
  readonly caseId: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Items in scope, longest open first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listSupervisionItems(
  db: Queryable,
  query: SupervisionQuery,
): Promise<Page<SupervisionItem>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  // A cursor knows milliseconds; what the database keeps is compared as coarsely.
  const at = "date_trunc('milliseconds', items.raised_at)";
  const { rows } = await db.query<Row>(
    `${ITEM} where ${inScope("items.region", "$1")}
       and ($2::text is null or items.state = $2) and ($3::text is null or items.check_code = $3)
       and ($4::text is null or items.case_id = $4)
       and ($5::timestamptz is null or (${at}, items.id) > ($5, $6))
     order by ${at}, items.id limit $7`,
    [
      scopePrefixes(query.scope),
      query.state,
      query.checkCode,
      query.caseId,
      after?.at ?? null,
      after?.id ?? null,
      query.limit + 1,
    ],
  );
  return toPage(rows, query.limit, toItem, (row) => ({ at: row.raisedAt, id: row.itemId }));
}

/** Undefined when there is none or it lies outside the scope. */
export async function findSupervisionItem(
  db: Queryable,
  scope: RegionScope,
  itemId: string,
): Promise<SupervisionItem | undefined> {
  const { rows } = await db.query<Row>(`${ITEM} where items.id = $1 and ${inScope("items.region", "$2")}`, [
    itemId,
    scopePrefixes(scope),
  ]);
  return rows[0] === undefined ? undefined : toItem(rows[0]);
}

function toItem(row: Row): SupervisionItem {
  return {
    ...row,
    raisedAt: iso(row.raisedAt),
    repliedAt: isoOrNull(row.repliedAt),
    closedAt: isoOrNull(row.closedAt),
  };
}

import { type Act, iso } from "./act.ts";
import type { Queryable, Tx } from "./pool.ts";
import { lockPartyLink } from "./portal-link-store.ts";

/** What a party can hand in, by what it is. */
export const received = {
  answer: "答复",
  objection: "对记录的异议",
  statement: "陈述申辩",
  upload: "材料",
  hearing_request: "听证申请",
  human_request: "人工处理请求",
  review_application: "行政复议申请",
  address_confirmation: "送达地址（方式）确认",
  address_revocation: "撤回送达方式确认",
} as const;
export type ReceivedKind = keyof typeof received;

export interface Receipt {
  readonly receiptId: string;
  readonly at: string;
  readonly what: ReceivedKind;
  /** Of the bytes as they came in. */
  readonly sha256: string;
  readonly content: Record<string, unknown>;
}

export interface Submission {
  readonly linkId: string;
  readonly what: ReceivedKind;
  readonly sha256: string;
  /** What was received, as data. */
  readonly content: object;
  /** Null: the caller gave none, and the same again counts again. */
  readonly idempotencyKey: string | null;
}

/** `reused`: the key was given before with something else. */
export type TakenReceipt =
  | { readonly outcome: "taken" | "replayed"; readonly receipt: Receipt }
  | { readonly outcome: "reused" };

/**
 * Takes one thing in and gives a receipt for it, in one transaction with what it leads to: `work` is done once for a key,
 * whatever the network does. What `work` returns is kept beside what was received.
 */
export async function takeSubmission(
  tx: Tx,
  act: Act,
  submission: Submission,
  work: (receiptId: string) => Promise<object>,
): Promise<TakenReceipt> {
  const { linkId, what, sha256, idempotencyKey } = submission;
  await lockPartyLink(tx, linkId);
  const known = idempotencyKey === null ? undefined : await findByKey(tx, linkId, idempotencyKey);
  if (known !== undefined) {
    const same = known.what === what && known.sha256 === sha256;
    return same ? { outcome: "replayed", receipt: known } : { outcome: "reused" };
  }
  const receiptId = act.newId("rcp");
  const done = await work(receiptId);
  const { rows } = await tx.query<Row>(
    `insert into portal_receipts as receipts (id, link_id, what, sha256, content, idempotency_key, at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [
      receiptId,
      linkId,
      what,
      sha256,
      JSON.stringify({ ...submission.content, ...done }),
      idempotencyKey,
      new Date(act.at),
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a receipt was not returned");
  return { outcome: "taken", receipt: toReceipt(row) };
}

interface Row extends Omit<Receipt, "at"> {
  readonly at: Date;
}

const COLUMNS = `receipts.id as "receiptId", receipts.at, receipts.what, receipts.sha256, receipts.content`;

async function findByKey(tx: Tx, linkId: string, key: string): Promise<Receipt | undefined> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from portal_receipts as receipts
     where receipts.link_id = $1 and receipts.idempotency_key = $2`,
    [linkId, key],
  );
  return rows[0] === undefined ? undefined : toReceipt(rows[0]);
}

/** Undefined for a receipt of another link too. */
export async function findReceipt(
  db: Queryable,
  linkId: string,
  receiptId: string,
): Promise<Receipt | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from portal_receipts as receipts where receipts.link_id = $1 and receipts.id = $2`,
    [linkId, receiptId],
  );
  return rows[0] === undefined ? undefined : toReceipt(rows[0]);
}

/** Everything handed in over one link, oldest first. */
export async function listReceipts(db: Queryable, linkId: string): Promise<Receipt[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from portal_receipts as receipts where receipts.link_id = $1 order by receipts.at, receipts.id`,
    [linkId],
  );
  return rows.map(toReceipt);
}

/** How many things of these kinds were handed in about one case or incident since an instant, over whichever link. */
export async function countSubmissions(
  db: Queryable,
  of: { readonly caseId: string } | { readonly incidentId: string },
  kinds: readonly ReceivedKind[],
  since: Date,
): Promise<number> {
  const [column, id] = "caseId" in of ? ["case_id", of.caseId] : ["incident_id", of.incidentId];
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count
     from portal_receipts as receipts join party_links as links on links.id = receipts.link_id
     where links.${column} = $1 and receipts.what = any ($2) and receipts.at >= $3`,
    [id, kinds, since],
  );
  return rows[0]?.count ?? 0;
}

/** Everything handed in about one case or incident, over whichever link. Ask only for one already found in scope. */
export async function listSubmissions(
  db: Queryable,
  of: { readonly caseId: string } | { readonly incidentId: string },
): Promise<Receipt[]> {
  const [column, id] = "caseId" in of ? ["case_id", of.caseId] : ["incident_id", of.incidentId];
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from portal_receipts as receipts join party_links as links on links.id = receipts.link_id
     where links.${column} = $1 order by receipts.at, receipts.id`,
    [id],
  );
  return rows.map(toReceipt);
}

function toReceipt(row: Row): Receipt {
  return { ...row, at: iso(row.at) };
}

import type { Act, RegionScope } from "./act.ts";
import { inScope, iso, isoOrNull, scopePrefixes } from "./act.ts";
import { type CaseTools, takeCaseStep } from "./case-store.ts";
import { RefusedError } from "./errors.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import { type Queryable, type Tx, withTx } from "./pool.ts";

/** A payment as the bank tells of it. */
export interface BankNotice {
  readonly receiptNo: string;
  readonly code: string;
  readonly paidOn: string;
  readonly amountFen: number;
}

/** `known`: this receipt stands already. `conflict`: it does, with another amount, day or code. `held`: a person has to look. */
export type NoticeOutcome =
  | { readonly outcome: "recorded" | "known"; readonly caseId: string | null }
  | { readonly outcome: "held"; readonly reason: string }
  | { readonly outcome: "conflict" };

/**
 * Takes in what the bank tells, once per receipt: the step is taken with the notice's row or not at all. What the case
 * refuses is kept and held, for the money has been paid; the bank telling it again tries it again.
 * @param act the system's, everywhere
 */
export async function takeBankNotice(
  pool: Parameters<typeof withTx>[0],
  act: Act,
  tools: CaseTools,
  notice: BankNotice,
): Promise<NoticeOutcome> {
  try {
    return await withTx(pool, async (tx) => {
      const before = await claim(tx, act, notice);
      if (before !== undefined) return before;
      const found = await findCaseByCode(tx, notice.code);
      if (found === undefined) return hold(tx, notice, null, "payment.code_unknown");
      const { receiptNo, paidOn, amountFen } = notice;
      const step = { step: "record_payment", receiptNo, paidOn, amountFen } as const;
      await takeCaseStep(tx, act, tools, { caseId: found.caseId, step });
      await tx.query(
        `update bank_notices set state = 'recorded', reason = null, settled_at = $2, case_id = $3, region = $4
         where bank_notices.receipt_no = $1`,
        [receiptNo, new Date(act.at), found.caseId, found.region],
      );
      return { outcome: "recorded" as const, caseId: found.caseId };
    });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    // The refusal undid the claim with everything else: once more, only to keep it.
    return withTx(pool, async (tx) => {
      const before = await claim(tx, act, notice);
      if (before !== undefined) return before;
      return hold(tx, notice, (await findCaseByCode(tx, notice.code)) ?? null, error.code);
    });
  }
}

/** Holds the notice's row; what is settled already is returned. */
async function claim(tx: Tx, act: Act, notice: BankNotice): Promise<NoticeOutcome | undefined> {
  const { receiptNo, code, paidOn, amountFen } = notice;
  await tx.query(
    `insert into bank_notices (receipt_no, code, amount_fen, paid_on, state, reason, received_at)
     values ($1, $2, $3, $4, 'held', 'payment.not_tried', $5) on conflict (receipt_no) do nothing`,
    [receiptNo, code, amountFen, paidOn, new Date(act.at)],
  );
  const { rows } = await tx.query<{
    code: string;
    amountFen: number;
    paidOn: string;
    state: string;
    caseId: string | null;
  }>(
    `select notices.code, notices.amount_fen::float8 as "amountFen", notices.paid_on::text as "paidOn", notices.state,
       notices.case_id as "caseId"
     from bank_notices as notices where notices.receipt_no = $1 for update`,
    [receiptNo],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("a bank notice was not kept");
  if (row.code !== code || row.amountFen !== amountFen || row.paidOn !== paidOn)
    return { outcome: "conflict" };
  return row.state === "recorded" ? { outcome: "known", caseId: row.caseId } : undefined;
}

async function hold(
  tx: Tx,
  { receiptNo }: BankNotice,
  of: { readonly caseId: string; readonly region: string } | null,
  reason: string,
): Promise<NoticeOutcome> {
  await tx.query(
    "update bank_notices set reason = $2, case_id = $3, region = $4 where bank_notices.receipt_no = $1",
    [receiptNo, reason, of?.caseId ?? null, of?.region ?? null],
  );
  return { outcome: "held", reason };
}

async function findCaseByCode(
  db: Queryable,
  code: string,
): Promise<{ caseId: string; region: string } | undefined> {
  const { rows } = await db.query<{ caseId: string; region: string }>(
    `select cases.id as "caseId", cases.region from cases where cases.file #>> '{payment,code}' = $1`,
    [code],
  );
  return rows[0];
}

/** The code of a case's decision, as the bank knows it; undefined where nothing is to be paid. */
export async function findPaymentCode(db: Queryable, caseId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ code: string | null }>(
    `select cases.file #>> '{payment,code}' as code from cases where cases.id = $1`,
    [caseId],
  );
  return rows[0]?.code ?? undefined;
}

export interface BankNoticeRow extends BankNotice {
  readonly caseId: string | null;
  readonly caseNo: string | null;
  readonly state: "recorded" | "held";
  readonly reason: string | null;
  readonly receivedAt: string;
  readonly settledAt: string | null;
}

/** For reconciling with the bank, oldest first. A notice that fits no case has no region: everybody who reads cases sees it. */
export async function listBankNotices(
  db: Queryable,
  query: {
    readonly scope: RegionScope;
    readonly state: "recorded" | "held" | null;
    readonly limit: number;
    readonly cursor: string | null;
  },
): Promise<Page<BankNoticeRow>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  type Row = Omit<BankNoticeRow, "receivedAt" | "settledAt"> & {
    readonly receivedAt: Date;
    readonly settledAt: Date | null;
  };
  const { rows } = await db.query<Row>(
    `select notices.receipt_no as "receiptNo", notices.code, notices.paid_on::text as "paidOn",
       notices.amount_fen::float8 as "amountFen", notices.case_id as "caseId", cases.case_no as "caseNo", notices.state,
       notices.reason, notices.received_at as "receivedAt", notices.settled_at as "settledAt"
     from bank_notices as notices left join cases on cases.id = notices.case_id
     where (notices.region is null or ${inScope("notices.region", "$1")})
       and ($2::text is null or notices.state = $2)
       and ($3::timestamptz is null or (notices.received_at, notices.receipt_no) > ($3, $4))
     order by notices.received_at, notices.receipt_no limit $5`,
    [scopePrefixes(query.scope), query.state, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(
    rows,
    query.limit,
    (row) => ({ ...row, receivedAt: iso(row.receivedAt), settledAt: isoOrNull(row.settledAt) }),
    (row) => ({ at: row.receivedAt, id: row.receiptNo }),
  );
}

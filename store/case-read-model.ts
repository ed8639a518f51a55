import type { Overlay } from "../casework/case/case-file.ts";
import type { CaseState } from "../casework/case/case-states.ts";
import type { CaseClock } from "../casework/clocks/clock.ts";
import { inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";

/** The date to mind: the agency's own that comes first, else anybody's. */
export type NextClock = Pick<CaseClock, "kind" | "strictDue" | "legalDue" | "duty">;

export interface CaseSummary {
  readonly caseId: string;
  readonly caseNo: string | null;
  readonly incidentId: string | null;
  readonly region: string;
  readonly violation: string;
  readonly state: CaseState;
  readonly procedure: "ordinary" | "simplified";
  readonly overlays: readonly Overlay[];
  readonly openedAt: string;
  readonly filedOn: string | null;
  readonly decidedOn: string | null;
  /** Null where no clock runs. */
  readonly nextClock: NextClock | null;
}

interface Row extends Omit<CaseSummary, "openedAt"> {
  readonly openedAt: Date;
}

const SUMMARY = `cases.id as "caseId", cases.case_no as "caseNo", cases.incident_id as "incidentId", cases.region,
  cases.violation, cases.state, cases.procedure, cases.overlays, cases.opened_at as "openedAt",
  cases.filed_on::text as "filedOn", cases.decided_on::text as "decidedOn",
  (select jsonb_build_object('kind', clocks.kind, 'strictDue', clocks.strict_due, 'legalDue', clocks.legal_due,
     'duty', clocks.duty)
   from case_clocks as clocks where clocks.case_id = cases.id and clocks.state = 'running'
   order by clocks.duty <> 'agency', clocks.strict_due, clocks.kind limit 1) as "nextClock"`;

export interface CaseQuery {
  readonly scope: RegionScope;
  /** Empty: every state. */
  readonly states: readonly CaseState[];
  readonly limit: number;
  readonly cursor: string | null;
}

/** Cases in scope, longest open first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listCases(db: Queryable, query: CaseQuery): Promise<Page<CaseSummary>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  const { rows } = await db.query<Row>(
    `select ${SUMMARY} from cases
     where ${inScope("cases.region", "$1")}
       and (cardinality($2::text[]) = 0 or cases.state = any ($2))
       and ($3::timestamptz is null or (cases.opened_at, cases.id) > ($3, $4))
     order by cases.opened_at, cases.id
     limit $5`,
    [scopePrefixes(query.scope), query.states, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(rows, query.limit, toSummary, (row) => ({ at: row.openedAt, id: row.caseId }));
}

/** Undefined when there is none or it lies outside the scope. */
export async function findCaseSummary(
  db: Queryable,
  scope: RegionScope,
  caseId: string,
): Promise<CaseSummary | undefined> {
  const { rows } = await db.query<Row>(
    `select ${SUMMARY} from cases where cases.id = $1 and ${inScope("cases.region", "$2")}`,
    [caseId, scopePrefixes(scope)],
  );
  return rows[0] === undefined ? undefined : toSummary(rows[0]);
}

function toSummary(row: Row): CaseSummary {
  return { ...row, openedAt: iso(row.openedAt) };
}

import type { CaseState } from "../casework/case/case-states.ts";
import type { EscalationGround } from "../casework/incident/incident-lifecycle.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";
import { readTimeline, type TimelineEntry } from "./timeline-store.ts";

export interface CaseSummary {
  readonly caseId: string;
  /** 案号; null until the case is filed. */
  readonly caseNo: string | null;
  readonly incidentId: string | null;
  readonly region: string;
  readonly violation: string;
  readonly state: CaseState;
  readonly openedAt: string;
  readonly filedAt: string | null;
}

export interface CaseDetail extends CaseSummary {
  readonly source: string;
  readonly ground: EscalationGround;
  readonly groundNote: string;
  readonly officers: readonly { readonly userId: string; readonly displayName: string }[];
  readonly officerRecord: string | null;
  readonly actEndedAt: string;
  readonly endorsedBy: string | null;
  readonly notFiledReason: string | null;
  readonly timeline: readonly TimelineEntry[];
}

interface SummaryRow extends Omit<CaseSummary, "openedAt" | "filedAt"> {
  readonly openedAt: Date;
  readonly filedAt: Date | null;
}

interface DetailRow extends SummaryRow, Omit<CaseDetail, keyof CaseSummary | "actEndedAt" | "timeline"> {
  readonly actEndedAt: Date;
}

const SUMMARY = `cases.id as "caseId", cases.case_no as "caseNo", cases.incident_id as "incidentId", cases.region,
  cases.violation, cases.state, cases.opened_at as "openedAt", cases.filed_at as "filedAt"`;

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
  const { rows } = await db.query<SummaryRow>(
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

/** The whole case; undefined when there is none or it lies outside the scope. */
export async function findCase(
  db: Queryable,
  scope: RegionScope,
  caseId: string,
): Promise<CaseDetail | undefined> {
  const { rows } = await db.query<DetailRow>(
    `select ${SUMMARY}, cases.source, cases.ground, cases.ground_note as "groundNote",
       (select coalesce(json_agg(json_build_object('userId', users.id, 'displayName', users.display_name)
          order by array_position(cases.officers, users.id)), '[]')
        from users where users.id = any (cases.officers)) as officers,
       cases.officer_record as "officerRecord", cases.act_ended_at as "actEndedAt",
       cases.endorsed_by as "endorsedBy", cases.not_filed_reason as "notFiledReason"
     from cases where cases.id = $1 and ${inScope("cases.region", "$2")}`,
    [caseId, scopePrefixes(scope)],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    ...row,
    ...toSummary(row),
    actEndedAt: iso(row.actEndedAt),
    timeline: await readTimeline(db, "case", caseId),
  };
}

function toSummary(row: SummaryRow): CaseSummary {
  return {
    caseId: row.caseId,
    caseNo: row.caseNo,
    incidentId: row.incidentId,
    region: row.region,
    violation: row.violation,
    state: row.state,
    openedAt: iso(row.openedAt),
    filedAt: isoOrNull(row.filedAt),
  };
}

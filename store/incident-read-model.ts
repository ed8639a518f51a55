import type { IncidentState } from "../casework/incident/incident-lifecycle.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { type IncidentParts, readIncidentParts } from "./incident-parts.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";
import { readTimeline, type TimelineEntry } from "./timeline-store.ts";

export interface IncidentSummary {
  readonly incidentId: string;
  readonly candidateId: string;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly place: string;
  readonly region: string;
  readonly violation: string;
  readonly state: IncidentState;
  readonly occurredAt: string;
  readonly triggeredAt: string;
  readonly reviewDue: string | null;
  readonly graceUntil: string | null;
  readonly claimedBy: string | null;
  readonly claimedByName: string | null;
  readonly claimedUntil: string | null;
}

export interface IncidentDetail extends IncidentSummary, IncidentParts {
  /** What the pipeline reported. The model's score is no proof: show it only to whoever asks. */
  readonly facts: Record<string, unknown>;
  readonly bundlePath: string;
  readonly manifestSha256: string;
  readonly cameraVersion: number | null;
  readonly endedAt: string | null;
  readonly timeline: readonly TimelineEntry[];
}

type Dated = "occurredAt" | "triggeredAt" | "reviewDue" | "graceUntil" | "claimedUntil";

interface SummaryRow extends Omit<IncidentSummary, Dated> {
  readonly occurredAt: Date;
  readonly triggeredAt: Date;
  readonly reviewDue: Date | null;
  readonly graceUntil: Date | null;
  readonly claimedUntil: Date | null;
}

interface DetailRow extends SummaryRow {
  readonly facts: Record<string, unknown>;
  readonly bundlePath: string;
  readonly manifestSha256: string;
  readonly cameraVersion: number | null;
  readonly endedAt: Date | null;
}

const SUMMARY = `incidents.id as "incidentId", incidents.candidate_id as "candidateId",
  incidents.camera_id as "cameraId", cameras.document ->> 'name' as "cameraName",
  cameras.document -> 'location' ->> 'place' as place, incidents.region, incidents.violation, incidents.state,
  incidents.occurred_at as "occurredAt", incidents.triggered_at as "triggeredAt",
  incidents.review_due as "reviewDue", incidents.grace_until as "graceUntil",
  incidents.claimed_by as "claimedBy", claimant.display_name as "claimedByName",
  incidents.claimed_until as "claimedUntil"`;

const FROM = `from incidents
  join cameras on cameras.id = incidents.camera_id
  left join users as claimant on claimant.id = incidents.claimed_by`;

export interface IncidentQuery {
  readonly scope: RegionScope;
  /** Empty: every state. */
  readonly states: readonly IncidentState[];
  /** At most so many a page. */
  readonly limit: number;
  readonly cursor: string | null;
}

/** Incidents in scope, longest waiting first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listIncidents(db: Queryable, query: IncidentQuery): Promise<Page<IncidentSummary>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  const { rows } = await db.query<SummaryRow>(
    `select ${SUMMARY} ${FROM}
     where ${inScope("incidents.region", "$1")}
       and (cardinality($2::text[]) = 0 or incidents.state = any ($2))
       and ($3::timestamptz is null or (incidents.triggered_at, incidents.id) > ($3, $4))
     order by incidents.triggered_at, incidents.id
     limit $5`,
    [scopePrefixes(query.scope), query.states, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(rows, query.limit, toSummary, (row) => ({ at: row.triggeredAt, id: row.incidentId }));
}

/** How many incidents wait in each state. */
export async function countIncidents(
  db: Queryable,
  scope: RegionScope,
): Promise<Partial<Record<IncidentState, number>>> {
  const { rows } = await db.query<{ state: IncidentState; count: number }>(
    `select incidents.state, count(*)::integer as count from incidents
     where ${inScope("incidents.region", "$1")} group by incidents.state`,
    [scopePrefixes(scope)],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** The whole incident; undefined when there is none or it lies outside the scope. */
export async function findIncident(
  db: Queryable,
  scope: RegionScope,
  incidentId: string,
): Promise<IncidentDetail | undefined> {
  const { rows } = await db.query<DetailRow>(
    `select ${SUMMARY}, incidents.facts, incidents.bundle_path as "bundlePath",
       incidents.manifest_sha256 as "manifestSha256", incidents.camera_version as "cameraVersion",
       incidents.ended_at as "endedAt"
     ${FROM} where incidents.id = $1 and ${inScope("incidents.region", "$2")}`,
    [incidentId, scopePrefixes(scope)],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    ...row,
    ...toSummary(row),
    endedAt: isoOrNull(row.endedAt),
    ...(await readIncidentParts(db, incidentId)),
    timeline: await readTimeline(db, "incident", incidentId),
  };
}

/** What `openIncidentActions` asks for, out of a summary. */
export function incidentFactsOf(summary: IncidentSummary): {
  state: IncidentState;
  claimedBy: string | null;
  claimedUntil: EpochMs | null;
  reviewDue: EpochMs | null;
  graceUntil: EpochMs | null;
} {
  return {
    state: summary.state,
    claimedBy: summary.claimedBy,
    claimedUntil: parse(summary.claimedUntil),
    reviewDue: parse(summary.reviewDue),
    graceUntil: parse(summary.graceUntil),
  };
}

function parse(instant: string | null): EpochMs | null {
  return instant === null ? null : Date.parse(instant);
}

function toSummary(row: SummaryRow): IncidentSummary {
  return {
    incidentId: row.incidentId,
    candidateId: row.candidateId,
    cameraId: row.cameraId,
    cameraName: row.cameraName,
    place: row.place,
    region: row.region,
    violation: row.violation,
    state: row.state,
    occurredAt: iso(row.occurredAt),
    triggeredAt: iso(row.triggeredAt),
    reviewDue: isoOrNull(row.reviewDue),
    graceUntil: isoOrNull(row.graceUntil),
    claimedBy: row.claimedBy,
    claimedByName: row.claimedByName,
    claimedUntil: isoOrNull(row.claimedUntil),
  };
}

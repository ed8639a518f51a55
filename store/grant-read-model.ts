import type { GrantState, ViewPurpose } from "../casework/evidence/evidence-access.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import { decodeCursor, type Page, toPage } from "./page.ts";
import type { Queryable } from "./pool.ts";

/** A request to see originals, and what became of it. */
export interface Grant {
  readonly grantId: string;
  readonly incidentId: string;
  readonly caseId: string | null;
  readonly violation: string;
  readonly place: string;
  readonly triggeredAt: string;
  readonly purpose: ViewPurpose;
  readonly reason: string;
  readonly hours: number;
  /** `approved` also once it has run out: compare `expiresAt`. */
  readonly state: GrantState;
  readonly requestedBy: string;
  readonly requestedByName: string;
  readonly requestedAt: string;
  readonly decidedByName: string | null;
  readonly decidedAt: string | null;
  readonly decisionNote: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

type Dated = "triggeredAt" | "requestedAt" | "decidedAt" | "expiresAt" | "revokedAt";

interface Row extends Omit<Grant, Dated> {
  readonly triggeredAt: Date;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const GRANT = `grants.id as "grantId", grants.incident_id as "incidentId", grants.case_id as "caseId",
  incidents.violation, cameras.document -> 'location' ->> 'place' as place,
  incidents.triggered_at as "triggeredAt", grants.purpose, grants.reason, grants.hours, grants.state,
  grants.requested_by as "requestedBy", requester.display_name as "requestedByName",
  grants.requested_at as "requestedAt", decider.display_name as "decidedByName",
  grants.decided_at as "decidedAt", grants.decision_note as "decisionNote", grants.expires_at as "expiresAt",
  grants.revoked_at as "revokedAt"
  from evidence_grants as grants
  join incidents on incidents.id = grants.incident_id
  join cameras on cameras.id = incidents.camera_id
  join users as requester on requester.id = grants.requested_by
  left join users as decider on decider.id = grants.decided_by`;

export interface GrantQuery {
  readonly scope: RegionScope;
  readonly state: GrantState;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Requests in scope, longest waiting first. Throws `InvalidInputError` for a cursor that is not ours. */
export async function listGrants(db: Queryable, query: GrantQuery): Promise<Page<Grant>> {
  const after = query.cursor === null ? null : decodeCursor(query.cursor);
  const { rows } = await db.query<Row>(
    `select ${GRANT} where ${inScope("incidents.region", "$1")} and grants.state = $2
       and ($3::timestamptz is null or (grants.requested_at, grants.id) > ($3, $4))
     order by grants.requested_at, grants.id limit $5`,
    [scopePrefixes(query.scope), query.state, after?.at ?? null, after?.id ?? null, query.limit + 1],
  );
  return toPage(rows, query.limit, toGrant, (row) => ({ at: row.requestedAt, id: row.grantId }));
}

/** One person's requests for one incident, newest first. Ask only for an incident already found in scope. */
export async function listGrantsOf(db: Queryable, incidentId: string, userId: string): Promise<Grant[]> {
  const { rows } = await db.query<Row>(
    `select ${GRANT} where grants.incident_id = $1 and grants.requested_by = $2
     order by grants.requested_at desc, grants.id desc`,
    [incidentId, userId],
  );
  return rows.map(toGrant);
}

/** Undefined when there is none or it lies outside the scope. */
export async function findGrant(
  db: Queryable,
  scope: RegionScope,
  grantId: string,
): Promise<Grant | undefined> {
  const { rows } = await db.query<Row>(
    `select ${GRANT} where grants.id = $1 and ${inScope("incidents.region", "$2")}`,
    [grantId, scopePrefixes(scope)],
  );
  return rows[0] === undefined ? undefined : toGrant(rows[0]);
}

function toGrant(row: Row): Grant {
  return {
    ...row,
    triggeredAt: iso(row.triggeredAt),
    requestedAt: iso(row.requestedAt),
    decidedAt: isoOrNull(row.decidedAt),
    expiresAt: isoOrNull(row.expiresAt),
    revokedAt: isoOrNull(row.revokedAt),
  };
}

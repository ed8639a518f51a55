import { type CaseMove, transitionCase } from "../casework/case/case-lifecycle.ts";
import type { CaseState } from "../casework/case/case-states.ts";
import type { CaseFacts, Handler, UseAuthority } from "../casework/case/filing-guards.ts";
import { regionCovers } from "../casework/region.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import type { Queryable, Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** A case whose row this transaction holds. */
export interface LockedCase extends CaseFacts {
  readonly caseId: string;
  readonly region: string;
}

interface Row {
  readonly caseId: string;
  readonly region: string;
  readonly state: CaseState;
  readonly officers: readonly string[];
  readonly endorsedBy: string | null;
  readonly actEndedAt: Date;
  readonly officerRecord: string | null;
  readonly incidentId: string | null;
  readonly confirmed: boolean;
  readonly useAuthority: UseAuthority;
}

/** Takes the row's lock and reads what the guards ask for. Throws `NotFoundError`. */
export async function lockCase(tx: Tx, act: Act, caseId: string): Promise<LockedCase> {
  const facts = await readCase(tx, act, caseId, "for update of cases");
  if (facts === undefined) throw new NotFoundError("case", caseId);
  return facts;
}

/** The same without the lock, for showing which steps are open. */
export function readCaseFacts(
  db: Queryable,
  act: Pick<Act, "scope">,
  caseId: string,
): Promise<LockedCase | undefined> {
  return readCase(db, act, caseId, "");
}

async function readCase(
  db: Queryable,
  act: Pick<Act, "scope">,
  caseId: string,
  lock: "" | "for update of cases",
): Promise<LockedCase | undefined> {
  const { rows } = await db.query<Row>(
    `select cases.id as "caseId", cases.region, cases.state, cases.officers, cases.endorsed_by as "endorsedBy",
       cases.act_ended_at as "actEndedAt", cases.officer_record as "officerRecord",
       cases.incident_id as "incidentId",
       exists (select 1 from reviews where reviews.incident_id = cases.incident_id
               and reviews.verdict = 'confirmed') as confirmed,
       coalesce(versions.use_authority, 'lead_only') as "useAuthority"
     from cases
     left join incidents on incidents.id = cases.incident_id
     left join camera_versions as versions
       on versions.camera_id = incidents.camera_id and versions.version = incidents.camera_version
     where cases.id = $1 and ${inScope("cases.region", "$2")} ${lock}`,
    [caseId, scopePrefixes(act.scope)],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { confirmed, useAuthority, incidentId, officers, actEndedAt, ...rest } = row;
  return {
    ...rest,
    actEndedAt: actEndedAt.getTime(),
    handlers: await readHandlers(db, officers, row.region),
    cameraRecord: incidentId === null ? null : { confirmed, useAuthority },
  };
}

/**
 * The named users with the roles that count here: none for somebody who is unknown, disabled, or has no
 * power over the place.
 */
export async function readHandlers(
  db: Queryable,
  userIds: readonly string[],
  region: string,
): Promise<Handler[]> {
  const { rows } = await db.query<Handler & { regions: readonly string[] }>(
    `select users.id as "userId", users.roles, users.regions from users
     where users.id = any ($1) and not users.disabled`,
    [userIds],
  );
  return userIds.map((userId) => {
    const user = rows.find((row) => row.userId === userId);
    const inPower = user?.regions.some((own) => regionCovers(own, region)) === true;
    return { userId, roles: inPower ? user.roles : [] };
  });
}

/** Asks the lifecycle and writes the timeline entry; the caller writes the row. Throws `RefusedError`. */
export async function applyCaseMove(
  tx: Tx,
  act: Act,
  current: LockedCase,
  move: CaseMove,
  detail: object = {},
): Promise<CaseState> {
  const transition = transitionCase(current, move, act.actor, act.at);
  if (!transition.ok) throw new RefusedError(transition.refusal);
  await appendTimeline(tx, act, {
    kind: "case",
    id: current.caseId,
    action: move.action,
    from: current.state,
    to: transition.next,
    why: move.action === "decline_filing" ? move.reason : null,
    detail,
  });
  return transition.next;
}

import { refuseHold, refuseHoldRelease } from "../casework/evidence/retention.ts";
import { type Act, inScope, iso, isoOrNull, scopePrefixes } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { logEvidence, noteOnTimeline, personOf, refuseIfDeleted } from "./evidence-record.ts";
import { lockIncident } from "./incident-row.ts";
import type { Queryable, Tx } from "./pool.ts";

/** What is held: the evidence of an incident, by itself or through the case that was made of it. */
export type HoldSubject =
  | { readonly kind: "incident"; readonly id: string }
  | { readonly kind: "case"; readonly id: string };

/**
 * 保全: keeps evidence from deletion until somebody releases it. Throws `RefusedError`, also when its deletion was
 * decided before, and `NotFoundError`.
 */
export async function placeHold(
  tx: Tx,
  act: Act,
  subject: HoldSubject,
  reason: string,
): Promise<{ holdId: string }> {
  const refusal = refuseHold(reason, act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  const incidentId = subject.kind === "incident" ? subject.id : await incidentOfCase(tx, act, subject.id);
  await lockIncident(tx, act, incidentId);
  await refuseIfDeleted(tx, incidentId);
  const holdId = act.newId("hld");
  const caseId = subject.kind === "case" ? subject.id : null;
  await tx.query(
    `insert into evidence_holds (id, incident_id, case_id, reason, placed_by, placed_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [holdId, incidentId, caseId, reason.trim(), personOf(act), new Date(act.at)],
  );
  await noteOnTimeline(tx, act, incidentId, "place_hold", { holdId, caseId });
  await logEvidence(tx, act, incidentId, { kind: "hold_placed", why: null, detail: { holdId, caseId } });
  return { holdId };
}

/** 解除保全, with a reason. Throws `RefusedError` and `NotFoundError`. */
export async function releaseHold(tx: Tx, act: Act, holdId: string, reason: string): Promise<void> {
  const { incidentId } = await findHold(tx, act, holdId);
  await lockIncident(tx, act, incidentId);
  // Read again under the lock: somebody may have released it just now.
  const hold = await findHold(tx, act, holdId);
  const refusal = refuseHoldRelease(reason, hold.isReleased, act.actor);
  if (refusal !== null) throw new RefusedError(refusal);
  await tx.query(
    `update evidence_holds set released_by = $2, released_at = $3, release_reason = $4
     where evidence_holds.id = $1`,
    [holdId, personOf(act), new Date(act.at), reason.trim()],
  );
  await noteOnTimeline(tx, act, incidentId, "release_hold", { holdId });
  await logEvidence(tx, act, incidentId, { kind: "hold_released", why: null, detail: { holdId } });
}

export interface Hold {
  readonly holdId: string;
  readonly incidentId: string;
  readonly caseId: string | null;
  readonly reason: string;
  readonly placedByName: string;
  readonly placedAt: string;
  readonly releasedByName: string | null;
  readonly releasedAt: string | null;
  readonly releaseReason: string | null;
}

/** Every hold of an incident, oldest first. Ask only for an incident already found in scope. */
export async function listHolds(db: Queryable, incidentId: string): Promise<Hold[]> {
  const { rows } = await db.query<
    Omit<Hold, "placedAt" | "releasedAt"> & { placedAt: Date; releasedAt: Date | null }
  >(
    `select holds.id as "holdId", holds.incident_id as "incidentId", holds.case_id as "caseId", holds.reason,
       placer.display_name as "placedByName", holds.placed_at as "placedAt",
       releaser.display_name as "releasedByName", holds.released_at as "releasedAt",
       holds.release_reason as "releaseReason"
     from evidence_holds as holds
     join users as placer on placer.id = holds.placed_by
     left join users as releaser on releaser.id = holds.released_by
     where holds.incident_id = $1 order by holds.placed_at, holds.id`,
    [incidentId],
  );
  return rows.map((row) => ({ ...row, placedAt: iso(row.placedAt), releasedAt: isoOrNull(row.releasedAt) }));
}

async function incidentOfCase(tx: Tx, act: Act, caseId: string): Promise<string> {
  const { rows } = await tx.query<{ incidentId: string }>(
    `select cases.incident_id as "incidentId" from cases
     where cases.id = $1 and cases.incident_id is not null and ${inScope("cases.region", "$2")}`,
    [caseId, scopePrefixes(act.scope)],
  );
  if (rows[0] === undefined) throw new NotFoundError("case with evidence of a camera", caseId);
  return rows[0].incidentId;
}

async function findHold(
  tx: Tx,
  act: Act,
  holdId: string,
): Promise<{ incidentId: string; isReleased: boolean }> {
  const { rows } = await tx.query<{ incidentId: string; isReleased: boolean }>(
    `select holds.incident_id as "incidentId", holds.released_at is not null as "isReleased"
     from evidence_holds as holds join incidents on incidents.id = holds.incident_id
     where holds.id = $1 and ${inScope("incidents.region", "$2")}`,
    [holdId, scopePrefixes(act.scope)],
  );
  if (rows[0] === undefined) throw new NotFoundError("hold", holdId);
  return rows[0];
}

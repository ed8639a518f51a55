import {
  type IncidentFacts,
  type IncidentMove,
  type IncidentState,
  transitionIncident,
} from "../casework/incident/incident-lifecycle.ts";
import { type Act, inScope, scopePrefixes } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { logEvidence } from "./evidence-record.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** An incident whose row this transaction holds. */
export interface LockedIncident extends IncidentFacts {
  readonly incidentId: string;
  readonly region: string;
  readonly cameraId: string;
  readonly cameraVersion: number | null;
  readonly violation: string;
}

/** Takes the row's lock: whoever else wants to move this incident waits. Throws `NotFoundError`. */
export async function lockIncident(tx: Tx, act: Act, incidentId: string): Promise<LockedIncident> {
  const { rows } = await tx.query<{
    id: string;
    state: IncidentState;
    region: string;
    camera_id: string;
    camera_version: number | null;
    violation: string;
    claimed_by: string | null;
    claimed_until: Date | null;
    review_due: Date | null;
    grace_until: Date | null;
  }>(
    `select incidents.id, incidents.state, incidents.region, incidents.camera_id, incidents.camera_version,
       incidents.violation, incidents.claimed_by, incidents.claimed_until, incidents.review_due,
       incidents.grace_until
     from incidents where incidents.id = $1 and ${inScope("incidents.region", "$2")} for update`,
    [incidentId, scopePrefixes(act.scope)],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("incident", incidentId);
  return {
    incidentId: row.id,
    state: row.state,
    region: row.region,
    cameraId: row.camera_id,
    cameraVersion: row.camera_version,
    violation: row.violation,
    claimedBy: row.claimed_by,
    claimedUntil: row.claimed_until?.getTime() ?? null,
    reviewDue: row.review_due?.getTime() ?? null,
    graceUntil: row.grace_until?.getTime() ?? null,
  };
}

/**
 * Moves a locked incident and writes the timeline entry. Throws `RefusedError` with the lifecycle's refusal.
 * Leaving the review ends the claim. Make it the transaction's last step: evidence that goes to another authority
 * stands in the evidence log too, and whoever writes there next waits for this transaction.
 */
export async function applyMove(
  tx: Tx,
  act: Act,
  incident: LockedIncident,
  move: IncidentMove,
): Promise<IncidentState> {
  const transition = transitionIncident(incident, move, act.actor, act.at);
  if (!transition.ok) throw new RefusedError(transition.refusal);
  await tx.query(
    "update incidents set state = $2, claimed_by = null, claimed_until = null where incidents.id = $1",
    [incident.incidentId, transition.next],
  );
  const { action, ...detail } = move;
  await appendTimeline(tx, act, {
    kind: "incident",
    id: incident.incidentId,
    action,
    from: incident.state,
    to: transition.next,
    why: whyOf(move),
    detail,
  });
  // To whom is on the timeline: in the log, which is for ever, nobody's words stand.
  if (action === "transfer")
    await logEvidence(tx, act, incident.incidentId, {
      kind: "transferred",
      why: "other_agency",
      detail: { from: incident.state },
    });
  return transition.next;
}

function whyOf(move: IncidentMove): string | null {
  switch (move.action) {
    case "reject":
      return move.text ?? move.reason;
    case "order_correction":
    case "mark_corrected":
    case "mark_not_corrected":
    case "dispatch":
    case "escalate":
      return move.note;
    case "transfer":
    case "order_work":
      return move.target;
    case "fix_evidence":
    case "queue_review":
    case "confirm":
    case "expire":
    case "persuade":
      return null;
  }
}

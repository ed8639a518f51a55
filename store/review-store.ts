import { claimIncident as claim, refuseUnclaimed } from "../casework/incident/incident-claim.ts";
import type { RejectReason, TestAnswers } from "../casework/incident/review-input.ts";
import { type Act, iso, userIdOf } from "./act.ts";
import { RefusedError } from "./errors.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** Takes an incident to look at, or renews one's own claim. */
export async function claimIncident(tx: Tx, act: Act, incidentId: string): Promise<{ claimedUntil: string }> {
  const incident = await lockIncident(tx, act, incidentId);
  const result = claim(incident, act.actor, act.at);
  if (!result.ok) throw new RefusedError(result.refusal);
  const until = new Date(result.claimedUntil);
  await tx.query("update incidents set claimed_by = $2, claimed_until = $3 where incidents.id = $1", [
    incidentId,
    result.claimedBy,
    until,
  ]);
  await appendTimeline(tx, act, {
    kind: "incident",
    id: incidentId,
    action: "claim",
    from: incident.state,
    to: incident.state,
  });
  return { claimedUntil: iso(until) };
}

/** Gives an incident back to the queue. */
export async function releaseIncident(tx: Tx, act: Act, incidentId: string): Promise<void> {
  const incident = await lockIncident(tx, act, incidentId);
  const refusal = refuseUnclaimed(incident, act.actor, act.at);
  if (refusal !== null) throw new RefusedError(refusal);
  await tx.query("update incidents set claimed_by = null, claimed_until = null where incidents.id = $1", [
    incidentId,
  ]);
  await appendTimeline(tx, act, {
    kind: "incident",
    id: incidentId,
    action: "release",
    from: incident.state,
    to: incident.state,
  });
}

/** 审核确认 (I5): from here on the record is evidence. All four tests are answered yes by whoever claimed it. */
export async function confirmIncident(
  tx: Tx,
  act: Act,
  incidentId: string,
  tests: TestAnswers,
): Promise<void> {
  const incident = await lockIncident(tx, act, incidentId);
  await applyMove(tx, act, incident, { action: "confirm", tests });
  await addReview(tx, act, incidentId, { verdict: "confirmed", tests, reason: null, text: null });
}

export interface Rejection {
  readonly reason: RejectReason;
  /** In words; needed with `other`. */
  readonly text: string | null;
  readonly tests: TestAnswers;
}

/** 审核不采用 (I4): the record can never be evidence. */
export async function rejectIncident(
  tx: Tx,
  act: Act,
  incidentId: string,
  rejection: Rejection,
): Promise<void> {
  const incident = await lockIncident(tx, act, incidentId);
  await applyMove(tx, act, incident, { action: "reject", ...rejection });
  await addReview(tx, act, incidentId, { verdict: "rejected", ...rejection });
}

async function addReview(
  tx: Tx,
  act: Act,
  incidentId: string,
  review: {
    verdict: "confirmed" | "rejected";
    tests: TestAnswers;
    reason: RejectReason | null;
    text: string | null;
  },
): Promise<void> {
  await tx.query(
    `insert into reviews (id, incident_id, reviewer, verdict, tests, reason, reason_text, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      act.newId("rev"),
      incidentId,
      userIdOf(act.actor),
      review.verdict,
      JSON.stringify(review.tests),
      review.reason,
      review.text,
      new Date(act.at),
    ],
  );
}

import type { Finding } from "../casework/incident/finding.ts";
import type { WarningResult } from "../casework/warning/ladder.ts";
import type { LookResult } from "../casework/warning/recheck-verdict.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, userIdOf } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import { logEvidence, noteOnTimeline, refuseIfDeleted } from "./evidence-record.ts";
import { applyMove, type LockedIncident, lockIncident } from "./incident-row.ts";
import type { Queryable, Tx } from "./pool.ts";

/** One picture of a before/after pair: the original and its masked copy, both in a bundle of the object store. */
export interface PairedStill {
  readonly bundlePath: string;
  readonly original: { readonly path: string; readonly sha256: string };
  readonly masked: { readonly path: string; readonly sha256: string };
}

/** A look at the end of a warning's grace, or when an officer asks. The caller queues it once this is committed. */
export async function addRecheck(
  tx: Tx,
  act: Act,
  input: { readonly incidentId: string; readonly warningId: string; readonly dueAt: EpochMs },
): Promise<string> {
  const recheckId = act.newId("rck");
  await tx.query(
    `insert into rechecks (id, incident_id, warning_id, asked_by, due_at, next_at, state)
     values ($1, $2, $3, $4, $5, $5, 'pending')`,
    [recheckId, input.incidentId, input.warningId, askedBy(act, input.dueAt), new Date(input.dueAt)],
  );
  return recheckId;
}

/** Null for what the system does in its own time. */
function askedBy(act: Act, dueAt: EpochMs): string | null {
  return dueAt <= act.at ? userIdOf(act.actor) : null;
}

/**
 * An officer wants to know now. A look that waits is brought forward; its own date comes again when this one does not
 * show the end. Throws `RefusedError` where nobody was warned or the evidence is deleted.
 */
export async function requestRecheck(tx: Tx, act: Act, incidentId: string): Promise<{ recheckId: string }> {
  const incident = await lockIncident(tx, act, incidentId);
  await refuseIfDeleted(tx, incidentId);
  if (incident.state !== "persuading") throw new RefusedError(notWarned);
  const open = await tx.query<{ id: string }>(
    `update rechecks set next_at = least(rechecks.next_at, $2), asked_by = coalesce(rechecks.asked_by, $3)
     where rechecks.incident_id = $1 and rechecks.state in ('pending', 'running') returning rechecks.id`,
    [incidentId, new Date(act.at), userIdOf(act.actor)],
  );
  const found = open.rows[0]?.id;
  const recheckId =
    found ??
    (await addRecheck(tx, act, {
      incidentId,
      warningId: await latestWarning(tx, incidentId),
      dueAt: act.at,
    }));
  await noteOnTimeline(tx, act, incidentId, "recheck_asked", { recheckId });
  return { recheckId };
}

const notWarned = {
  code: "recheck.not_persuading",
  messageZh: "只有已劝导、尚未认定结果的事件可以复查。",
  messageEn:
    "Only an incident that was warned about, and whose result nobody has stated, is looked at again.",
};

async function latestWarning(tx: Tx, incidentId: string): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    "select warnings.id from warnings where warnings.incident_id = $1 order by warnings.level desc limit 1",
    [incidentId],
  );
  if (rows[0] === undefined) throw new NotFoundError("warning of incident", incidentId);
  return rows[0].id;
}

/** A worker begins to look. Returns the attempt's number; null when there is nothing left to look at. */
export async function beginLook(db: Queryable, recheckId: string, at: EpochMs): Promise<number | null> {
  const { rows } = await db.query<{ attempts: number }>(
    `update rechecks set state = 'running', asked_at = $2, attempts = rechecks.attempts + 1, fault = null
     where rechecks.id = $1 and rechecks.state in ('pending', 'running') returning rechecks.attempts`,
    [recheckId, new Date(at)],
  );
  return rows[0]?.attempts ?? null;
}

/** The stream was down: again later. */
export async function postponeLook(
  db: Queryable,
  recheckId: string,
  { until, fault }: { until: EpochMs; fault: string },
): Promise<void> {
  await db.query(
    `update rechecks set state = 'pending', next_at = $2, fault = $3
     where rechecks.id = $1 and rechecks.state = 'running'`,
    [recheckId, new Date(until), fault],
  );
}

/** The camera showed nothing, however often it was tried: a person looks. Or nobody needs the look any more. */
export async function endLook(
  tx: Tx,
  act: Act,
  recheckId: string,
  end: { readonly state: "failed" | "cancelled"; readonly fault: string },
): Promise<void> {
  const { rows } = await tx.query<{ incidentId: string }>(
    `update rechecks set state = $2, fault = $3, done_at = $4
     where rechecks.id = $1 and rechecks.state in ('pending', 'running')
     returning rechecks.incident_id as "incidentId"`,
    [recheckId, end.state, end.fault, new Date(act.at)],
  );
  const incidentId = rows[0]?.incidentId;
  if (incidentId !== undefined)
    await noteOnTimeline(tx, act, incidentId, `recheck_${end.state}`, { recheckId });
}

export interface LookRecord {
  readonly recheckId: string;
  readonly seenAt: EpochMs;
  readonly result: LookResult;
  readonly before: PairedStill | null;
  readonly after: PairedStill;
  /** Per frame: when, what it showed against the place, what was detected. */
  readonly detections: readonly object[];
}

/**
 * Writes down what a look showed, once, however many workers looked: whoever comes second changes nothing. It is a
 * proposal; the incident stays where it is. A look before the end of the grace that does not show the end is followed
 * by one at its end.
 *
 * @returns false when it was recorded before, or nobody needs it any more; `nextId` of the look that follows
 */
export async function recordLook(
  tx: Tx,
  act: Act,
  look: LookRecord,
): Promise<{ recorded: boolean; next: { recheckId: string; dueAt: EpochMs } | null }> {
  const incident = await lockOf(tx, act, look.recheckId);
  await refuseIfDeleted(tx, incident.incidentId);
  const { rows } = await tx.query<{ warningId: string }>(
    `update rechecks set state = 'done', result = $2, before_still = $3, after_still = $4, detections = $5,
       seen_at = $6, done_at = $7, fault = null
     where rechecks.id = $1 and rechecks.state in ('pending', 'running')
     returning rechecks.warning_id as "warningId"`,
    [
      look.recheckId,
      look.result,
      look.before === null ? null : JSON.stringify(look.before),
      JSON.stringify(look.after),
      JSON.stringify(look.detections),
      new Date(look.seenAt),
      new Date(act.at),
    ],
  );
  const warningId = rows[0]?.warningId;
  if (warningId === undefined) return { recorded: false, next: null };
  const { recheckId, result } = look;
  const { graceUntil, incidentId } = incident;
  let next: { recheckId: string; dueAt: EpochMs } | null = null;
  if (result !== "gone" && graceUntil !== null && look.seenAt < graceUntil)
    next = {
      recheckId: await addRecheck(tx, act, { incidentId, warningId, dueAt: graceUntil }),
      dueAt: graceUntil,
    };
  await noteOnTimeline(tx, act, incidentId, "recheck_done", { recheckId, result });
  await logEvidence(tx, act, incidentId, {
    kind: "collected",
    why: "recheck",
    detail: {
      recheckId,
      result,
      original: look.after.original.sha256,
      masked: look.after.masked.sha256,
      before: look.before?.original.sha256 ?? null,
    },
  });
  return { recorded: true, next };
}

async function lockOf(tx: Tx, act: Act, recheckId: string): Promise<LockedIncident> {
  const { rows } = await tx.query<{ incidentId: string }>(
    `select rechecks.incident_id as "incidentId" from rechecks where rechecks.id = $1`,
    [recheckId],
  );
  if (rows[0] === undefined) throw new NotFoundError("recheck", recheckId);
  return lockIncident(tx, act, rows[0].incidentId);
}

export interface Correction {
  readonly result: WarningResult;
  /** In a person's words; what was explained to the party too. */
  readonly note: string;
  /** The look it rests on; null: what the officer saw. */
  readonly recheckId: string | null;
}

/**
 * An officer says how it ended (I8, I9), on the ground of a look or of their own eyes; every open warning of the
 * incident gets that result, and looks that wait are not needed any more.
 */
export async function decideCorrection(
  tx: Tx,
  act: Act,
  incidentId: string,
  { result, note, recheckId }: Correction,
): Promise<void> {
  const incident = await lockIncident(tx, act, incidentId);
  const finding = await findingOf(tx, incidentId, recheckId);
  const action = result === "corrected" ? ("mark_corrected" as const) : ("mark_not_corrected" as const);
  await applyMove(tx, act, incident, { action, finding, note });
  await tx.query(
    "update warnings set result = $2, result_at = $3 where warnings.incident_id = $1 and warnings.result is null",
    [incidentId, result, new Date(act.at)],
  );
  await tx.query(
    `update rechecks set state = 'cancelled', fault = 'decided', done_at = $2
     where rechecks.incident_id = $1 and rechecks.state in ('pending', 'running')`,
    [incidentId, new Date(act.at)],
  );
}

async function findingOf(tx: Tx, incidentId: string, recheckId: string | null): Promise<Finding> {
  if (recheckId === null) return { kind: "own_observation" };
  const { rows } = await tx.query<{ result: LookResult }>(
    `select rechecks.result from rechecks
     where rechecks.id = $1 and rechecks.incident_id = $2 and rechecks.state = 'done'`,
    [recheckId, incidentId],
  );
  if (rows[0] === undefined) throw new NotFoundError("finished recheck", recheckId);
  return { kind: "recheck", recheckId, result: rows[0].result };
}

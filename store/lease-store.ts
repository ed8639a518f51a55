import type { EpochMs } from "../pipeline/domain/types.ts";
import { StaleFenceError } from "./errors.ts";
import type { Queryable } from "./pool.ts";

/**
 * The right to watch one camera and to write what was seen. The queue decides who works; the fence decides whose
 * writes count, should two ever work at once.
 */
export interface Lease {
  readonly cameraId: string;
  /** Grows with every taking. */
  readonly fence: number;
}

/**
 * Takes the camera, whoever held it before: from now on that one's writes are refused. Undefined when there is no
 * such camera, or it is switched off.
 */
export async function takeLease(
  db: Queryable,
  cameraId: string,
  workerId: string,
  at: EpochMs,
): Promise<Lease | undefined> {
  const { rows } = await db.query<{ fence: string }>(
    `insert into camera_leases (camera_id, fence, worker_id, taken_at)
     select cameras.id, 1, $2, $3 from cameras where cameras.id = $1 and cameras.enabled
     on conflict (camera_id) do update set fence = camera_leases.fence + 1, worker_id = excluded.worker_id,
       taken_at = excluded.taken_at, released_at = null, finished_at = null
     returning fence`,
    [cameraId, workerId, new Date(at)],
  );
  return rows[0] === undefined ? undefined : { cameraId, fence: Number(rows[0].fence) };
}

/** Gives it back. `finished`: there is nothing more to see, nobody needs to take it. No effect when it is stale. */
export async function releaseLease(
  db: Queryable,
  { cameraId, fence }: Lease,
  finished: boolean,
  at: EpochMs,
): Promise<void> {
  await db.query(
    `update camera_leases set released_at = $3::timestamptz, finished_at = case when $4 then $3::timestamptz end
     where camera_id = $1 and fence = $2`,
    [cameraId, fence, new Date(at), finished],
  );
}

/** What the holder of a lease has to know every few seconds. */
export interface LeaseNews {
  /** The camera is still to be watched. */
  readonly enabled: boolean;
  /** Changes whenever anything about the camera does. */
  readonly revision: string;
}

/** @throws StaleFenceError when somebody else has taken the camera */
export async function renewLease(db: Queryable, { cameraId, fence }: Lease): Promise<LeaseNews> {
  const { rows } = await db.query<{ enabled: boolean; revision: string }>(
    `select cameras.enabled, ${REVISION} as revision
     from cameras join camera_leases on camera_leases.camera_id = cameras.id
     where cameras.id = $1 and camera_leases.fence = $2`,
    [cameraId, fence],
  );
  if (rows[0] === undefined) throw new StaleFenceError(cameraId, fence);
  return rows[0];
}

/** What `LeaseNews.revision` is made of: zones and rules by their version, the source by its content. */
const REVISION = "md5(cameras.version::text || coalesce(cameras.source::text, ''))";

export interface CandidateOutcome {
  readonly candidateId: string;
  readonly ruleId: string;
  readonly violation: string;
  readonly triggeredAt: EpochMs;
  readonly outcome: "sealed" | "unconfirmed";
}

/**
 * Puts on record what became of a candidate; the first word counts.
 * @throws StaleFenceError when somebody else has taken the camera
 */
export async function recordOutcome(
  db: Queryable,
  lease: Lease,
  candidate: CandidateOutcome,
  at: EpochMs,
): Promise<void> {
  const { rows } = await db.query<{ held: boolean }>(
    `with ${HELD}, added as (
       insert into camera_candidates (candidate_id, camera_id, fence, rule_id, violation, triggered_at, outcome, decided_at)
       select $3, $1, $2, $4, $5, $6, $7, $8 from held
       on conflict (candidate_id) do nothing)
     select exists (select 1 from held) as held`,
    [
      lease.cameraId,
      lease.fence,
      candidate.candidateId,
      candidate.ruleId,
      candidate.violation,
      new Date(candidate.triggeredAt),
      candidate.outcome,
      new Date(at),
    ],
  );
  if (rows[0]?.held !== true) throw new StaleFenceError(lease.cameraId, lease.fence);
}

/** The lease, if it is still ours, locked so that nobody takes it before this statement is done. */
const HELD = `held as (select 1 from camera_leases
  where camera_leases.camera_id = $1 and camera_leases.fence = $2 for share)`;

/**
 * Keeps what the watch knows for whoever watches next.
 * @throws StaleFenceError when somebody else has taken the camera
 */
export async function saveWatchState(
  db: Queryable,
  lease: Lease,
  state: { readonly documentSha256: string; readonly snapshot: object },
  at: EpochMs,
): Promise<void> {
  const { rowCount } = await db.query(
    `with ${HELD}
     insert into camera_watch_states (camera_id, fence, document_sha256, state, saved_at)
     select $1, $2, $3, $4, $5 from held
     on conflict (camera_id) do update set fence = excluded.fence, document_sha256 = excluded.document_sha256,
       state = excluded.state, saved_at = excluded.saved_at`,
    [lease.cameraId, lease.fence, state.documentSha256, JSON.stringify(state.snapshot), new Date(at)],
  );
  if (rowCount === 0) throw new StaleFenceError(lease.cameraId, lease.fence);
}

/** What the last watch left, if it was made under the same zones and rules. */
export async function findWatchState(
  db: Queryable,
  cameraId: string,
  documentSha256: string,
): Promise<unknown> {
  const { rows } = await db.query<{ state: unknown }>(
    `select camera_watch_states.state from camera_watch_states
     where camera_watch_states.camera_id = $1 and camera_watch_states.document_sha256 = $2`,
    [cameraId, documentSha256],
  );
  return rows[0]?.state;
}

/** Whether a candidate is on record already, sealed or not confirmed, or has become an incident. */
export async function isDecided(db: Queryable, candidateId: string): Promise<boolean> {
  const { rows } = await db.query<{ decided: boolean }>(
    `select exists (select 1 from camera_candidates where camera_candidates.candidate_id = $1)
       or exists (select 1 from incidents where incidents.candidate_id = $1) as decided`,
    [candidateId],
  );
  return rows[0]?.decided === true;
}

/**
 * The cameras to be watched: what the queue of camera jobs is armed from.
 * @param again leaves out recordings that were seen to their end
 */
export async function listCamerasToWatch(db: Queryable, { again }: { again: boolean }): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select cameras.id from cameras left join camera_leases on camera_leases.camera_id = cameras.id
     where cameras.enabled and not ($1 and coalesce(camera_leases.finished_at > cameras.updated_at, false)) order by cameras.id`,
    [again],
  );
  return rows.map((row) => row.id);
}

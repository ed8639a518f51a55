import type pg from "pg";
import { type HealthKind, suspends } from "../pipeline/domain/health/kinds.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { settleTasks } from "./camera-task-store.ts";
import { StaleFenceError } from "./errors.ts";
import type { Lease } from "./lease-store.ts";
import { type Tx, withTx } from "./pool.ts";

/** A holder that said nothing for longer cannot say afterwards what the camera saw meanwhile. */
const LONGEST_SILENCE_MS = 60_000;

export interface HealthReport {
  readonly kind: HealthKind;
  readonly at: EpochMs;
  /** Over which an alarm goes out, each once: `log`, `webhook` … */
  readonly channels: readonly string[];
  readonly newId: (prefix: string) => string;
}

/**
 * What a worker says of its camera every few seconds and at every change: goes into the ledger, and opens or
 * resolves tasks with their alarms, all or nothing.
 * @returns the alarms to be queued; they are in Postgres already and the queue is re-armed from there
 * @throws StaleFenceError when somebody else has taken the camera
 */
export function recordHealth(
  pool: pg.Pool,
  lease: Lease,
  { kind, at, channels, newId }: HealthReport,
): Promise<{ alarmIds: string[] }> {
  return withTx(pool, async (tx) => {
    const span = await recordSpan(tx, lease, kind, at);
    const act = { actor: { kind: "system", name: "camera-worker" }, scope: "every", at, newId } as const;
    return { alarmIds: await settleTasks(tx, act, { cameraId: lease.cameraId, ...span, channels }) };
  });
}

/** The span a report fell into. */
export interface OpenSpan {
  readonly kind: HealthKind;
  readonly from: EpochMs;
}

interface LastSpan {
  readonly kind: HealthKind;
  readonly from: Date;
  readonly to: Date;
  readonly fence: string;
}

/**
 * Extends the camera's open span to `at`, or begins another. Time between two reports of one holder counts as
 * the worse of both; time between two holders counts as nobody's.
 * @throws StaleFenceError when somebody else has taken the camera
 */
export async function recordSpan(tx: Tx, lease: Lease, kind: HealthKind, at: EpochMs): Promise<OpenSpan> {
  await lockLease(tx, lease);
  const { rows } = await tx.query<LastSpan>(
    `select spans.kind, spans.from_at as "from", spans.to_at as "to", spans.fence from camera_spans as spans
     where spans.camera_id = $1 order by spans.from_at desc limit 1`,
    [lease.cameraId],
  );
  const last = rows[0];
  if (last === undefined) return beginSpan(tx, lease, kind, at, at);
  const lastTo = last.to.getTime();
  // The clock of another machine may be behind.
  const now = Math.max(at, lastTo);
  const goesOn = Number(last.fence) === lease.fence && now - lastTo <= LONGEST_SILENCE_MS;
  if (!goesOn) return beginSpan(tx, lease, kind, now, now);
  if (last.kind === kind) {
    await extendLast(tx, lease, last, now);
    return { kind, from: last.from.getTime() };
  }
  if (suspends(kind)) return beginSpan(tx, lease, kind, lastTo, now);
  await extendLast(tx, lease, last, now);
  return beginSpan(tx, lease, kind, now, now);
}

/** One report at a time, and nobody takes the camera meanwhile. */
async function lockLease(tx: Tx, { cameraId, fence }: Lease): Promise<void> {
  const { rows } = await tx.query(
    `select 1 from camera_leases where camera_leases.camera_id = $1 and camera_leases.fence = $2
     for no key update`,
    [cameraId, fence],
  );
  if (rows.length === 0) throw new StaleFenceError(cameraId, fence);
}

async function extendLast(tx: Tx, { cameraId }: Lease, { from }: LastSpan, to: EpochMs): Promise<void> {
  await tx.query(
    "update camera_spans set to_at = $3 where camera_spans.camera_id = $1 and camera_spans.from_at = $2",
    [cameraId, from, new Date(to)],
  );
}

/** A span that has lasted for no time yet gives way to what begins at the same instant. */
async function beginSpan(
  tx: Tx,
  { cameraId, fence }: Lease,
  kind: HealthKind,
  from: EpochMs,
  to: EpochMs,
): Promise<OpenSpan> {
  await tx.query(
    `insert into camera_spans (camera_id, kind, from_at, to_at, fence) values ($1, $2, $3, $4, $5)
     on conflict (camera_id, from_at) do update set kind = excluded.kind, to_at = excluded.to_at,
       fence = excluded.fence`,
    [cameraId, kind, new Date(from), new Date(to), fence],
  );
  return { kind, from };
}

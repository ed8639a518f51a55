import { coverTime, gapsWithin, type HealthKind, type HealthSpan } from "../pipeline/domain/health/kinds.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { inScope, iso, isoOrNull, type RegionScope, scopePrefixes } from "./act.ts";
import type { TaskKind } from "./camera-task-store.ts";
import type { Queryable } from "./pool.ts";

/** Who holds a camera reports every five seconds: until four of them are missing its last word stands. */
const REPORT_STANDS_MS = 20_000;

/** All time between two instants, without a hole: what nobody watched is `unwatched`. */
export async function spansOf(
  db: Queryable,
  cameraId: string,
  from: EpochMs,
  to: EpochMs,
): Promise<HealthSpan[]> {
  return coverTime(await storedSpans(db, cameraId, from, to), from, to);
}

/** What was not seen between two instants, `unwatched` among it; empty when all of it was watched. */
export async function gapsOf(
  db: Queryable,
  cameraId: string,
  from: EpochMs,
  to: EpochMs,
): Promise<HealthSpan[]> {
  return gapsWithin(await storedSpans(db, cameraId, from, to), from, to);
}

async function storedSpans(
  db: Queryable,
  cameraId: string,
  from: EpochMs,
  to: EpochMs,
): Promise<HealthSpan[]> {
  const { rows } = await db.query<{ kind: HealthKind; from: Date; to: Date }>(
    `select spans.kind, spans.from_at as "from",
       case when leases.fence is not null and spans.from_at =
           (select max(latest.from_at) from camera_spans as latest where latest.camera_id = $1)
         then spans.to_at + make_interval(secs => $4) else spans.to_at end as "to"
     from camera_spans as spans
     left join camera_leases as leases on leases.camera_id = spans.camera_id
       and leases.fence = spans.fence and leases.released_at is null
     where spans.camera_id = $1 and spans.to_at > $2::timestamptz - make_interval(secs => $4)
       and spans.from_at < $3
     order by spans.from_at`,
    [cameraId, new Date(from), new Date(to), REPORT_STANDS_MS / 1000],
  );
  return rows.map((row) => ({ kind: row.kind, from: row.from.getTime(), to: row.to.getTime() }));
}

export interface CameraTask {
  readonly taskId: string;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly region: string;
  readonly place: string;
  readonly kind: TaskKind;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  /** User id; null while it is open, or when the camera was well again by itself. */
  readonly resolvedBy: string | null;
  readonly note: string | null;
  readonly acceptedAt: string | null;
}

interface TaskRow extends Omit<CameraTask, "openedAt" | "resolvedAt" | "acceptedAt"> {
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  readonly acceptedAt: Date | null;
}

/** Tasks of the cameras in the scope, newest first. */
export async function listCameraTasks(
  db: Queryable,
  scope: RegionScope,
  { state, limit }: { readonly state: "open" | "resolved"; readonly limit: number },
): Promise<CameraTask[]> {
  const { rows } = await db.query<TaskRow>(
    `select ${TASK}
     where ${inScope("cameras.region", "$1")} and (tasks.resolved_at is null) = $2
     order by tasks.opened_at desc, tasks.id limit $3`,
    [scopePrefixes(scope), state === "open", limit],
  );
  return rows.map(toTask);
}

export async function findCameraTask(
  db: Queryable,
  scope: RegionScope,
  taskId: string,
): Promise<CameraTask | undefined> {
  const { rows } = await db.query<TaskRow>(
    `select ${TASK} where tasks.id = $2 and ${inScope("cameras.region", "$1")}`,
    [scopePrefixes(scope), taskId],
  );
  return rows[0] === undefined ? undefined : toTask(rows[0]);
}

const TASK = `tasks.id as "taskId", cameras.id as "cameraId", cameras.document ->> 'name' as "cameraName",
    cameras.region, cameras.document #>> '{location,place}' as place, tasks.kind,
    tasks.opened_at as "openedAt", tasks.resolved_at as "resolvedAt", tasks.resolved_by as "resolvedBy",
    tasks.note, tasks.accepted_at as "acceptedAt"
  from camera_tasks as tasks join cameras on cameras.id = tasks.camera_id`;

function toTask(row: TaskRow): CameraTask {
  return {
    ...row,
    openedAt: iso(row.openedAt),
    resolvedAt: isoOrNull(row.resolvedAt),
    acceptedAt: isoOrNull(row.acceptedAt),
  };
}

/** One alarm to send, with what a channel says. */
export interface CameraAlarm {
  readonly alarmId: string;
  readonly taskId: string;
  readonly channel: string;
  readonly state: "pending" | "sent" | "failed";
  readonly attempts: number;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly region: string;
  readonly place: string;
  readonly kind: TaskKind;
  readonly openedAt: string;
}

export async function findCameraAlarm(db: Queryable, alarmId: string): Promise<CameraAlarm | undefined> {
  const { rows } = await db.query<Omit<CameraAlarm, "openedAt"> & { openedAt: Date }>(
    `select alarms.id as "alarmId", alarms.task_id as "taskId", alarms.channel, alarms.state, alarms.attempts,
       cameras.id as "cameraId", cameras.document ->> 'name' as "cameraName", cameras.region,
       cameras.document #>> '{location,place}' as place, tasks.kind, tasks.opened_at as "openedAt"
     from camera_alarms as alarms join camera_tasks as tasks on tasks.id = alarms.task_id
     join cameras on cameras.id = tasks.camera_id where alarms.id = $1`,
    [alarmId],
  );
  return rows[0] === undefined ? undefined : { ...rows[0], openedAt: iso(rows[0].openedAt) };
}

/** Alarms that have not been sent yet, oldest first: what the alarm queue is re-armed from. */
export async function listPendingAlarms(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select alarms.id from camera_alarms as alarms where alarms.state = 'pending'
     order by alarms.updated_at, alarms.id limit $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

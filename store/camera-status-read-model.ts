import { z } from "zod";
import { healthKinds } from "../pipeline/domain/health/kinds.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { inScope, iso, type RegionScope, scopePrefixes } from "./act.ts";
import type { Queryable } from "./pool.ts";

/** What a camera that somebody watches is at. Only `watched` means that a violation would have been seen. */
export const watchKinds = ["starting", ...healthKinds] as const;
/** And without a worker: nobody tells of it, or a recording has been seen to its end. */
export const wallKinds = [...watchKinds, "unwatched", "finished"] as const;
export type WatchKind = (typeof watchKinds)[number];
export type WallKind = (typeof wallKinds)[number];

/** What a worker writes about each of its cameras every few seconds; counts are since it took the camera. */
export const cameraStatusSchema = z.object({
  kind: z.enum(watchKinds),
  capture: z.object({
    /** `running` from the first frame on; `waiting` for the next try. */
    state: z.enum(["starting", "running", "waiting", "ended"]),
    restarts: z.number().int(),
    stalls: z.number().int(),
    breaker: z.enum(["closed", "open", "half_open"]),
    /** Why the last run ended: an exit reason or the code of a fault. */
    lastExit: z.string().nullable(),
    nextTryInMs: z.number().nullable(),
  }),
  framesDecoded: z.number().int(),
  framesAnalysed: z.number().int(),
  framesDropped: z.number().int(),
  /** Over the last few seconds. */
  analysedFps: z.number(),
  /** When the last analysed frame was taken, Unix milliseconds. */
  lastFrameAt: z.number().nullable(),
  /** Objects standing in the zones now. */
  standing: z.number().int(),
  /** Passed on, and not borne out by the closer look. */
  candidates: z.number().int(),
  unconfirmed: z.number().int(),
  /** The stream's clock against ours. */
  clock: z.object({ offsetMs: z.number(), driftPpm: z.number(), jumps: z.number().int() }).nullable(),
  ring: z.object({ seconds: z.number(), bytes: z.number(), losses: z.number().int() }).nullable(),
  model: z.string(),
  watch: z.enum(["full", "keyframes"]),
});
export type CameraStatus = z.infer<typeof cameraStatusSchema>;

/** A worker writes every five seconds; four times nothing means that nobody does. */
const STALE_AFTER_MS = 20_000;

/**
 * Writes how a camera fares, if the fence is still the lease's current one. False: somebody else has taken the
 * camera, and nothing was written.
 */
export async function writeCameraStatus(
  db: Queryable,
  cameraId: string,
  fence: number,
  status: CameraStatus,
  at: EpochMs,
): Promise<boolean> {
  // Locked, so that nobody takes the camera between the look and the write.
  const { rowCount } = await db.query(
    `with held as (select 1 from camera_leases
       where camera_leases.camera_id = $1 and camera_leases.fence = $2 for share)
     insert into camera_statuses (camera_id, fence, status, at) select $1, $2, $3, $4 from held
     on conflict (camera_id) do update set fence = excluded.fence, status = excluded.status, at = excluded.at`,
    [cameraId, fence, JSON.stringify(status), new Date(at)],
  );
  return rowCount === 1;
}

/** One camera on the wall. */
export interface WallCamera {
  readonly cameraId: string;
  readonly name: string;
  readonly region: string;
  readonly place: string;
  readonly kind: WallKind;
  /** Who has it; null when nobody does. */
  readonly workerId: string | null;
  /** Since when, or since when nobody does; null when nobody ever did. */
  readonly since: string | null;
  /** The last that was told under the present lease; null when nothing was. */
  readonly status: CameraStatus | null;
  readonly lastFrameAgeMs: number | null;
  /** Today in Shanghai. */
  readonly candidatesToday: number;
  readonly unconfirmedToday: number;
  /** Share of today in which a violation would have been seen, 0–1. */
  readonly watchedToday: number;
  /** What somebody should look after: kinds of the open tasks, by name. */
  readonly openTasks: readonly string[];
}

interface Row {
  readonly cameraId: string;
  readonly name: string;
  readonly region: string;
  readonly place: string;
  readonly workerId: string | null;
  readonly takenAt: Date | null;
  readonly releasedAt: Date | null;
  readonly finished: boolean | null;
  readonly status: unknown;
  readonly statusAt: Date | null;
  readonly candidatesToday: number;
  readonly unconfirmedToday: number;
  readonly watchedToday: number;
  readonly openTasks: readonly string[];
}

/** Every enabled camera in the scope and how it fares at that moment, by id. */
export async function listWall(db: Queryable, scope: RegionScope, at: EpochMs): Promise<WallCamera[]> {
  const { rows } = await db.query<Row>(
    `select cameras.id as "cameraId", cameras.document ->> 'name' as name, cameras.region,
       cameras.document #>> '{location,place}' as place,
       leases.worker_id as "workerId", leases.taken_at as "takenAt", leases.released_at as "releasedAt",
       leases.finished_at > cameras.updated_at as finished,
       statuses.status, statuses.at as "statusAt",
       coalesce(today.sealed, 0)::int as "candidatesToday", coalesce(today.unconfirmed, 0)::int as "unconfirmedToday",
       coalesce(spans.watched / nullif(extract(epoch from $2::timestamptz - day.began), 0), 0)::float8 as "watchedToday",
       array(select tasks.kind from camera_tasks tasks
         where tasks.camera_id = cameras.id and tasks.resolved_at is null order by tasks.kind) as "openTasks"
     from cameras
     cross join (select date_trunc('day', $2::timestamptz, 'Asia/Shanghai') as began) day
     left join camera_leases leases on leases.camera_id = cameras.id
     left join camera_statuses statuses on statuses.camera_id = cameras.id and statuses.fence = leases.fence
     left join lateral (
       select count(*) filter (where candidates.outcome = 'sealed') as sealed,
         count(*) filter (where candidates.outcome = 'unconfirmed') as unconfirmed
       from camera_candidates candidates where candidates.camera_id = cameras.id
         and candidates.triggered_at >= day.began and candidates.triggered_at <= $2::timestamptz) today on true
     left join lateral (
       select extract(epoch from sum(
         least(camera_spans.to_at, $2::timestamptz) - greatest(camera_spans.from_at, day.began))) as watched
       from camera_spans where camera_spans.camera_id = cameras.id and camera_spans.kind = 'watched'
         and camera_spans.to_at > day.began and camera_spans.from_at < $2::timestamptz) spans on true
     where cameras.enabled and ${inScope("cameras.region", "$1")}
     order by cameras.id`,
    [scopePrefixes(scope), new Date(at)],
  );
  return rows.map((row) => toWallCamera(row, at));
}

function toWallCamera(row: Row, at: EpochMs): WallCamera {
  const { cameraId, name, region, place, candidatesToday, unconfirmedToday, watchedToday, openTasks } = row;
  const held = row.takenAt !== null && row.releasedAt === null;
  const isFresh = row.statusAt !== null && at - row.statusAt.getTime() <= STALE_AFTER_MS;
  // Written by another version of ours: as good as nothing.
  const status = held ? (cameraStatusSchema.safeParse(row.status).data ?? null) : null;
  const since = row.releasedAt ?? row.takenAt;
  return {
    cameraId,
    name,
    region,
    place,
    kind: kindOf(row, isFresh ? status : null, at),
    workerId: held ? row.workerId : null,
    since: since === null ? null : iso(since),
    status,
    lastFrameAgeMs: status?.lastFrameAt == null ? null : Math.max(0, at - status.lastFrameAt),
    candidatesToday,
    unconfirmedToday,
    watchedToday,
    openTasks,
  };
}

function kindOf(row: Row, fresh: CameraStatus | null, at: EpochMs): WallKind {
  if (row.finished === true) return "finished";
  if (row.takenAt === null || row.releasedAt !== null) return "unwatched";
  if (fresh !== null) return fresh.kind;
  return row.statusAt === null && at - row.takenAt.getTime() <= STALE_AFTER_MS ? "starting" : "unwatched";
}

/** How many cameras of a wall are at what; every kind is named. */
export function countWall(wall: readonly Pick<WallCamera, "kind">[]): Record<WallKind, number> {
  const counts = Object.fromEntries(wallKinds.map((kind) => [kind, 0])) as Record<WallKind, number>;
  for (const { kind } of wall) counts[kind] += 1;
  return counts;
}

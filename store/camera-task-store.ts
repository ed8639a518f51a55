import type { HealthKind } from "../pipeline/domain/health/kinds.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import { type Act, inScope, scopePrefixes, userIdOf } from "./act.ts";
import { NotFoundError, RefusedError } from "./errors.ts";
import type { Queryable, Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

/** What somebody must see to, the worst first: a worse fault hides the lighter ones. */
export const taskKinds = [
  "disk_full",
  "offline",
  "frozen",
  "blind",
  "covered",
  "view_moved",
  "clock_off",
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** A stream that is back within this is nobody's task. */
const OFFLINE_GRACE_MS = 30_000;
/** A fault that was gone for less than this is still the same one, and nobody is told twice. */
const SAME_FAULT_MS = 600_000;

interface CameraNow {
  readonly cameraId: string;
  readonly kind: HealthKind;
  /** Since when it has been of this kind. */
  readonly from: EpochMs;
  readonly channels: readonly string[];
}

/** Opens and resolves the camera's tasks by what it is at now; returns the new alarms. */
export async function settleTasks(tx: Tx, act: Act, now: CameraNow): Promise<string[]> {
  const open = await openKinds(tx, now.cameraId);
  const kind = taskKinds.find((known) => known === now.kind);
  const rank = kind === undefined ? taskKinds.length : taskKinds.indexOf(kind);
  const over = open.filter((known) => taskKinds.indexOf(known) < rank);
  const isNew = kind !== undefined && !open.includes(kind) && lastsLongEnough(now, act.at);
  if (over.length === 0 && !isNew) return [];
  await lockCamera(tx, now.cameraId);
  for (const gone of over) await resolveByItself(tx, act, now.cameraId, gone);
  return isNew ? openTask(tx, act, now, kind) : [];
}

function lastsLongEnough({ kind, from }: CameraNow, at: EpochMs): boolean {
  return kind !== "offline" || at - from > OFFLINE_GRACE_MS;
}

async function openKinds(db: Queryable, cameraId: string): Promise<TaskKind[]> {
  const { rows } = await db.query<{ kind: TaskKind }>(
    `select tasks.kind from camera_tasks as tasks
     where tasks.camera_id = $1 and tasks.resolved_at is null`,
    [cameraId],
  );
  return rows.map(({ kind }) => kind);
}

/** The camera's timeline is written under its row's lock. */
async function lockCamera(tx: Tx, cameraId: string): Promise<void> {
  await tx.query("select 1 from cameras where cameras.id = $1 for no key update", [cameraId]);
}

async function resolveByItself(tx: Tx, act: Act, cameraId: string, kind: TaskKind): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `update camera_tasks set resolved_at = $3
     where camera_tasks.camera_id = $1 and camera_tasks.kind = $2 and camera_tasks.resolved_at is null
     returning id`,
    [cameraId, kind, new Date(act.at)],
  );
  for (const { id } of rows) await note(tx, act, cameraId, "task_resolve", { taskId: id, kind });
}

async function openTask(
  tx: Tx,
  act: Act,
  { cameraId, from, channels }: CameraNow,
  kind: TaskKind,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string; resolvedAt: Date; resolvedBy: string | null }>(
    `select tasks.id, tasks.resolved_at as "resolvedAt", tasks.resolved_by as "resolvedBy"
     from camera_tasks as tasks where tasks.camera_id = $1 and tasks.kind = $2
     order by tasks.resolved_at desc limit 1`,
    [cameraId, kind],
  );
  const last = rows[0];
  // A person has taken note of this very fault.
  if (last !== undefined && last.resolvedBy !== null && last.resolvedAt.getTime() >= from) return [];
  if (last !== undefined && last.resolvedBy === null && act.at - last.resolvedAt.getTime() < SAME_FAULT_MS) {
    await tx.query("update camera_tasks set resolved_at = null where camera_tasks.id = $1", [last.id]);
    await note(tx, act, cameraId, "task_reopen", { taskId: last.id, kind });
    return [];
  }
  const taskId = act.newId("tsk");
  await tx.query("insert into camera_tasks (id, camera_id, kind, opened_at) values ($1, $2, $3, $4)", [
    taskId,
    cameraId,
    kind,
    new Date(act.at),
  ]);
  const tellOver = kind === "disk_full" && (await isDiskAlarmOut(tx, act.at, taskId)) ? [] : channels;
  const alarmIds: string[] = [];
  for (const channel of tellOver) alarmIds.push(await addAlarm(tx, act, taskId, channel));
  const since = new Date(from).toISOString();
  await note(tx, act, cameraId, "task_open", { taskId, kind, since, channels: tellOver });
  return alarmIds;
}

/** One full disk pauses every camera: the first to say so raises the alarm, the others only have their task. */
async function isDiskAlarmOut(tx: Tx, at: EpochMs, taskId: string): Promise<boolean> {
  // Two cameras may say so at once.
  await tx.query("select pg_advisory_xact_lock(hashtextextended('forewarn.disk_full', 0))");
  const { rowCount } = await tx.query(
    `select 1 from camera_tasks as tasks join camera_alarms as alarms on alarms.task_id = tasks.id
     where tasks.kind = 'disk_full' and tasks.id <> $1
       and (tasks.resolved_at is null or tasks.resolved_at > $2::timestamptz) limit 1`,
    [taskId, new Date(at - SAME_FAULT_MS)],
  );
  return rowCount === 1;
}

async function addAlarm(tx: Tx, act: Act, taskId: string, channel: string): Promise<string> {
  const alarmId = act.newId("alm");
  await tx.query(
    `insert into camera_alarms (id, task_id, channel, state, updated_at) values ($1, $2, $3, 'pending', $4)`,
    [alarmId, taskId, channel, new Date(act.at)],
  );
  return alarmId;
}

export interface TaskResolution {
  readonly taskId: string;
  readonly note: string;
  /** The view is as it should be from now on: the camera's worker learns it anew. */
  readonly acceptView: boolean;
}

/**
 * A person has seen to it.
 * @throws NotFoundError outside the scope
 * @throws RefusedError `camera_task.already_resolved`, `camera_task.no_view_to_accept`
 */
export async function resolveCameraTask(tx: Tx, act: Act, resolution: TaskResolution): Promise<void> {
  const { taskId, note: why, acceptView } = resolution;
  const { rows } = await tx.query<{ cameraId: string; kind: TaskKind; resolved: boolean }>(
    `select tasks.camera_id as "cameraId", tasks.kind, tasks.resolved_at is not null as resolved
     from camera_tasks as tasks join cameras on cameras.id = tasks.camera_id
     where tasks.id = $1 and ${inScope("cameras.region", "$2")} for no key update of cameras, tasks`,
    [taskId, scopePrefixes(act.scope)],
  );
  const task = rows[0];
  if (task === undefined) throw new NotFoundError("camera task", taskId);
  if (task.resolved) throw alreadyResolved(taskId);
  if (acceptView && task.kind !== "view_moved" && task.kind !== "covered") throw noView(task.kind);
  const at = new Date(act.at);
  await tx.query(
    `update camera_tasks set resolved_at = $2, resolved_by = $3, note = $4, accepted_at = $5
     where camera_tasks.id = $1`,
    [taskId, at, userIdOf(act.actor), why, acceptView ? at : null],
  );
  await note(tx, act, task.cameraId, "task_resolve", { taskId, kind: task.kind, acceptView }, why);
}

/** When a person last said that the camera's view is as it should be, if that was after `sinceMs`. */
export async function findAcceptedView(
  db: Queryable,
  cameraId: string,
  sinceMs: EpochMs,
): Promise<EpochMs | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(tasks.accepted_at) as at from camera_tasks as tasks
     where tasks.camera_id = $1 and tasks.accepted_at > $2`,
    [cameraId, new Date(sinceMs)],
  );
  return rows[0]?.at?.getTime();
}

export interface AlarmOutcome {
  readonly alarmId: string;
  /** `pending`: it failed this time and will be tried again. */
  readonly state: "pending" | "sent" | "failed";
  /** Receipt or fault; no secrets. */
  readonly detail: object;
}

/** Notes one attempt to send an alarm; how it ended goes onto the camera's timeline. */
export async function recordAlarm(tx: Tx, act: Act, { alarmId, state, detail }: AlarmOutcome): Promise<void> {
  const { rows } = await tx.query<{ cameraId: string; taskId: string; channel: string }>(
    `update camera_alarms set state = $2, detail = $3, attempts = camera_alarms.attempts + 1, updated_at = $4
     from camera_tasks as tasks where camera_alarms.id = $1 and tasks.id = camera_alarms.task_id
     returning tasks.camera_id as "cameraId", tasks.id as "taskId", camera_alarms.channel`,
    [alarmId, state, JSON.stringify(detail), new Date(act.at)],
  );
  const alarm = rows[0];
  if (alarm === undefined) throw new NotFoundError("camera alarm", alarmId);
  if (state === "pending") return;
  const { cameraId, taskId, channel } = alarm;
  await lockCamera(tx, cameraId);
  await note(tx, act, cameraId, `alarm_${state}`, { alarmId, taskId, channel });
}

function note(
  tx: Tx,
  act: Act,
  cameraId: string,
  action: string,
  detail: object,
  why: string | null = null,
): Promise<void> {
  return appendTimeline(tx, act, { kind: "camera", id: cameraId, action, from: null, to: null, why, detail });
}

function alreadyResolved(taskId: string): RefusedError {
  return new RefusedError({
    code: "camera_task.already_resolved",
    messageZh: `任务 ${taskId} 已经处理完毕，无需再次处理。`,
    messageEn: `Task ${taskId} is resolved already; there is nothing left to do.`,
  });
}

function noView(kind: TaskKind): RefusedError {
  return new RefusedError({
    code: "camera_task.no_view_to_accept",
    messageZh: "只有画面移位或被遮挡的任务可以认可新画面；请不带 acceptView 处理。",
    messageEn: `A new view can be accepted for a moved or covered view only, not for "${kind}"; resolve without acceptView.`,
  });
}

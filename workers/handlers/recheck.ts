import { rm } from "node:fs/promises";
import { DelayedError, type Job } from "bullmq";
import { type LookSight, recheckVerdict } from "../../casework/warning/recheck-verdict.ts";
import { AppError } from "../../pipeline/domain/errors.ts";
import { lookSight } from "../../pipeline/domain/look-sight.ts";
import { makeTempFolder } from "../../pipeline/evidence/temp-bundles.ts";
import { type Look, lookAgain } from "../../pipeline/look-again.ts";
import { memoryFolder } from "../../pipeline/media/memory-folder.ts";
import type { Payload } from "../../queue/jobs.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { withTx } from "../../store/pool.ts";
import { findRecheckTask, type RecheckTask } from "../../store/recheck-read-model.ts";
import { beginLook, endLook, postponeLook, recordLook } from "../../store/recheck-store.ts";
import { findTools } from "../camera/media-tools.ts";
import type { WorkerContext } from "../context.ts";
import { readStoredLook, type StoredLook, storeLook } from "../recheck/look-bundle.ts";

/** Frames of one look, a second apart. */
const FRAMES = 5;
const EVERY_SEC = 1;
/** A stream that is down: tried so often, then a person looks. */
export const MOST_TRIES = 6;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const DEFAULT_MIN_SCORE = 0.35;

/**
 * Looks again at what somebody was warned about, keeps one picture beside the one from before, and proposes: gone, still
 * there, or unclear. An officer decides. Whatever happens in between, one look is kept and recorded once.
 */
export async function lookAgainAt(
  context: WorkerContext,
  { recheckId }: Payload<"rechecks">,
  job: Job,
  token: string,
): Promise<void> {
  const task = await findRecheckTask(context.pool, recheckId);
  if (task === undefined || (task.state !== "pending" && task.state !== "running")) return;
  const isEarly = context.clock.now() < task.nextAt;
  if (isEarly) await waitUntil(context, job, token, task.nextAt);
  // Kept by a worker that was killed before it could say so.
  const kept = await readStoredLook(context, recheckId);
  if (kept !== undefined) return record(context, task, kept);
  if (task.incidentState !== "persuading") return end(context, recheckId, "cancelled", "decided");
  if (task.camera.source === undefined || !task.cameraEnabled)
    return end(context, recheckId, "failed", "camera_off");
  const attempt = await beginLook(context.pool, recheckId, context.clock.now());
  if (attempt === null) return;
  let look: StoredLook;
  try {
    look = await lookAndKeep(context, task);
  } catch (error) {
    context.signal.throwIfAborted();
    const fault = error instanceof AppError ? error.code : "unexpected";
    context.log.warn({ err: error, recheckId, attempt }, "could not look again");
    if (attempt >= MOST_TRIES) return end(context, recheckId, "failed", fault);
    const until = context.clock.now() + waitMs(attempt);
    await postponeLook(context.pool, recheckId, { until, fault });
    return waitUntil(context, job, token, until);
  }
  await record(context, task, look);
}

/** 15 s, 30 s, one minute … ten minutes. */
function waitMs(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}

/** The queue waits by the machine's own clock, whatever clock this program goes by. */
async function waitUntil(context: WorkerContext, job: Job, token: string, at: number): Promise<never> {
  const delayMs = Math.max(0, at - context.clock.now());
  await job.moveToDelayed(systemClock.now() + delayMs, token);
  throw new DelayedError();
}

async function lookAndKeep(context: WorkerContext, task: RecheckTask): Promise<StoredLook> {
  const { camera } = task;
  const isMasked = camera.privacyMasks.length > 0;
  const dir = await makeTempFolder(isMasked ? await memoryFolder(context.desk.memoryDir) : context.spoolDir);
  try {
    const look = await lookAgain({
      ...findTools(context.config),
      source: sourceOf(task),
      frames: FRAMES,
      everySec: EVERY_SEC,
      dir,
      signal: context.signal,
      detector: () => context.detectors.get({ modelId: camera.analysis.model, key: `recheck ${camera.id}` }),
    });
    return await storeLook(context, task, { ...judged(task, look), model: look.model });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function sourceOf({ camera }: RecheckTask) {
  if (camera.source === undefined) throw new Error(`camera ${camera.id} has no source`);
  return camera.source;
}

/** Each frame against what was warned about; the last usable picture is kept. */
function judged({ camera, facts }: RecheckTask, { frames }: Look) {
  const rule = camera.rules.find(({ id }) => id === facts.rule.id);
  const wanted = {
    box: facts.box,
    labels: [...new Set([facts.label, ...(rule?.labels ?? [])])],
    zone: facts.zone.polygon,
    minScore: rule?.minScore ?? DEFAULT_MIN_SCORE,
    minCount: rule?.minCount ?? 1,
  };
  const seen = frames.map(({ takenAt, readable, detections }) => {
    const sight: LookSight = readable ? lookSight(detections, wanted) : "unreadable";
    return {
      takenAt,
      sight,
      detections: detections.map(({ label, score, box }) => ({ label, score, box: tupleOf(box) })),
    };
  });
  const best = frames.findLast(({ readable }) => readable) ?? frames.at(-1);
  if (best === undefined) throw new Error("a look without a picture");
  return {
    result: recheckVerdict(seen.map(({ sight }) => sight)),
    seenAt: best.takenAt,
    frames: seen,
    picturePath: best.path,
  };
}

function tupleOf([x1, y1, x2, y2]: readonly [number, number, number, number]): [
  number,
  number,
  number,
  number,
] {
  return [x1, y1, x2, y2];
}

async function record(context: WorkerContext, task: RecheckTask, look: StoredLook): Promise<void> {
  const { recheckId, before } = task;
  const { next } = await withTx(context.pool, (tx) =>
    recordLook(tx, systemAct(context), {
      recheckId,
      seenAt: look.seenAt,
      result: look.result,
      before,
      after: { bundlePath: recheckId, original: look.original, masked: look.masked },
      detections: look.frames,
    }),
  );
  if (next === null) return;
  // Not waited for: while Redis is away it is found in Postgres.
  context.producer
    .lookAgain(next.recheckId, next.dueAt - context.clock.now())
    .catch((err: unknown) => context.log.warn({ err, recheckId: next.recheckId }, "look not queued yet"));
}

async function end(
  context: WorkerContext,
  recheckId: string,
  state: "failed" | "cancelled",
  fault: string,
): Promise<void> {
  await withTx(context.pool, (tx) => endLook(tx, systemAct(context), recheckId, { state, fault }));
}

function systemAct({ clock }: WorkerContext): Act {
  return { actor: { kind: "system", name: "recheck-worker" }, scope: "every", at: clock.now(), newId };
}

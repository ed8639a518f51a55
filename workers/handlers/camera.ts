import { type Job, UnrecoverableError, WaitingError } from "bullmq";
import type { Camera, CameraSource } from "../../pipeline/domain/types.ts";
import { isLiveSource, sourceInput } from "../../pipeline/media/source-input.ts";
import type { Payload } from "../../queue/jobs.ts";
import { findCameraToWatch } from "../../store/camera-read-model.ts";
import { type Lease, releaseLease, renewLease, takeLease } from "../../store/lease-store.ts";
import type { HeldCamera, WatchedCamera } from "../camera/held-camera.ts";
import { LeaseKeeper } from "../camera/lease-keeper.ts";
import { LiveRun } from "../camera/live-run.ts";
import { findTools } from "../camera/media-tools.ts";
import { PausedRun } from "../camera/paused-run.ts";
import { ProgressMeter } from "../camera/progress-meter.ts";
import { watchRecording } from "../camera/recorded-run.ts";
import type { WorkerContext } from "../context.ts";

/** How soon a camera that was changed, switched off or taken by another worker is noticed. */
const BEAT_MS = 3_000;

/** Why nobody watches any more: `off` and `finished` need nobody else, the others do. */
type WatchEnd = "off" | "finished" | "shutdown" | "stale";

/**
 * Watches one camera for as long as this process lives and the camera is switched on, then hands the job on.
 * Changes of the camera are taken up without letting go of it. A recording that is to be played once ends the job
 * when it has been seen to its end.
 */
export async function watchCamera(
  context: WorkerContext,
  { cameraId }: Payload<"cameras">,
  job: Job,
  token: string,
): Promise<void> {
  const end = await context.watches.alone(cameraId, context.signal, (signal) =>
    watchWhileHeld({ ...context, log: context.log.child({ cameraId }), signal }, cameraId, job),
  );
  if (end !== "shutdown") return;
  await job.moveToWait(token);
  throw new WaitingError();
}

async function watchWhileHeld(context: WorkerContext, cameraId: string, job: Job): Promise<WatchEnd> {
  const { clock, log, pool } = context;
  const lease = await takeLease(pool, cameraId, context.workerId, clock.now());
  if (lease === undefined) return "off";
  log.info({ fence: lease.fence }, "camera taken");
  let end: WatchEnd | "changed" = "changed";
  try {
    while (end === "changed") end = await watchOneTurn(context, lease, job);
    return end;
  } finally {
    await releaseLease(pool, lease, end === "finished", clock.now()).catch((err: unknown) =>
      log.warn({ err }, "the lease could not be given back"),
    );
  }
}

/** Watches until the camera is changed, the disk is full or has room again, or anything else ends it. */
async function watchOneTurn(context: WorkerContext, lease: Lease, job: Job): Promise<WatchEnd | "changed"> {
  const { clock, config, log, pool } = context;
  // Asked before the camera is read: a change in between is noticed at the first beat.
  const { revision } = await renewLease(pool, lease);
  const found = await findCameraToWatch(pool, lease.cameraId);
  if (found === undefined) return "off";
  const camera = withSource(found);
  const held: HeldCamera = { camera, lease };
  const tools = findTools(config);
  const meter = new ProgressMeter(camera.id, clock, (progress) =>
    job.updateProgress(progress).catch((err: unknown) => log.debug({ err }, "progress not reported")),
  );
  const tell = () => void keeper.beat();
  // Asked before the state is: a change in between is not missed.
  const diskChanges = context.disk.nextChange;
  const live = context.disk.state.full
    ? new PausedRun(context, held, tell)
    : playedOnce(camera.source)
      ? undefined
      : new LiveRun(context, held, tools, meter, tell);
  const keeper = new LeaseKeeper(lease, revision, {
    pool,
    log,
    everyMs: BEAT_MS,
    onBeat: async () => live?.beat(),
  });
  const signal = AbortSignal.any([context.signal, keeper.signal]);
  try {
    // A recording would begin anew: what was left below the limit has to do for it.
    if (live === undefined) await watchRecording(context, held, tools, meter, signal);
    else await live.watch(AbortSignal.any([signal, diskChanges]));
  } finally {
    await keeper.stop();
  }
  if (keeper.end !== undefined) return keeper.end;
  if (context.signal.aborted) return "shutdown";
  return live === undefined ? "finished" : "changed";
}

function withSource(camera: Camera): WatchedCamera {
  if (camera.source === undefined) throw new UnrecoverableError(`camera ${camera.id} has no source to watch`);
  return { ...camera, source: camera.source };
}

function playedOnce(source: CameraSource): boolean {
  const { kind } = sourceInput(source);
  return !isLiveSource(kind, null) && !source.loop;
}

import { type Job, UnrecoverableError, WaitingError } from "bullmq";
import type { CameraSource } from "../../pipeline/domain/types.ts";
import { isLiveSource, sourceInput } from "../../pipeline/media/source-input.ts";
import type { Payload } from "../../queue/jobs.ts";
import { findCameraToWatch } from "../../store/camera-read-model.ts";
import { CameraWatchRun } from "../camera/watch-run.ts";
import type { WorkerContext } from "../context.ts";

/**
 * Watches one camera for as long as this process lives, then hands the job on. A recording that is played once
 * ends the job when it has been seen to its end.
 */
export async function watchCamera(
  context: WorkerContext,
  payload: Payload<"cameras">,
  job: Job,
  token: string,
): Promise<void> {
  const camera = await findCameraToWatch(context.pool, payload.cameraId);
  if (camera === undefined) return;
  if (camera.source === undefined) {
    throw new UnrecoverableError(`camera ${camera.id} has no source to watch`);
  }
  const run = new CameraWatchRun(context, { ...camera, source: camera.source }, (progress) =>
    job.updateProgress(progress),
  );
  if (playedOnce(camera.source)) await run.playOnce();
  else await run.watchLive();
  if (!context.signal.aborted) return;
  await job.moveToWait(token);
  throw new WaitingError();
}

function playedOnce(source: CameraSource): boolean {
  const { kind } = sourceInput(source);
  return !isLiveSource(kind, null) && !source.loop;
}

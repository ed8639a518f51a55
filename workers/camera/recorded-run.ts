import { CameraSession } from "../../pipeline/camera-session.ts";
import { readFrames } from "../../pipeline/media/frame-reader.ts";
import { probe } from "../../pipeline/media/probe.ts";
import type { Recording } from "../../pipeline/media/recording.ts";
import type { WorkerContext } from "../context.ts";
import type { HeldCamera } from "./held-camera.ts";
import { PROBE_TIMEOUT_MS, type Tools } from "./media-tools.ts";
import type { ProgressMeter } from "./progress-meter.ts";
import { Sealer } from "./sealer.ts";
import { detectorFor } from "./stream-detector.ts";

/** A recording from its first frame to its last. */
export async function watchRecording(
  context: WorkerContext,
  held: HeldCamera,
  tools: Tools,
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = context;
  const { camera } = held;
  const facts = await probe(camera.source.url, {
    ffprobePath: tools.ffprobePath,
    transport: camera.source.transport,
    timeoutMs: PROBE_TIMEOUT_MS,
    signal,
  });
  const detector = await detectorFor(context, camera, facts);
  const recording: Recording = { kind: "file", url: camera.source.url };
  const sealer = new Sealer(context, held, tools.ffmpegPath);
  const session = new CameraSession({
    camera,
    detector,
    log,
    events: {
      onCandidate: async (candidate) => {
        meter.candidate();
        const model = { id: detector.modelId, sha256: detector.modelSha256 };
        await sealer.seal(candidate, { recording, probe: facts, model, signal });
      },
      onFrame: (at) => meter.frame(at),
    },
  });
  // Played faster than it happened, it still must not lie in the future.
  const behindMs = camera.source.pace === "fast" ? (facts.durationSec ?? 0) * 1000 : 0;
  try {
    const result = await readFrames(
      {
        ffmpegPath: tools.ffmpegPath,
        source: camera.source,
        probe: facts,
        format: detector.format,
        fps: camera.analysis.fps,
        watch: camera.analysis.watch,
        deblock: camera.source.pace === "fast",
        startedAtMs: clock.now() - behindMs,
        maxInFlight: context.detectors.threads,
        signal,
        log,
      },
      (frame) => session.take(frame),
    );
    await session.finish(null);
    await meter.done();
    log.info({ reason: result.reason, framesAnalysed: result.framesAnalysed }, "recording seen to its end");
  } finally {
    await detector.close();
  }
}

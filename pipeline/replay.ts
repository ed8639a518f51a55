import { CameraSession } from "./camera-session.ts";
import type { Detector, Log } from "./domain/ports.ts";
import type { Camera, Candidate, FrameTime } from "./domain/types.ts";
import { readFrames } from "./media/frame-reader.ts";
import type { Probe } from "./media/probe.ts";

/** One candidate of a replayed clip, with its end and where its bundle lies. */
export interface ReplayedCandidate {
  readonly candidate: Candidate;
  /** Null when it still stood at the end of the clip. */
  readonly endedAt: FrameTime | null;
  readonly bundleDir: string;
}

export interface ReplaySummary {
  readonly framesDecoded: number;
  readonly framesAnalysed: number;
  /** Seconds of the clip that could not be read, where it broke off. */
  readonly missingSec: number;
  readonly errorLines: number;
}

export interface ReplayOptions {
  readonly clip: string;
  readonly camera: Camera;
  readonly probe: Probe;
  readonly detector: Detector;
  readonly ffmpegPath: string;
  readonly startedAtMs: number;
  /** Frames looked at in parallel: the detector's threads. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  seal(candidate: Candidate): Promise<string>;
  onFrame?(at: FrameTime): void;
}

/** The whole pipeline on a recorded clip, as fast as the machine goes, by the clip's own time. */
export async function replay(
  options: ReplayOptions,
): Promise<{ candidates: ReplayedCandidate[]; summary: ReplaySummary }> {
  const order: Candidate[] = [];
  const bundles = new Map<string, string>();
  const ends = new Map<string, FrameTime>();
  const { camera, detector, log } = options;
  const session = new CameraSession({
    camera,
    detector,
    log,
    events: {
      async onCandidate(candidate) {
        order.push(candidate);
        bundles.set(candidate.candidateId, await options.seal(candidate));
      },
      onEnded: (candidateId, endedAt) => ends.set(candidateId, endedAt),
      ...(options.onFrame ? { onFrame: (at: FrameTime) => options.onFrame?.(at) } : {}),
    },
  });
  const result = await readFrames(
    {
      ffmpegPath: options.ffmpegPath,
      source: { url: options.clip, transport: "tcp", pace: "fast", loop: false },
      probe: options.probe,
      format: detector.format,
      fps: camera.analysis.fps,
      watch: camera.analysis.watch,
      deblock: true,
      startedAtMs: options.startedAtMs,
      signal: options.signal,
      maxInFlight: options.parallel,
      log,
    },
    (frame) => session.take(frame),
  );
  await session.finish(null);
  return {
    candidates: order.map((candidate) => ({
      candidate,
      endedAt: ends.get(candidate.candidateId) ?? null,
      bundleDir: bundles.get(candidate.candidateId) ?? "",
    })),
    summary: {
      framesDecoded: result.framesDecoded ?? 0,
      framesAnalysed: result.framesAnalysed,
      missingSec: result.missingSec,
      errorLines: result.errorLines,
    },
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { CameraSession } from "../../pipeline/camera-session.ts";
import type { Frame, Log } from "../../pipeline/domain/ports.ts";
import type { Camera, CameraSource } from "../../pipeline/domain/types.ts";
import { superviseCapture } from "../../pipeline/media/capture-supervisor.ts";
import { readFrames } from "../../pipeline/media/frame-reader.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { benchCamera } from "./bench-camera.ts";
import type { BenchModel } from "./bench-model.ts";
import { treeUse } from "./process-tree.ts";

export interface CamerasContext {
  readonly ffmpegPath: string;
  readonly clip: string;
  readonly probe: Probe;
  readonly model: BenchModel;
  readonly log: Log;
}

/** What so many cameras cost. */
export interface CamerasCost {
  readonly cameras: number;
  /** Analysed. */
  readonly frames: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface LiveCost extends CamerasCost {
  /** At the end, of the whole process tree. */
  readonly rssBytes: number;
}

type Analysis = Pick<Camera["analysis"], "fps" | "watch">;

/** Live cameras begin within this time: real ones do not send their key frames at one instant. */
const START_WITHIN_MS = 2_000;

/** So many cameras on the clip once through, as fast as the machine goes: the saturated pipeline. */
export async function runFast(context: CamerasContext, cameras: number, fps: number): Promise<CamerasCost> {
  const before = treeUse().cpuMs;
  const begun = performance.now();
  const analysis = { fps, watch: "full" } as const;
  const results = await Promise.all(
    Array.from({ length: cameras }, async (_, index) => {
      const session = openSession(context, index, analysis);
      const result = await readFrames(
        {
          ...requestOf(context, analysis, "fast"),
          probe: context.probe,
          startedAtMs: Date.now(),
          signal: new AbortController().signal,
        },
        (frame) => session.take(frame),
      );
      await session.finish(null);
      return result;
    }),
  );
  return {
    cameras,
    frames: results.reduce((sum, { framesAnalysed }) => sum + framesAnalysed, 0),
    cpuMs: treeUse().cpuMs - before,
    wallMs: performance.now() - begun,
  };
}

/** So many supervised cameras in real time: measured for `windowMs`, once each of them has been seen. */
export async function runLive(
  context: CamerasContext,
  plan: Analysis & { readonly cameras: number; readonly windowMs: number },
): Promise<LiveCost> {
  // One each: a signal that many wait for warns of a leak.
  const stops = Array.from({ length: plan.cameras }, () => new AbortController());
  const tally = new Tally(plan.cameras);
  const ended = Promise.all(
    stops.map(async ({ signal }, index) => {
      await sleep((START_WITHIN_MS * index) / plan.cameras);
      await watchLive(context, index, plan, signal, () => tally.count(index));
    }),
  );
  try {
    // Cameras end only by a fault, which the race passes on.
    await Promise.race([tally.allSeen, ended]);
    const begin = { ...treeUse(), at: performance.now(), frames: tally.frames };
    await Promise.race([sleep(plan.windowMs), ended]);
    const end = { ...treeUse(), at: performance.now(), frames: tally.frames };
    return {
      cameras: plan.cameras,
      frames: end.frames - begin.frames,
      cpuMs: end.cpuMs - begin.cpuMs,
      wallMs: end.at - begin.at,
      rssBytes: end.rssBytes,
    };
  } finally {
    for (const stop of stops) stop.abort();
    await ended;
  }
}

async function watchLive(
  context: CamerasContext,
  index: number,
  analysis: Analysis,
  signal: AbortSignal,
  onAnalysed: () => void,
): Promise<void> {
  const session = openSession(context, index, analysis);
  await superviseCapture(
    { ...requestOf(context, analysis, "live"), signal, probeSource: async () => context.probe },
    async (frame: Frame) => {
      await session.take(frame);
      onAnalysed();
    },
  );
  await session.finish(null);
}

/** The same as a worker puts together; what it finds is sealed nowhere, since nothing stands long enough. */
function openSession({ clip, model, log }: CamerasContext, index: number, analysis: Analysis): CameraSession {
  const id = `bench-${index}`;
  return new CameraSession({
    camera: benchCamera(id, sourceOf(clip, "live"), { ...analysis, model: model.id }),
    detector: model.detectorFor(id),
    log,
    events: { onCandidate: async () => undefined },
  });
}

function requestOf(
  { ffmpegPath, clip, model, log }: CamerasContext,
  analysis: Analysis,
  pace: "fast" | "live",
) {
  return {
    ffmpegPath,
    source: sourceOf(clip, pace),
    format: model.format,
    fps: analysis.fps,
    watch: analysis.watch,
    maxInFlight: model.threads,
    log,
  };
}

function sourceOf(url: string, pace: "fast" | "live"): CameraSource {
  return { url, transport: "tcp", pace, loop: pace === "live" };
}

/** Counts frames, and knows when every camera has delivered one. */
class Tally {
  readonly allSeen: Promise<void>;
  frames = 0;
  readonly #unseen: Set<number>;
  #seen: () => void = () => undefined;

  constructor(cameras: number) {
    this.#unseen = new Set(Array.from({ length: cameras }, (_, index) => index));
    this.allSeen = new Promise((resolve) => {
      this.#seen = resolve;
    });
  }

  count(index: number): void {
    this.frames += 1;
    this.#unseen.delete(index);
    if (this.#unseen.size === 0) this.#seen();
  }
}

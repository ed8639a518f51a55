import { createHash } from "node:crypto";
import { join } from "node:path";
import { CameraSession } from "../../pipeline/camera-session.ts";
import type { Detector } from "../../pipeline/domain/ports.ts";
import type { Candidate } from "../../pipeline/domain/types.ts";
import { superviseCapture } from "../../pipeline/media/capture-supervisor.ts";
import { type Probe, probe } from "../../pipeline/media/probe.ts";
import { SegmentRing } from "../../pipeline/media/segment-ring.ts";
import type { WorkerContext } from "../context.ts";
import type { HeldCamera } from "./held-camera.ts";
import { PROBE_TIMEOUT_MS, type Tools } from "./media-tools.ts";
import type { ProgressMeter } from "./progress-meter.ts";
import { Sealer } from "./sealer.ts";
import { detectorFor } from "./stream-detector.ts";

/** The ring reaches back over the longest dwell and this much more: the clip's margins, closing segments, delays. */
const RING_MARGIN_SEC = 90;
const RING_MAX_BYTES = 2 * 1024 ** 3;

/** One live camera: capture, detector, session, ring and sealing put together for as long as its signal lets it. */
export class LiveRun {
  readonly #context: WorkerContext;
  readonly #held: HeldCamera;
  readonly #tools: Tools;
  readonly #meter: ProgressMeter;
  readonly #sealer: Sealer;
  #probe: Probe | undefined;

  constructor(context: WorkerContext, held: HeldCamera, tools: Tools, meter: ProgressMeter) {
    this.#context = context;
    this.#held = held;
    this.#tools = tools;
    this.#meter = meter;
    this.#sealer = new Sealer(context, held, tools.ffmpegPath);
  }

  async watch(signal: AbortSignal): Promise<void> {
    const { log } = this.#context;
    const { camera } = this.#held;
    const detector = await this.#context.detectors.get(camera.analysis.model);
    const ring = await this.#openRing();
    const session = this.#session(detector, ring);
    try {
      await superviseCapture(
        {
          ffmpegPath: this.#tools.ffmpegPath,
          source: camera.source,
          format: detector.format,
          fps: camera.analysis.fps,
          watch: camera.analysis.watch,
          maxInFlight: this.#context.detectors.threads,
          signal,
          ring,
          log,
          probeSource: (abort) => this.#ask(abort),
        },
        (frame) => session.take(frame),
      );
      await session.finish(null);
    } finally {
      await ring.close();
    }
  }

  /** Says how it fares, every few seconds. */
  async beat(): Promise<void> {
    this.#context.log.debug({ cameraId: this.#held.camera.id }, "watching");
  }

  #openRing(): Promise<SegmentRing> {
    const { config, log } = this.#context;
    const { camera } = this.#held;
    return SegmentRing.open({
      dir: join(config.dataDir, "rings", camera.id),
      maxAgeSec: Math.max(0, ...camera.rules.map((rule) => rule.dwellSeconds)) + RING_MARGIN_SEC,
      maxBytes: RING_MAX_BYTES,
      log,
    });
  }

  async #ask(signal: AbortSignal): Promise<Probe> {
    const { url, transport } = this.#held.camera.source;
    this.#probe = await probe(url, {
      ffprobePath: this.#tools.ffprobePath,
      transport,
      timeoutMs: PROBE_TIMEOUT_MS,
      signal,
    });
    return this.#probe;
  }

  #session(detector: Detector, ring: SegmentRing): CameraSession {
    return new CameraSession({
      camera: this.#held.camera,
      detector,
      log: this.#context.log,
      events: {
        onCandidate: (candidate) => this.#seal(candidate, detector, ring),
        onFrame: (at) => this.#meter.frame(at),
      },
    });
  }

  async #seal(candidate: Candidate, detector: Detector, ring: SegmentRing): Promise<void> {
    this.#meter.candidate();
    if (this.#probe === undefined) throw new Error("a candidate without a probed source");
    await this.#sealer.seal(candidate, {
      recording: { kind: "ring", ring },
      probe: this.#probe,
      model: { id: detector.modelId, sha256: detector.modelSha256 },
    });
  }
}

/** What a watch state depends on: under other zones or rules it means nothing. */
export function documentHash({ camera }: HeldCamera): string {
  const { zones, rules, analysis } = camera;
  return createHash("sha256").update(JSON.stringify({ zones, rules, analysis })).digest("hex");
}

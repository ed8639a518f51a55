import { join } from "node:path";
import { provisionIdsOf, violationOf } from "../../config/legal-basis.ts";
import { CameraSession } from "../../pipeline/camera-session.ts";
import type { Camera, CameraSource, Candidate, FrameTime } from "../../pipeline/domain/types.ts";
import { superviseCapture } from "../../pipeline/media/capture-supervisor.ts";
import { readFrames } from "../../pipeline/media/frame-reader.ts";
import { type Probe, probe } from "../../pipeline/media/probe.ts";
import type { Recording } from "../../pipeline/media/recording.ts";
import { SegmentRing } from "../../pipeline/media/segment-ring.ts";
import { sealCandidate } from "../../pipeline/sealing.ts";
import { findTool } from "../../runtime/tools.ts";
import { softwareName, softwareVersion } from "../../runtime/version.ts";
import type { WorkerContext } from "../context.ts";
import { ProgressMeter, type WatchProgress } from "./progress-meter.ts";

type WatchedCamera = Camera & { readonly source: CameraSource };

const PROBE_TIMEOUT_MS = 20_000;
/** The ring reaches back over the longest dwell and this much more: the clip's margins, closing segments, delays. */
const RING_MARGIN_SEC = 90;
const RING_MAX_BYTES = 2 * 1024 ** 3;

/** One camera watched by one process: capture, session, sealing and the queue put together. */
export class CameraWatchRun {
  readonly #context: WorkerContext;
  readonly #camera: WatchedCamera;
  readonly #meter: ProgressMeter;
  readonly #ffmpegPath: string;
  readonly #ffprobePath: string;
  #probe: Probe | undefined;

  constructor(
    context: WorkerContext,
    camera: WatchedCamera,
    report: (progress: WatchProgress) => Promise<void>,
  ) {
    this.#context = { ...context, log: context.log.child({ cameraId: camera.id }) };
    this.#camera = camera;
    this.#ffmpegPath = findTool("ffmpeg", context.config);
    this.#ffprobePath = findTool("ffprobe", context.config);
    this.#meter = new ProgressMeter(camera.id, context.clock, (progress) =>
      report(progress).catch((err: unknown) => context.log.debug({ err }, "progress not reported")),
    );
  }

  /** A recording from its first frame to its last. */
  async playOnce(): Promise<void> {
    const { clock, log, signal, detectors } = this.#context;
    const { source, analysis } = this.#camera;
    const detector = await detectors.get(analysis.model);
    const facts = await this.#ask(signal);
    const session = this.#session(detector, { kind: "file", url: source.url });
    // Played faster than it happened, it still must not lie in the future.
    const behindMs = source.pace === "fast" ? (facts.durationSec ?? 0) * 1000 : 0;
    const result = await readFrames(
      {
        ...this.#reading(detector.format),
        source,
        probe: facts,
        startedAtMs: clock.now() - behindMs,
        signal,
        log,
      },
      (frame) => session.take(frame),
    );
    await session.finish(null);
    await this.#meter.done();
    log.info({ reason: result.reason, framesAnalysed: result.framesAnalysed }, "recording seen to its end");
  }

  /** A stream, reconnected whenever it breaks, until this program ends. */
  async watchLive(): Promise<void> {
    const { config, log, signal, detectors } = this.#context;
    const { source, analysis, rules } = this.#camera;
    const detector = await detectors.get(analysis.model);
    const ring = await SegmentRing.open({
      dir: join(config.dataDir, "rings", this.#camera.id),
      maxAgeSec: Math.max(0, ...rules.map((rule) => rule.dwellSeconds)) + RING_MARGIN_SEC,
      maxBytes: RING_MAX_BYTES,
      log,
    });
    const session = this.#session(detector, { kind: "ring", ring });
    try {
      await superviseCapture(
        {
          ...this.#reading(detector.format),
          source,
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

  #reading(format: Parameters<typeof readFrames>[0]["format"]) {
    const { fps, watch } = this.#camera.analysis;
    return { ffmpegPath: this.#ffmpegPath, format, fps, watch, maxInFlight: this.#context.detectors.threads };
  }

  async #ask(signal: AbortSignal): Promise<Probe> {
    const { url, transport } = this.#camera.source;
    this.#probe = await probe(url, {
      ffprobePath: this.#ffprobePath,
      transport,
      timeoutMs: PROBE_TIMEOUT_MS,
      signal,
    });
    return this.#probe;
  }

  #session(
    detector: ConstructorParameters<typeof CameraSession>[0]["detector"],
    recording: Recording,
  ): CameraSession {
    return new CameraSession({
      camera: this.#camera,
      detector,
      log: this.#context.log,
      events: {
        onCandidate: async (candidate) => {
          this.#meter.candidate();
          await this.#seal(candidate, recording, { id: detector.modelId, sha256: detector.modelSha256 });
        },
        onFrame: (at: FrameTime) => this.#meter.frame(at),
      },
    });
  }

  async #seal(
    candidate: Candidate,
    recording: Recording,
    model: { id: string; sha256: string },
  ): Promise<void> {
    const { clock, config, desk, log, producer, signal } = this.#context;
    if (this.#probe === undefined) throw new Error("a candidate without a probed source");
    await sealCandidate({
      desk,
      candidate,
      camera: this.#camera,
      probe: this.#probe,
      recording,
      ffmpegPath: this.#ffmpegPath,
      model,
      software: { name: softwareName, version: softwareVersion },
      clockSource: "system",
      legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
      createdAt: clock.now(),
      signal,
      log,
    });
    log.info({ candidateId: candidate.candidateId, dataDir: config.dataDir }, "candidate sealed");
    // Redis may be away: the bundle is in the spool, and the spool is queued again at every start.
    await producer.storeEvidence(candidate.candidateId);
  }
}

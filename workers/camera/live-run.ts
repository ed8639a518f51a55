import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CameraSession } from "../../pipeline/camera-session.ts";
import { isConfirmed, type Look } from "../../pipeline/confirm/confirm-candidate.ts";
import { CameraHealth } from "../../pipeline/domain/health/camera-health.ts";
import { type HealthKind, suspends } from "../../pipeline/domain/health/kinds.ts";
import type { Detector, Frame, FrameFormat } from "../../pipeline/domain/ports.ts";
import type { Candidate } from "../../pipeline/domain/types.ts";
import { type CaptureState, superviseCapture } from "../../pipeline/media/capture-supervisor.ts";
import { newFrameCounts } from "../../pipeline/media/frame-delivery.ts";
import { memoryFolder } from "../../pipeline/media/memory-folder.ts";
import { sweepOrphans } from "../../pipeline/media/orphans.ts";
import { type Probe, probe } from "../../pipeline/media/probe.ts";
import { recordRing } from "../../pipeline/media/ring-recorder.ts";
import { SegmentRing } from "../../pipeline/media/segment-ring.ts";
import type { ClockFacts } from "../../pipeline/media/stream-clock.ts";
import { readStretch } from "../../pipeline/media/stretch-reader.ts";
import type { WorkerContext } from "../context.ts";
import { CameraReport } from "./camera-report.ts";
import { memoryRings } from "./clear-memory.ts";
import type { HeldCamera } from "./held-camera.ts";
import { PROBE_TIMEOUT_MS, type Tools } from "./media-tools.ts";
import type { ProgressMeter } from "./progress-meter.ts";
import { Sealer } from "./sealer.ts";
import { detectorFor } from "./stream-detector.ts";
import { findWatchMemory, saveWatchMemory, type WatchMemory } from "./watch-memory.ts";

/** The ring reaches back over the longest dwell and this much more: the clip's margins, closing segments, delays. */
const RING_MARGIN_SEC = 90;
const RING_MAX_BYTES = 2 * 1024 ** 3;
/** Of a camera with privacy masks, whose ring is in memory: seven minutes at 4 Mbit/s. */
const MEMORY_RING_MAX_BYTES = 256 * 1024 ** 2;
/** Where nothing moves, what stands is looked at all the same so often. */
const HEARTBEAT_MS = 2_000;
/** The closer look at what key frames suggest: so long before and after the trigger, so many frames a second. */
const CONFIRM_SEC = 1.5;
const CONFIRM_FPS = 5;
/** Sightings below count for nothing but keeping tracks alive. */
const CONFIRM_SCORE = 0.1;

/** What is made for one kind of stream, and made anew when the camera comes back with another. */
interface Fitted {
  readonly streamKey: string;
  readonly detector: Detector;
  readonly session: CameraSession;
}

/** One live camera: capture, health, detector, session, ring and sealing for as long as the signal lets it. */
export class LiveRun {
  readonly #context: WorkerContext;
  readonly #held: HeldCamera;
  readonly #tools: Tools;
  readonly #meter: ProgressMeter;
  readonly #sealer: Sealer;
  readonly #counts = newFrameCounts();
  readonly #report: CameraReport;
  #health = new CameraHealth();
  #memory: WatchMemory | undefined;
  #fitted: Fitted | undefined;
  #ring: SegmentRing | undefined;
  /** Of the stream that is kept for evidence. */
  #evidenceProbe: Probe | undefined;
  #capture: CaptureState | undefined;
  #clock: ClockFacts | undefined;
  /** Recording ends with it, and whatever waits for more of it. */
  #signal = AbortSignal.abort();
  #suspendedBy: HealthKind | undefined;
  #motion = true;
  #analysedAt = Number.NEGATIVE_INFINITY;
  readonly #onSeeing: () => void;
  /** How far the frames' time line is ahead of the wall clock, in seconds. */
  #lineAheadSec = 0;

  /** @param onSeeing the camera gives pictures, for the first time or again: the others should know at once */
  constructor(
    context: WorkerContext,
    held: HeldCamera,
    tools: Tools,
    meter: ProgressMeter,
    onSeeing: () => void,
  ) {
    this.#onSeeing = onSeeing;
    this.#context = context;
    this.#held = held;
    this.#tools = tools;
    this.#meter = meter;
    this.#sealer = new Sealer(context, held, tools.ffmpegPath);
    this.#report = new CameraReport(context, held);
  }

  async watch(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const { detectors, log } = this.#context;
    const { source, analysis } = this.#held.camera;
    const orphans = sweepOrphans(this.#context.childrenDir);
    if (orphans > 0) log.warn({ orphans }, "ended what a killed worker had left running");
    this.#memory = await findWatchMemory(this.#context, this.#held);
    this.#health = new CameraHealth(this.#memory?.health);
    const ring = await this.#openRing();
    this.#ring = ring;
    const recording = source.subUrl === undefined ? undefined : this.#recordMain(ring, signal);
    try {
      await superviseCapture(
        {
          ffmpegPath: this.#tools.ffmpegPath,
          source: { ...source, url: source.subUrl ?? source.url },
          probeSource: (abort) => this.#ask(abort),
          format: (facts) => this.#fit(facts),
          fps: analysis.fps,
          watch: analysis.watch,
          maxInFlight: detectors.threads,
          counts: this.#counts,
          signal,
          ...(recording === undefined ? { ring } : {}),
          log,
          onState: (state) => this.#hearState(state),
          onClock: (facts) => {
            this.#clock = facts;
          },
        },
        (frame) => this.#look(frame),
      );
      await recording;
    } finally {
      await this.#putDown(ring);
    }
  }

  /** Writes what supervisors and the next worker need to know. */
  async beat(): Promise<void> {
    const { clock } = this.#context;
    if (this.#clock !== undefined) this.#health.clock(this.#clock, clock.now());
    const acceptedAt = await this.#report.viewAcceptedSince(this.#health.viewAcceptedAt);
    if (acceptedAt !== undefined) this.#health.acceptView(acceptedAt);
    await this.#report.send({
      kind: this.#kind,
      capture: this.#capture,
      counts: this.#counts,
      session: this.#fitted?.session,
      clock: this.#clock,
      ring: this.#ring,
    });
    await this.#remember();
  }

  /** A disk that is full is told at once, though what is being sealed may take minutes to end. */
  get #kind(): HealthKind | undefined {
    if (this.#context.disk.state.full) return "disk_full";
    return this.#isOpening ? undefined : this.#health.kind;
  }

  /** For the first time: nobody can say yet what the camera shows. */
  get #isOpening(): boolean {
    return (
      this.#capture === undefined || (this.#capture.phase === "starting" && this.#capture.restarts === 0)
    );
  }

  #hearState(state: CaptureState): void {
    const saw = this.#capture?.phase === "running";
    this.#capture = state;
    if (state.phase === "running" && !saw) this.#onSeeing();
    this.#health.stream(state.phase === "running");
  }

  /** One frame: first whether the camera sees, then what it sees. */
  async #look(frame: Frame): Promise<void> {
    const { session, detector } = this.#current();
    const { pixels, sourceWidth, sourceHeight, at } = frame;
    this.#lineAheadSec = at.ptsSec - at.capturedAt / 1000;
    this.#report.frame(at);
    const seen = this.#health.frame(pixels, detector.format, sourceWidth, sourceHeight, at);
    if (suspends(seen.kind)) {
      await this.#suspend(session, seen.kind);
      return;
    }
    this.#suspendedBy = undefined;
    this.#motion = seen.motion;
    await session.take(frame);
  }

  /** Nothing is enforced on what such a picture shows; under a moved view the zones mean other places, too. */
  async #suspend(session: CameraSession, kind: HealthKind): Promise<void> {
    if (this.#suspendedBy === kind) return;
    this.#suspendedBy = kind;
    this.#context.log.warn({ kind }, "enforcement suspended: the camera does not see what it should");
    await (kind === "view_moved" ? session.forgetPlaces() : session.suspend());
  }

  /** Whether a frame has to be analysed; asked in order. */
  #gate(frame: Frame): "analyse" | "skip" {
    const due = frame.at.capturedAt - this.#analysedAt >= HEARTBEAT_MS;
    if (this.#held.camera.analysis.watch === "full" && !this.#motion && !due) return "skip";
    this.#analysedAt = frame.at.capturedAt;
    this.#health.analysed();
    return "analyse";
  }

  async #openRing(): Promise<SegmentRing> {
    const { config, log } = this.#context;
    const { camera } = this.#held;
    const isMasked = camera.privacyMasks.length > 0;
    const onDisk = join(config.dataDir, "rings", camera.id);
    // What lies behind masks may not be on a disk for a moment, nor stay there from before it had some (domain C-03).
    if (isMasked) await rm(onDisk, { recursive: true, force: true });
    const inMemory = isMasked
      ? join(memoryRings(await memoryFolder(config.memoryDir)), camera.id)
      : undefined;
    return SegmentRing.open({
      dir: inMemory ?? onDisk,
      maxAgeSec: Math.max(0, ...camera.rules.map((rule) => rule.dwellSeconds)) + RING_MARGIN_SEC,
      maxBytes: isMasked ? MEMORY_RING_MAX_BYTES : RING_MAX_BYTES,
      log,
    });
  }

  #recordMain(ring: SegmentRing, signal: AbortSignal): Promise<void> {
    const { log } = this.#context;
    const { source } = this.#held.camera;
    const secAt = (atMs: number) => atMs / 1000 + this.#lineAheadSec;
    return recordRing({ ffmpegPath: this.#tools.ffmpegPath, source, ring, secAt, signal, log });
  }

  async #ask(signal: AbortSignal): Promise<Probe> {
    const { url, subUrl, transport } = this.#held.camera.source;
    const ask = (which: string) =>
      probe(which, {
        ffprobePath: this.#tools.ffprobePath,
        transport,
        timeoutMs: PROBE_TIMEOUT_MS,
        signal,
      });
    this.#evidenceProbe = await ask(url);
    return subUrl === undefined ? this.#evidenceProbe : ask(subUrl);
  }

  /** Detector and session for such a stream; those there are when nothing about it has changed. */
  async #fit(facts: Probe): Promise<FrameFormat> {
    const streamKey = JSON.stringify([facts.width, facts.height, facts.colourMatrix]);
    if (this.#fitted?.streamKey === streamKey) return this.#fitted.detector.format;
    const detector = await detectorFor(this.#context, this.#held.camera, facts);
    const before = this.#fitted;
    await before?.session.settle();
    const resume = before === undefined ? this.#memory?.watch : before.session.snapshot();
    this.#fitted = { streamKey, detector, session: this.#openSession(detector, resume) };
    await before?.detector.close();
    return detector.format;
  }

  #openSession(detector: Detector, resume: unknown): CameraSession {
    const { camera } = this.#held;
    const events = {
      onCandidate: (candidate: Candidate) => this.#seal(candidate),
      onFrame: (at: Frame["at"]) => this.#meter.frame(at),
      onRetracted: (candidate: Candidate) => void this.#sealer.discard(candidate),
    };
    const options = {
      camera,
      detector,
      log: this.#context.log,
      events,
      gate: (frame: Frame) => this.#gate(frame),
      ...(camera.analysis.watch === "keyframes"
        ? { confirm: (candidate: Candidate) => this.#confirm(candidate) }
        : {}),
    };
    try {
      return new CameraSession({ ...options, ...(resume == null ? {} : { resume }) });
    } catch (err) {
      if (resume == null) throw err;
      this.#context.log.warn({ err }, "what was watched before cannot be taken up; beginning anew");
      return new CameraSession(options);
    }
  }

  /** Key frames are seconds apart: before anything is sealed, every frame around the trigger is looked at. */
  async #confirm(candidate: Candidate): Promise<boolean> {
    const { camera } = this.#held;
    const { detector } = this.#current();
    const rule = camera.rules.find(({ id }) => id === candidate.ruleId);
    const ring = this.#ring;
    if (rule === undefined || ring === undefined || this.#evidenceProbe === undefined) return false;
    const trigger = candidate.triggeredAt.ptsSec;
    await ring.waitUntil(trigger + CONFIRM_SEC, this.#signal);
    const looks: Look[] = [];
    await readStretch(
      {
        ffmpegPath: this.#tools.ffmpegPath,
        recording: { kind: "ring", ring },
        startSec: trigger - CONFIRM_SEC,
        endSec: trigger + CONFIRM_SEC,
        fps: CONFIRM_FPS,
        format: detector.format,
        probe: this.#evidenceProbe,
        maxInFlight: 1,
        signal: this.#context.signal,
        log: this.#context.log,
      },
      async (frame) => {
        const detections = await detector.detect(frame, CONFIRM_SCORE);
        looks.push({ at: frame.at.ptsSec * 1000, detections });
      },
    );
    return isConfirmed(candidate, rule, looks);
  }

  async #seal(candidate: Candidate): Promise<void> {
    this.#meter.candidate();
    const { detector } = this.#current();
    if (this.#ring === undefined || this.#evidenceProbe === undefined)
      throw new Error("a candidate before its camera was opened");
    await this.#sealer.seal(candidate, {
      recording: { kind: "ring", ring: this.#ring },
      probe: this.#evidenceProbe,
      model: { id: detector.modelId, sha256: detector.modelSha256 },
      signal: this.#signal,
    });
  }

  #current(): Fitted {
    if (this.#fitted === undefined) throw new Error("a frame before its format was asked for");
    return this.#fitted;
  }

  /** Keeps what a next worker has to know; nothing while a candidate is on its way, so that it is not lost. */
  async #remember(): Promise<void> {
    const watch = this.#fitted?.session.snapshot();
    if (watch == null) return;
    await saveWatchMemory(this.#context, this.#held, { watch, health: this.#health.state() });
  }

  async #putDown(ring: SegmentRing): Promise<void> {
    const { log } = this.#context;
    await this.#fitted?.session.settle();
    await this.#remember().catch((err: unknown) =>
      log.warn({ err }, "what was watched could not be kept for the next worker"),
    );
    await this.#fitted?.detector.close();
    await ring.close();
    // Not waited for: progress is told to Redis, which may be away.
    void this.#meter.done();
    this.#report.close();
  }
}

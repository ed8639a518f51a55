import type { FrameFormat } from "../ports.ts";
import { BadSnapshotError, literal, num, record } from "../shape.ts";
import type { EpochMs, FrameTime } from "../types.ts";
import { edgeField } from "./edge-field.ts";
import { cellMeans, medianChange, POINTS, samplePoints } from "./frame-stats.ts";
import { HealthJudge, healthJudgeShape } from "./health-judge.ts";
import type { HealthKind } from "./kinds.ts";
import { lumaOf } from "./luma.ts";
import { MotionGate } from "./motion-gate.ts";
import { SceneMemory, type SceneVerdict, sceneMemoryShape } from "./scene-memory.ts";

/** The scene is looked at no more often than this; what passes by is averaged over as long again. */
const LOOK_MS = 1_000;
const BLEND_MS = 2_000;
/** Frames further apart than this have nothing to do with one another. */
const LONGEST_GAP_MS = 30_000;
/** Median change between frames → standard deviation of a point of one. */
const NOISE_OF_CHANGE = 1 / 0.954;
const NOISE_WEIGHT = 0.05;
/** More is no noise but light that changes. */
const MOST_NOISE = 8;
/** Most of the picture is another one: what was averaged before says nothing of it. */
const SUDDEN_CHANGE = 20;
/** A picture that repeats so often in a row stands still. */
const REPEATS = 3;
/** Off by more than this, times on the evidence are wrong; back within half of it they are right again. */
const CLOCK_OFF_MS = 2_000;
const DRIFT_PPM = 1_000;

const VERSION = 1;
const snapshotShape = record({
  version: literal(VERSION),
  memory: sceneMemoryShape,
  judge: healthJudgeShape,
  noise: num,
  viewAcceptedAt: num,
});

export interface FrameHealth {
  readonly kind: HealthKind;
  /** Something moved since the frame that was analysed last; true when none was. */
  readonly motion: boolean;
}

/**
 * Says of every moment whether a camera saw. One per camera, fed with every frame the worker gets, whether or
 * not it is analysed; some 0.1 ms per frame and half a millisecond once a second.
 */
export class CameraHealth {
  readonly #memory: SceneMemory;
  readonly #judge: HealthJudge;
  readonly #gate = new MotionGate();
  #points = new Float32Array(POINTS);
  #before = new Float32Array(POINTS);
  readonly #blend = new Float32Array(POINTS);
  #noise: number;
  #checksum: number | undefined;
  #repeats = 0;
  #frameAt: EpochMs | undefined;
  #lookAt: EpochMs | undefined;
  #clockAt: EpochMs | undefined;
  #running = false;
  #viewAcceptedAt: EpochMs;

  /**
   * @param resume what `state()` of an earlier watch of the same camera gave; nothing of it is trusted, and one
   *   of another making is left aside: the scene is then learnt anew
   */
  constructor(resume?: unknown) {
    const from = resume === undefined ? undefined : readSnapshot(resume);
    this.#memory = new SceneMemory(from?.memory);
    this.#judge = new HealthJudge(from?.judge);
    this.#noise = from?.noise ?? 0;
    this.#viewAcceptedAt = from?.viewAcceptedAt ?? 0;
  }

  /** JSON-serialisable: learnt fingerprints and faults, for whoever watches next. */
  state(): object {
    return {
      version: VERSION,
      memory: this.#memory.state(),
      judge: this.#judge.state(),
      noise: this.#noise,
      viewAcceptedAt: this.#viewAcceptedAt,
    };
  }

  get kind(): HealthKind {
    return this.#running ? (this.#judge.fault ?? "watched") : "offline";
  }

  /** One frame as it comes from the decoder. Frames out of order or of the same instant are looked at for motion only. */
  frame(
    pixels: Uint8Array,
    format: FrameFormat,
    sourceWidth: number,
    sourceHeight: number,
    at: FrameTime,
  ): FrameHealth {
    [this.#points, this.#before] = [this.#before, this.#points];
    const checksum = samplePoints(lumaOf(pixels, format, sourceWidth, sourceHeight), this.#points);
    const sinceMs = this.#frameAt === undefined ? undefined : at.capturedAt - this.#frameAt;
    this.#frameAt = at.capturedAt;
    this.#running = true;
    if (sinceMs === undefined || sinceMs < 0 || sinceMs > LONGEST_GAP_MS) this.#beginAnew(at.capturedAt);
    else if (sinceMs > 0) this.#goOn(checksum, sinceMs, at.capturedAt);
    this.#checksum = checksum;
    return { kind: this.kind, motion: this.#gate.moved(this.#points, this.#noise) };
  }

  /** The last frame given is being analysed: `motion` counts from it. */
  analysed(): void {
    this.#gate.analysed(this.#points);
  }

  /** Whether the stream runs. Offline lasts until the next frame, not until the next try. */
  stream(running: boolean): void {
    if (running) return;
    this.#running = false;
    this.#frameAt = undefined;
  }

  /** The stream's clock against ours, every few seconds. */
  clock({ offsetMs, driftPpm }: { offsetMs: number; driftPpm: number }, nowMs: EpochMs): void {
    const limit = this.#judge.has("clock_off") ? 0.5 : 1;
    const isOff = Math.abs(offsetMs) > limit * CLOCK_OFF_MS || Math.abs(driftPpm) > limit * DRIFT_PPM;
    if (this.#clockAt !== undefined) this.#judge.look("clock_off", isOff, Math.max(0, nowMs - this.#clockAt));
    this.#clockAt = nowMs;
  }

  /** When a person last accepted the view, as far as this camera's watches were told; 0 never. */
  get viewAcceptedAt(): EpochMs {
    return this.#viewAcceptedAt;
  }

  /**
   * A person said at `acceptedAt` that the view is as it should be: it is learnt anew. Telling it twice changes
   * nothing.
   */
  acceptView(acceptedAt: EpochMs): void {
    if (acceptedAt <= this.#viewAcceptedAt) return;
    this.#viewAcceptedAt = acceptedAt;
    this.#memory.forget();
    this.#judge.clear("view_moved");
    this.#judge.clear("covered");
  }

  #beginAnew(at: EpochMs): void {
    this.#blend.set(this.#points);
    this.#repeats = 0;
    this.#lookAt = at;
  }

  #goOn(checksum: number, sinceMs: number, at: EpochMs): void {
    this.#repeats = checksum === this.#checksum ? this.#repeats + 1 : 0;
    this.#judge.look("frozen", this.#repeats >= REPEATS, sinceMs);
    const change = medianChange(this.#points, this.#before);
    this.#noise += NOISE_WEIGHT * (Math.min(MOST_NOISE, change * NOISE_OF_CHANGE) - this.#noise);
    const weight = change >= SUDDEN_CHANGE ? 1 : 1 - Math.exp(-sinceMs / BLEND_MS);
    for (let point = 0; point < POINTS; point++) {
      const old = this.#blend[point] ?? 0;
      this.#blend[point] = old + weight * ((this.#points[point] ?? 0) - old);
    }
    const lookMs = at - (this.#lookAt ?? at);
    if (lookMs < LOOK_MS) return;
    this.#lookAt = at;
    this.#look(this.#noise * Math.sqrt(weight / (2 - weight)), lookMs, at);
  }

  #look(noise: number, lookMs: number, at: EpochMs): void {
    const field = edgeField(this.#blend, noise);
    const means = cellMeans(this.#blend);
    const verdict: SceneVerdict = this.#memory.judge(field, means);
    const isGood = verdict === "familiar" || verdict === "unfamiliar";
    this.#judge.look("blind", verdict === "blind", lookMs);
    // Of what is not seen nothing is known: neither that the view came back nor that it is still gone.
    if (verdict !== "blind") {
      this.#judge.look("covered", verdict === "covered", lookMs);
      this.#judge.look("view_moved", verdict === "moved", lookMs);
    }
    // What is learnt while anything is amiss would be learnt wrong.
    if (isGood && this.#judge.fault === undefined) this.#memory.learn(verdict, field, means, lookMs, at);
  }
}

function readSnapshot(resume: unknown): ReturnType<typeof snapshotShape> | undefined {
  try {
    return snapshotShape(resume, "");
  } catch (error) {
    if (error instanceof BadSnapshotError) return undefined;
    throw error;
  }
}

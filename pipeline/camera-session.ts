import { createHash } from "node:crypto";
import type { Detector, Frame, Log } from "./domain/ports.ts";
import type { Camera, Candidate, FrameTime, WatchEvent } from "./domain/types.ts";
import { CameraWatch } from "./domain/watch.ts";
import type { WatchSnapshot } from "./domain/watch-snapshot.ts";

/** Low-score detections keep tracks alive; no rule fires on them alone. */
const LOWEST_SCORE = 0.1;

export interface SessionEvents {
  /**
   * Must be idempotent by candidate id. Awaited before the session ends; not before the next frame is looked at.
   * When it rejects, the candidate is taken back and triggers again under the same id (`CameraWatch.retract`).
   */
  onCandidate(candidate: Candidate): Promise<void>;
  onEnded?(candidateId: string, endedAt: FrameTime): void;
  /** After a frame that was analysed. */
  onFrame?(at: FrameTime): void;
  /** After a frame that the gate let pass unseen. */
  onSkipped?(at: FrameTime): void;
  /** A candidate that `confirm` did not bear out. */
  onRetracted?(candidate: Candidate): void;
}

export interface SessionOptions {
  readonly camera: Camera;
  readonly detector: Detector;
  readonly events: SessionEvents;
  readonly log: Log;
  /** Snapshot of an earlier session of this camera; checked. `watch.bad_snapshot`: begin without it. */
  readonly resume?: unknown;
  /**
   * Asked for every frame in order, before it is analysed. `skip`: nothing has moved since the last frame for which
   * the answer was `analyse`.
   */
  readonly gate?: (frame: Frame) => "analyse" | "skip";
  /** A closer look before a candidate is passed on; false, or a rejection, takes it back for a while. */
  readonly confirm?: (candidate: Candidate) => Promise<boolean>;
}

/** What a session has done since it began. */
export interface SessionCounts {
  readonly analysed: number;
  readonly skipped: number;
  readonly confirmed: number;
  readonly retracted: number;
}

/**
 * From frames to candidates for one camera: detect (several frames at once where there are threads), then track
 * and judge strictly in order.
 */
export class CameraSession {
  readonly #watch: CameraWatch;
  readonly #options: SessionOptions;
  /** Being confirmed or sealed, by candidate id; settles with whether it was confirmed. */
  readonly #confirming = new Map<string, Promise<boolean>>();
  readonly #pending = new Set<Promise<void>>();
  /** By candidate id; gone when a later try succeeds. */
  readonly #failures = new Map<string, unknown>();
  readonly #counts = { analysed: 0, skipped: 0, confirmed: 0, retracted: 0 };
  #order: Promise<void> = Promise.resolve();
  /** The last frame that was to be analysed could not be: nothing can be said of those like it. */
  #lookFailed = false;

  /** Throws what `CameraWatch` throws. */
  constructor(options: SessionOptions) {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    this.#watch = new CameraWatch(options.camera, { hash }, { resume: options.resume });
    this.#options = options;
  }

  /** What stands in the zones right now, for progress views. */
  get standing(): ReturnType<CameraWatch["standing"]> {
    return this.#watch.standing();
  }

  get counts(): SessionCounts {
    return { ...this.#counts };
  }

  /**
   * What the next session needs to go on from here; null while a candidate is being confirmed or sealed. A worker that
   * dies then leaves an older snapshot, from which the same candidate is triggered once more.
   */
  snapshot(): WatchSnapshot | null {
    return this.#pending.size > 0 ? null : this.#watch.state();
  }

  /** Resolves when this frame has been judged. Rejects when detection failed: the frame was not seen then. */
  take(frame: Frame): Promise<void> {
    if (this.#options.gate?.(frame) === "skip") return this.#inOrder(() => this.#pass(frame.at));
    const found = this.#options.detector.detect(frame, LOWEST_SCORE);
    // Handled below; without this an early failure would count as unhandled while earlier frames are judged.
    found.catch(() => undefined);
    return this.#inOrder(async () => {
      this.#lookFailed = true;
      const detections = await found;
      this.#lookFailed = false;
      this.#counts.analysed++;
      this.#dispatch(this.#watch.observe(detections, frame.at));
      this.#options.events.onFrame?.(frame.at);
    });
  }

  /** Enforcement is suspended after the frames taken so far: the time to the next one is unobserved. */
  suspend(): Promise<void> {
    return this.#inOrder(() => this.#watch.suspend());
  }

  /** The view has moved: everything begins anew, candidates there were have ended. */
  forgetPlaces(): Promise<void> {
    return this.#inOrder(() => this.#dispatch(this.#watch.forgetPlaces()));
  }

  /** Waits until every frame taken is judged and every candidate dealt with; then there is a snapshot. */
  async settle(): Promise<void> {
    await this.#order;
    await Promise.all(this.#pending);
  }

  /** The stream is over: ends what stands and waits for every candidate to be dealt with. */
  async finish(at: FrameTime | null): Promise<void> {
    await this.#order;
    this.#dispatch(this.#watch.finish(at));
    await Promise.all(this.#pending);
    for (const failure of this.#failures.values()) throw failure;
  }

  #inOrder(step: () => void | Promise<void>): Promise<void> {
    const done = this.#order.then(step);
    this.#order = done.catch(() => undefined);
    return done;
  }

  #pass(at: FrameTime): void {
    this.#counts.skipped++;
    if (!this.#lookFailed) this.#dispatch(this.#watch.unchanged(at));
    this.#options.events.onSkipped?.(at);
  }

  #dispatch(events: readonly WatchEvent[]): void {
    for (const event of events) {
      if (event.type === "triggered") this.#begin(event.candidate);
      else this.#end(event.candidateId, event.endedAt);
    }
  }

  /** Its end is told after its beginning, and not at all when it was taken back. */
  #end(candidateId: string, endedAt: FrameTime): void {
    const { onEnded } = this.#options.events;
    const confirming = this.#confirming.get(candidateId);
    if (confirming === undefined) {
      onEnded?.(candidateId, endedAt);
      return;
    }
    const told = confirming.then((confirmed) => (confirmed ? onEnded?.(candidateId, endedAt) : undefined));
    this.#await(told, candidateId);
  }

  #begin(candidate: Candidate): void {
    if (this.#options.confirm === undefined) {
      this.#await(this.#passOn(candidate), candidate.candidateId);
      return;
    }
    const confirming = this.#isConfirmed(candidate, this.#options.confirm);
    this.#confirming.set(candidate.candidateId, confirming);
    const passedOn = confirming.then((confirmed) => {
      this.#confirming.delete(candidate.candidateId);
      return confirmed ? this.#passOn(candidate) : undefined;
    });
    this.#await(passedOn, candidate.candidateId);
  }

  async #isConfirmed(
    candidate: Candidate,
    confirm: NonNullable<SessionOptions["confirm"]>,
  ): Promise<boolean> {
    const { log, events } = this.#options;
    const { candidateId } = candidate;
    let confirmed = false;
    try {
      confirmed = await confirm(candidate);
    } catch (err) {
      log.warn({ err, candidateId }, "a candidate could not be looked at closely, it is tried again later");
    }
    if (confirmed) {
      this.#counts.confirmed++;
      return true;
    }
    this.#counts.retracted++;
    this.#watch.retract(candidateId, candidate.triggeredAt.capturedAt);
    events.onRetracted?.(candidate);
    return false;
  }

  async #passOn(candidate: Candidate): Promise<void> {
    const { candidateId } = candidate;
    try {
      await this.#options.events.onCandidate(candidate);
      this.#failures.delete(candidateId);
    } catch (err) {
      this.#failures.set(candidateId, err);
      this.#watch.retract(candidateId, candidate.triggeredAt.capturedAt);
      this.#options.log.error(
        { err, candidateId },
        "a candidate could not be sealed, it is tried again later",
      );
    }
  }

  /** A listener that throws fails the session at its end, not the process. */
  #await(work: Promise<void>, candidateId: string): void {
    const done: Promise<void> = work
      .catch((err: unknown) => {
        this.#failures.set(candidateId, err);
        this.#options.log.error({ err, candidateId }, "a candidate could not be passed on");
      })
      .finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }
}

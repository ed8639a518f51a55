import { createHash } from "node:crypto";
import type { Detector, Frame, Log } from "./domain/ports.ts";
import type { Camera, Candidate, FrameTime, WatchEvent } from "./domain/types.ts";
import { CameraWatch } from "./domain/watch.ts";

/** Low-score detections keep tracks alive; no rule fires on them alone. */
const LOWEST_SCORE = 0.1;

export interface SessionEvents {
  /** Awaited before the session ends; not before the next frame is looked at. */
  onCandidate(candidate: Candidate): Promise<void>;
  onEnded?(candidateId: string, endedAt: FrameTime): void;
  onFrame?(at: FrameTime): void;
}

/**
 * From frames to candidates for one camera: detect (several frames at once where there are threads), then track
 * and judge strictly in order.
 */
export class CameraSession {
  readonly #watch: CameraWatch;
  readonly #detector: Detector;
  readonly #events: SessionEvents;
  readonly #log: Log;
  readonly #pending = new Set<Promise<void>>();
  #order: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(options: { camera: Camera; detector: Detector; events: SessionEvents; log: Log }) {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    this.#watch = new CameraWatch(options.camera, { hash });
    this.#detector = options.detector;
    this.#events = options.events;
    this.#log = options.log;
  }

  /** What stands in the zones right now, for progress views. */
  get standing(): ReturnType<CameraWatch["standing"]> {
    return this.#watch.standing();
  }

  /** Resolves when this frame has been judged. Rejects when detection failed: the frame was not seen then. */
  take(frame: Frame): Promise<void> {
    const found = this.#detector.detect(frame, LOWEST_SCORE);
    // Handled below; without this an early failure would count as unhandled while earlier frames are judged.
    found.catch(() => undefined);
    const done = this.#order.then(async () => {
      const detections = await found;
      this.#dispatch(this.#watch.observe(detections, frame.at));
      this.#events.onFrame?.(frame.at);
    });
    this.#order = done.catch(() => undefined);
    return done;
  }

  /** The stream is over: ends what stands and waits for every candidate to be dealt with. */
  async finish(at: FrameTime | null): Promise<void> {
    await this.#order;
    this.#dispatch(this.#watch.finish(at));
    await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #dispatch(events: readonly WatchEvent[]): void {
    for (const event of events) {
      if (event.type === "ended") {
        this.#events.onEnded?.(event.candidateId, event.endedAt);
        continue;
      }
      const work: Promise<void> = this.#events
        .onCandidate(event.candidate)
        .catch((err: unknown) => {
          this.#failure ??= err;
          this.#log.error(
            { err, candidateId: event.candidate.candidateId },
            "a candidate could not be sealed",
          );
        })
        .finally(() => this.#pending.delete(work));
      this.#pending.add(work);
    }
  }
}

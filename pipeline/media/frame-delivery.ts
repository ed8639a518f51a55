import type { Frame } from "../domain/ports.ts";

export type FrameConsumer = (frame: Frame) => Promise<void> | void;

/** Running counts of a reader, or of all readers of one camera; read them at any time. */
export interface FrameCounts {
  /** By ffmpeg. While it runs an estimate from the time stamps, afterwards what it said. */
  decoded: number;
  /** That the consumer was done with. */
  analysed: number;
  /** For want of time, or of a usable time stamp. */
  dropped: number;
}

export function newFrameCounts(): FrameCounts {
  return { decoded: 0, analysed: 0, dropped: 0 };
}

export interface FrameDeliveryOptions {
  readonly onFrame: FrameConsumer;
  /** Frames given out whose promise has not settled yet, at most. */
  readonly maxInFlight: number;
  /** True: a frame nobody has time for is replaced by the next. False: the giver waits for room. */
  readonly latestWins: boolean;
  /** A frame that was offered is not used any more: its memory may be. */
  readonly onDone: (frame: Frame) => void;
  /** There is room again. */
  readonly onRoom: () => void;
  readonly onFailure: () => void;
  /** Counted along with the delivery's own. */
  readonly counts: FrameCounts;
}

/** Hands frames to the consumer in order and keeps count. */
export class FrameDelivery {
  readonly #options: FrameDeliveryOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #waiting: Frame | undefined;
  #failure: { cause: unknown } | undefined;
  #analysed = 0;
  #dropped = 0;

  constructor(options: FrameDeliveryOptions) {
    this.#options = options;
  }

  get analysed(): number {
    return this.#analysed;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Frames must not be offered now; `onRoom` tells when. Never so where the latest wins. */
  get full(): boolean {
    return !this.#options.latestWins && this.#inFlight.size >= this.#options.maxInFlight;
  }

  offer(frame: Frame): void {
    if (this.#inFlight.size < this.#options.maxInFlight) {
      this.#give(frame);
      return;
    }
    if (this.#waiting !== undefined) this.#giveUp(this.#waiting);
    this.#waiting = frame;
  }

  /** A frame that cannot be given to anybody. */
  drop(): void {
    this.#dropped += 1;
    this.#options.counts.dropped += 1;
  }

  /** Waits for what is in flight; the frame still waiting is given out only if the source came to its end. */
  async finish(toTheEnd: boolean): Promise<void> {
    if (!toTheEnd && this.#waiting !== undefined) {
      this.#giveUp(this.#waiting);
      this.#waiting = undefined;
    }
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
    if (this.#failure) throw this.#failure.cause;
  }

  #giveUp(frame: Frame): void {
    this.drop();
    this.#options.onDone(frame);
  }

  #give(frame: Frame): void {
    if (this.#failure) return;
    const done = this.#consume(frame).finally(() => {
      this.#inFlight.delete(done);
      this.#options.onDone(frame);
      const next = this.#waiting;
      this.#waiting = undefined;
      if (next !== undefined) this.#give(next);
      else this.#options.onRoom();
    });
    this.#inFlight.add(done);
  }

  async #consume(frame: Frame): Promise<void> {
    try {
      await this.#options.onFrame(frame);
      this.#analysed += 1;
      this.#options.counts.analysed += 1;
    } catch (cause) {
      if (this.#failure) return;
      this.#failure = { cause };
      this.#options.onFailure();
    }
  }
}

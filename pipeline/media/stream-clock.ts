import type { EpochMs } from "../domain/types.ts";

/** What a source hands over at once when one connects is old: no frame counts before this has passed. */
const SETTLE_MS = 1_500;
const WINDOW_MS = 60_000;
/** Camera clocks drift by some 50 ppm; correcting no faster than this leaves every interval right to 0.1 %. */
const LARGEST_SLEW = 0.001;
/** Delays differ by tenths of a second from minute to minute: only over so long does drift stand out. */
const DRIFT_AFTER_MS = 600_000;
/** No frame is from the future, and no delay lasts a whole window: beyond this the stream's clock was set anew. */
const JUMP_MS = 10_000;

/** How a stream's clock fares against ours. */
export interface ClockFacts {
  /** By how much the last frame's time was ahead of (+) or behind (−) the least delayed one's, in milliseconds. */
  readonly offsetMs: number;
  /** How much faster (+) or slower (−) than ours it runs, in parts per million; 0 until minutes have passed. */
  readonly driftPpm: number;
  /** How often it was set anew. */
  readonly jumps: number;
}

/**
 * Wall clock of a live stream's frames from their time stamps. Network and decoder only ever delay a frame, so
 * the least delayed one says where the stream's clock stands; time between frames is the stream's own.
 */
export class StreamClock {
  #firstArrival: EpochMs | undefined;
  /** Wall clock at time stamp 0, in milliseconds. */
  #anchor = Number.POSITIVE_INFINITY;
  /** Where the anchor should be; it gets there no faster than `LARGEST_SLEW`. */
  #target = Number.POSITIVE_INFINITY;
  #windowStart = 0;
  #windowMin = Number.POSITIVE_INFINITY;
  #last: { ptsSec: number; capturedAt: EpochMs } | undefined;
  /** Least delay of the first whole window, and when that was: what drift is measured from. */
  #driftFrom: { readonly at: EpochMs; readonly anchor: number } | undefined;
  #driftPpm = 0;
  #jumps = 0;

  get facts(): ClockFacts {
    return {
      offsetMs: Math.round(this.#anchor - this.#target),
      driftPpm: this.#driftPpm,
      jumps: this.#jumps,
    };
  }

  /** When a frame was taken, in whole milliseconds, later than the one before; null while still settling. */
  capturedAt(ptsSec: number, arrivedAt: EpochMs): EpochMs | null {
    const offset = arrivedAt - ptsSec * 1000;
    this.#firstArrival ??= arrivedAt;
    if (arrivedAt - this.#firstArrival < SETTLE_MS) {
      this.#anchor = Math.min(this.#anchor, offset);
      return null;
    }
    if (this.#last === undefined) {
      this.#anchor = Math.min(this.#anchor, offset);
      this.#target = this.#anchor;
      this.#openWindow(arrivedAt);
    } else {
      this.#follow(offset, ptsSec - this.#last.ptsSec, arrivedAt);
    }
    const at = Math.round(this.#anchor + ptsSec * 1000);
    const capturedAt = this.#last === undefined ? at : Math.max(at, this.#last.capturedAt + 1);
    this.#last = { ptsSec, capturedAt };
    return capturedAt;
  }

  /** Moves the anchor towards the least delay: at once when an earlier frame shows up, upwards once a window. */
  #follow(offset: number, elapsedSec: number, arrivedAt: EpochMs): void {
    this.#windowMin = Math.min(this.#windowMin, offset);
    this.#target = Math.min(this.#target, offset);
    if (arrivedAt - this.#windowStart >= WINDOW_MS) {
      this.#target = this.#windowMin;
      this.#measureDrift(arrivedAt);
      this.#openWindow(arrivedAt);
    }
    const off = this.#target - this.#anchor;
    const most = Math.max(0, elapsedSec) * 1000 * LARGEST_SLEW;
    if (Math.abs(off) <= JUMP_MS) {
      this.#anchor += Math.max(-most, Math.min(most, off));
      return;
    }
    this.#anchor = this.#target;
    this.#jumps += 1;
    this.#driftFrom = undefined;
  }

  #measureDrift(at: EpochMs): void {
    if (this.#driftFrom === undefined) {
      this.#driftFrom = { at, anchor: this.#windowMin };
      return;
    }
    // A stream that runs fast counts more than the time that has passed: its time stamp 0 moves back.
    const passed = at - this.#driftFrom.at;
    if (passed < DRIFT_AFTER_MS) return;
    this.#driftPpm = Math.round(((this.#driftFrom.anchor - this.#windowMin) / passed) * 1e6);
  }

  #openWindow(at: EpochMs): void {
    this.#windowStart = at;
    this.#windowMin = Number.POSITIVE_INFINITY;
  }
}

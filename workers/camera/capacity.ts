/** How the machine and this worker fared over the last look. */
export interface Load {
  /** Share of all cores' time that was not idle, 0–1: decoding happens in other processes. */
  readonly busyShare: number;
  /** Frames that nobody had time for, of all that came, 0–1. */
  readonly droppedShare: number;
}

/** Above this a further camera takes time from those that are watched; live pacing needs the head-room. */
const FULL_BUSY_SHARE = 0.8;
const FULL_DROPPED_SHARE = 0.01;
/** A camera shows what it costs within seconds: no more at once than can be judged. */
const STEP = 4;

/**
 * How many cameras a worker that watches `watching` may have until it looks again: a few more while there is time to
 * spare, one more while there is not. A worker with time to spare takes four in the time in which a busy one takes one,
 * so cameras go where there is room; but where there is room nowhere, a camera watched with fewer frames is better
 * than one that is not watched, and the frames dropped are counted.
 */
export function capacityFor(watching: number, most: number, load: Load): number {
  const full = load.busyShare > FULL_BUSY_SHARE || load.droppedShare > FULL_DROPPED_SHARE;
  return Math.min(most, watching + (full ? 1 : STEP));
}

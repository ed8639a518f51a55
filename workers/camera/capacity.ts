/** How the machine and this worker fared over the last look. */
export interface Load {
  /** Share of all cores' time that was not idle, 0–1: decoding happens in other processes. */
  readonly busyShare: number;
  /** Frames that nobody had time for, of all that came, 0–1. */
  readonly droppedShare: number;
}

/** Above this one more camera would take time from those that are watched; live pacing needs the head-room. */
const FULL_BUSY_SHARE = 0.8;
const FULL_DROPPED_SHARE = 0.01;
/** A camera shows what it costs within seconds: no more at once than can be judged. */
const STEP = 4;

/**
 * How many cameras a worker that watches `watching` may have: a few more while there is time to spare, none more
 * once there is not. Workers that start together get about the same, because each takes a few at a time.
 */
export function capacityFor(watching: number, most: number, load: Load): number {
  const full = load.busyShare > FULL_BUSY_SHARE || load.droppedShare > FULL_DROPPED_SHARE;
  // A worker that has none must be able to show whether it could.
  if (full && watching > 0) return Math.min(most, watching);
  return Math.min(most, watching + STEP);
}

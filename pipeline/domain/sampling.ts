import type { EpochMs } from "./types.ts";

const WINDOW = 32;
const TYPICAL_QUANTILE = 0.8;
/** Two sightings this close are one observation, however fast the stream. */
const LEAST_BRIDGE_MS = 5_000;
const BRIDGE_SAMPLES = 3;

/**
 * How often this stream is really looked at. The typical interval is the 80th percentile of the last gaps
 * between frames, not the median: the median of a stream that loses a third of its frames at random is that of
 * a stream which loses none.
 */
export class Sampling {
  readonly #gaps: number[] = [];
  #typicalMs = 0;
  #bridgeMs = LEAST_BRIDGE_MS;
  #lastAt: EpochMs | null = null;

  /** Takes the time of the next frame, later than the one before; returns the gap in ms, 0 for the first. */
  step(at: EpochMs): number {
    const gap = this.#lastAt === null ? 0 : at - this.#lastAt;
    this.#lastAt = at;
    // Judged by the gaps before it: a hole must not vouch for itself.
    this.#bridgeMs = Math.max(LEAST_BRIDGE_MS, BRIDGE_SAMPLES * this.#typicalMs);
    if (gap > 0) {
      this.#gaps.push(gap);
      if (this.#gaps.length > WINDOW) this.#gaps.shift();
      const sorted = [...this.#gaps].sort((a, b) => a - b);
      this.#typicalMs = sorted[Math.floor((sorted.length - 1) * TYPICAL_QUANTILE)] ?? 0;
    }
    return gap;
  }

  /** Up to here a hole between two sightings, or two frames, counts as seen throughout. */
  get bridgeMs(): number {
    return this.#bridgeMs;
  }
}

import { list, nullable, num, record, type ShapeOf } from "./shape.ts";
import type { EpochMs } from "./types.ts";

const WINDOW = 32;
const TYPICAL_QUANTILE = 0.8;
/** Two sightings this close are one observation, however fast the stream. */
const LEAST_BRIDGE_MS = 5_000;
const BRIDGE_SAMPLES = 3;

export const samplingShape = record({
  gaps: list(num),
  bridgeMs: num,
  frameAt: nullable(num),
  lookAt: nullable(num),
});
export type SamplingState = ShapeOf<typeof samplingShape>;

/**
 * How often frames of this stream come. The typical interval is the 80th percentile of the last gaps between
 * frames, not the median: the median of a stream that loses a third of its frames at random is that of a stream
 * which loses none. A frame is looked at, or known to show nothing new since the last look.
 */
export class Sampling {
  readonly #gaps: number[] = [];
  #bridgeMs = LEAST_BRIDGE_MS;
  #frameAt: EpochMs | null = null;
  #lookAt: EpochMs | null = null;

  constructor(from?: SamplingState) {
    if (from === undefined) return;
    this.#gaps.push(...from.gaps);
    this.#bridgeMs = from.bridgeMs;
    this.#frameAt = from.frameAt;
    this.#lookAt = from.lookAt;
  }

  state(): SamplingState {
    return { gaps: this.#gaps, bridgeMs: this.#bridgeMs, frameAt: this.#frameAt, lookAt: this.#lookAt };
  }

  /** A frame that is looked at, later than the one before. Ms since the last look and since the last frame; 0 for the first. */
  look(at: EpochMs): { readonly lookMs: number; readonly gapMs: number } {
    const lookMs = this.#lookAt === null ? 0 : at - this.#lookAt;
    this.#lookAt = at;
    return { lookMs, gapMs: this.pass(at) };
  }

  /** A frame that shows nothing new, later than the one before. Ms since that one. */
  pass(at: EpochMs): number {
    const gap = this.#frameAt === null ? 0 : at - this.#frameAt;
    this.#frameAt = at;
    // Judged by the gaps before it: a hole must not vouch for itself.
    this.#bridgeMs = Math.max(LEAST_BRIDGE_MS, BRIDGE_SAMPLES * this.#typicalMs());
    if (gap > 0) {
      this.#gaps.push(gap);
      if (this.#gaps.length > WINDOW) this.#gaps.shift();
    }
    return gap;
  }

  /** Time of the last look; null before the first. */
  get lookAt(): EpochMs | null {
    return this.#lookAt;
  }

  get frameAt(): EpochMs | null {
    return this.#frameAt;
  }

  /** Up to here a hole between two sightings, or two frames, counts as seen throughout. */
  get bridgeMs(): number {
    return this.#bridgeMs;
  }

  #typicalMs(): number {
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * TYPICAL_QUANTILE)] ?? 0;
  }
}

import type { DwellSpan } from "./types.ts";

/** So long may a detector miss what stands in clear view before that time is called unobserved. */
const MISS_BRIDGE_MS = 15_000;

/** How long a stay is remembered without a sighting, by why there was none. */
export interface Patience {
  /** Its place was looked at and empty. Both must be reached. */
  readonly clearMs: number;
  readonly clearLooks: number;
  /** Something stood in front of its place. */
  readonly coveredMs: number;
  /** No frames came. */
  readonly outageMs: number;
}

/** A stay nobody was told about yet. Unobserved for a quarter of an hour, nobody can say it was one stay. */
export const PATIENCE: Patience = {
  clearMs: 30_000,
  clearLooks: 6,
  coveredMs: 3 * 60_000,
  outageMs: 15 * 60_000,
};

/** A stay that has become a candidate: forgetting it too early makes a second candidate of the same object. */
export const PATIENCE_FIRED: Patience = {
  clearMs: 120_000,
  clearLooks: 6,
  coveredMs: 60 * 60_000,
  outageMs: 24 * 3_600_000,
};

/** A stay whose track was seen going away: only the empty place is waited for. */
export const PATIENCE_DEPARTING: Patience = {
  clearMs: 2_000,
  clearLooks: 3,
  coveredMs: 60_000,
  outageMs: 60_000,
};

/** The same of a candidate: the track may have jumped to a passer-by while the object stands on. */
export const PATIENCE_DEPARTING_FIRED: Patience = { ...PATIENCE_FIRED, clearMs: 10_000, clearLooks: 5 };

/** When the stream is over there is no more waiting: what was long enough not seen in clear view had left. */
export const PATIENCE_AT_END: Patience = { ...PATIENCE, clearMs: 10_000, clearLooks: 4 };

/** What happened to a place since its object was last seen there. */
export class Absence {
  #clearMs = 0;
  #clearLooks = 0;
  #coveredMs = 0;
  #outageMs = 0;
  #contestedMs = 0;

  /** The place was looked at and nothing stood in front of it. */
  clear(gapMs: number): void {
    this.#clearMs += gapMs;
    this.#clearLooks++;
  }

  covered(gapMs: number): void {
    this.#coveredMs += gapMs;
  }

  /** A track that nobody knows yet was seen at the place: perhaps the object itself, found again. */
  contested(gapMs: number): void {
    this.#contestedMs += gapMs;
  }

  /** No frame came for this long. */
  outage(gapMs: number): void {
    this.#outageMs += gapMs;
  }

  get clearMs(): number {
    return this.#clearMs;
  }

  get clearLooks(): number {
    return this.#clearLooks;
  }

  exhausts(patience: Patience): boolean {
    return (
      (this.#clearMs >= patience.clearMs && this.#clearLooks >= patience.clearLooks) ||
      this.#coveredMs + this.#contestedMs >= patience.coveredMs ||
      this.#outageMs >= patience.outageMs
    );
  }

  /**
   * How the hole of `gapMs` counts once the object is found again at its place. Short holes are observed. So
   * are somewhat longer ones in which frames came and the place lay open: the detector missed what stood
   * there before and after. Occlusion, outage and long misses are unobserved.
   */
  kindOfGap(gapMs: number, bridgeMs: number): DwellSpan["kind"] {
    if (gapMs <= bridgeMs) return "observed";
    const inView = this.#outageMs === 0 && this.#clearMs > this.#coveredMs;
    return inView && gapMs <= MISS_BRIDGE_MS ? "observed" : "unobserved";
  }
}

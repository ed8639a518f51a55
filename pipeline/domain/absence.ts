import { nullable, num, record, type ShapeOf, tuple } from "./shape.ts";
import type { DwellSpan, EpochMs } from "./types.ts";

/** So long may a detector miss what stands in clear view before that time is called unobserved. */
const MISS_BRIDGE_MS = 15_000;

/** How long a stay is remembered without a sighting, by why there was none. */
export interface Patience {
  /** Its place was looked at and empty. Both must be reached. */
  readonly clearMs: number;
  readonly clearLooks: number;
  /** Something stood in front of its place. */
  readonly coveredMs: number;
  /** Nobody looked. */
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

/**
 * The same of a candidate that had become hard to see before it was no longer seen, as in the dark: that the
 * detector reports nothing then does not mean that nothing stands there. A long winter night.
 */
export const PATIENCE_FADED: Patience = { ...PATIENCE_FIRED, clearMs: 14 * 3_600_000 };

export const absenceShape = record({
  clearMs: num,
  clearLooks: num,
  emptyMs: num,
  coveredMs: num,
  contestedMs: num,
  heldMs: num,
  outageMs: num,
  blind: nullable(tuple(num, num)),
});
export type AbsenceState = ShapeOf<typeof absenceShape>;

/** What happened to a place since its object was last seen there. */
export class Absence {
  #clearMs: number;
  #clearLooks: number;
  #emptyMs: number;
  #coveredMs: number;
  #contestedMs: number;
  #heldMs: number;
  #outageMs: number;
  #blind: readonly [EpochMs, EpochMs] | null;

  constructor(from?: AbsenceState) {
    this.#clearMs = from?.clearMs ?? 0;
    this.#clearLooks = from?.clearLooks ?? 0;
    this.#emptyMs = from?.emptyMs ?? 0;
    this.#coveredMs = from?.coveredMs ?? 0;
    this.#contestedMs = from?.contestedMs ?? 0;
    this.#heldMs = from?.heldMs ?? 0;
    this.#outageMs = from?.outageMs ?? 0;
    this.#blind = from?.blind ?? null;
  }

  state(): AbsenceState {
    return {
      clearMs: this.#clearMs,
      clearLooks: this.#clearLooks,
      emptyMs: this.#emptyMs,
      coveredMs: this.#coveredMs,
      contestedMs: this.#contestedMs,
      heldMs: this.#heldMs,
      outageMs: this.#outageMs,
      blind: this.#blind,
    };
  }

  /** The place was looked at and nothing stood in front of it. */
  clear(gapMs: number): void {
    this.taken(gapMs);
    this.#emptyMs += gapMs;
  }

  /** Another object stands on the very spot, so this one does not. */
  taken(gapMs: number): void {
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

  /** It was seen in the last look, and since then nothing moved in the picture. */
  held(gapMs: number): void {
    this.#heldMs += gapMs;
  }

  /** Nobody looked between two instants: no frames came, or the watch was suspended or passed on. */
  blind(from: EpochMs, to: EpochMs): void {
    this.#outageMs += to - from;
    // Two holes become one: what was seen of it between them it was not seen at all.
    this.#blind = [Math.min(from, this.#blind?.[0] ?? from), Math.max(to, this.#blind?.[1] ?? to)];
  }

  get clearMs(): number {
    return this.#clearMs;
  }

  /** Of the time in clear view that in which nothing else stood there either. */
  get emptyMs(): number {
    return this.#emptyMs;
  }

  get coveredMs(): number {
    return this.#coveredMs;
  }

  get outageMs(): number {
    return this.#outageMs;
  }

  exhausts(patience: Patience): boolean {
    return (
      (this.#clearMs >= patience.clearMs && this.#clearLooks >= patience.clearLooks) ||
      this.#coveredMs + this.#contestedMs >= patience.coveredMs ||
      this.#outageMs >= patience.outageMs
    );
  }

  /**
   * How the hole between two sightings counts once the object is found again at its place. Short holes are
   * observed. So are somewhat longer ones in which frames came and the place lay open: the detector missed what
   * stood there before and after. Occlusion, long misses and the time in which nobody looked are unobserved.
   */
  account(from: EpochMs, to: EpochMs, bridgeMs: number): readonly Pick<DwellSpan, "kind" | "to">[] {
    const [blindFrom, blindTo] = this.#blind ?? [to, to];
    const lookedMs = Math.max(0, blindFrom - from) + Math.max(0, to - blindTo);
    const kind = this.#kindOf(lookedMs, bridgeMs);
    return [
      { kind, to: Math.min(to, blindFrom) },
      { kind: "unobserved", to: Math.min(to, blindTo) },
      { kind, to },
    ];
  }

  #kindOf(gapMs: number, bridgeMs: number): DwellSpan["kind"] {
    if (gapMs - this.#heldMs <= bridgeMs) return "observed";
    return this.#clearMs > this.#coveredMs && gapMs <= MISS_BRIDGE_MS ? "observed" : "unobserved";
  }
}

import { num, record, type ShapeOf } from "./shape.ts";

/** So far back "lately" reaches. */
const LATELY_MS = 300_000;
/** Seen half as well as at its best: from there on, not being seen says little. */
const FADED = 0.5;

export const visibilityShape = record({ looks: num, lately: num, best: num });
export type VisibilityState = ShapeOf<typeof visibilityShape>;

/**
 * How well the detector has seen an object lately, 0–1: its scores, with 0 where it was missed in clear view,
 * averaged over five minutes. At night scores sink before they fail; a car that drives away is seen well to the
 * last.
 */
export class Visibility {
  #looks: number;
  #lately: number;
  #best: number;

  constructor(from?: VisibilityState) {
    this.#looks = from?.looks ?? 0;
    this.#lately = from?.lately ?? 0;
    this.#best = from?.best ?? 0;
  }

  state(): VisibilityState {
    return { looks: this.#looks, lately: this.#lately, best: this.#best };
  }

  /** Seen with `score`; `missedMs` in clear view before. */
  see(score: number, lookMs: number, missedMs: number): void {
    this.#lately *= Math.exp(-missedMs / LATELY_MS);
    this.#looks++;
    const weight = Math.max(1 / this.#looks, 1 - Math.exp(-lookMs / LATELY_MS));
    this.#lately += weight * (score - this.#lately);
    // The first few sightings are no average yet.
    if (this.#looks >= 8) this.#best = Math.max(this.#best, this.#lately);
  }

  get faded(): boolean {
    return this.#lately < FADED * this.#best;
  }
}

import { list, nullable, record, type ShapeOf } from "../shape.ts";
import type { EpochMs } from "../types.ts";
import { type EdgeField, structuredShare } from "./edge-field.ts";
import { type FingerprintState, fingerprintShape, SceneFingerprint } from "./scene-fingerprint.ts";

/** Day, night by street lamps, night by infrared, snow: more kinds of light than this no view needs. */
const MOST_PRINTS = 5;
/** So much of the known structure is found in a familiar picture. */
const FAMILIAR = 0.5;
/** Less than this at its place: it is another scene. */
const FOREIGN = 0.3;
/** A shifted picture fits better by so much, and well enough, at two points or more (2 % of the width). */
const SHIFT_GAIN = 0.12;
const SHIFT_FITS = 0.4;
const SHIFT_POINTS = 2;
/** Structure is lost in a large part of the scene. */
const LOST_SHARE = 0.35;
/** Darker than this share of what was known: the light went out. */
const DIMMED = 0.6;
/** Without this share of structured cells there is nothing to compare. */
const LEAST_STRUCTURE = 0.12;
/** Beneath this share nothing is seen at all; text on the picture alone makes up some. */
const NO_STRUCTURE = 0.03;
const DARK = 40;
const BRIGHT = 225;
/** Cell means of a picture of nothing lie no further apart than this. */
const FLAT = 8;

export const sceneMemoryShape = record({
  prints: list(fingerprintShape),
  young: nullable(fingerprintShape),
});
export type SceneMemoryState = ShapeOf<typeof sceneMemoryShape>;

/** What one look at the scene says by itself. */
export type SceneVerdict = "familiar" | "unfamiliar" | "moved" | "covered" | "blind";

/** The scene in the kinds of light it was seen in, and how a picture compares with it. */
export class SceneMemory {
  #prints: SceneFingerprint[];
  #young: SceneFingerprint | undefined;

  constructor(from?: SceneMemoryState) {
    this.#prints = (from?.prints ?? []).map((state) => new SceneFingerprint(state));
    this.#young = from?.young == null ? undefined : new SceneFingerprint(from.young);
  }

  state(): SceneMemoryState {
    const prints: FingerprintState[] = this.#prints.map((print) => print.state());
    return { prints, young: this.#young?.state() ?? null };
  }

  /** Another view from now on. */
  forget(): void {
    this.#prints = [];
    this.#young = undefined;
  }

  judge(field: EdgeField, means: Float32Array): SceneVerdict {
    const structure = structuredShare(field);
    if (structure < NO_STRUCTURE || (structure < LEAST_STRUCTURE && showsNothing(means))) return "blind";
    const nearest = this.#nearest(field);
    if (nearest === undefined) return "unfamiliar";
    const { print, similarity } = nearest;
    const cells = print.compareCells(field, means);
    const wentDark = cells.lostLight < DIMMED && cells.keptLight < DIMMED;
    if (cells.lostShare >= LOST_SHARE && !wentDark) {
      // All of it gone, and something else is there instead.
      return structure >= LEAST_STRUCTURE && similarity < FOREIGN && this.#isShifted(field, similarity)
        ? "moved"
        : "covered";
    }
    if (this.#isShifted(field, similarity)) return "moved";
    if (similarity < FOREIGN && structure >= LEAST_STRUCTURE && !wentDark && !this.#isOutlined(field))
      return "moved";
    return similarity >= FAMILIAR ? "familiar" : "unfamiliar";
  }

  /** Learns from a look at the view as it is meant to be: the kind of light it knows, or a new one. */
  learn(verdict: SceneVerdict, field: EdgeField, means: Float32Array, lookMs: number, at: EpochMs): void {
    const nearest = this.#nearest(field);
    if (nearest !== undefined && verdict === "familiar") {
      nearest.print.learn(field, means, lookMs, at);
      this.#young = undefined;
      return;
    }
    this.#young ??= new SceneFingerprint();
    this.#young.learn(field, means, lookMs, at);
    if (!this.#young.mature) return;
    this.#prints.push(this.#young);
    this.#young = undefined;
    if (this.#prints.length <= MOST_PRINTS) return;
    const oldest = Math.min(...this.#prints.map(({ seenAt }) => seenAt));
    this.#prints = this.#prints.filter(({ seenAt }) => seenAt !== oldest);
  }

  /** Every edge where it was, in another kind of light. */
  #isOutlined(field: EdgeField): boolean {
    return this.#prints.some((print) => print.outline(field) >= FAMILIAR);
  }

  #nearest(field: EdgeField): { print: SceneFingerprint; similarity: number } | undefined {
    let nearest: { print: SceneFingerprint; similarity: number } | undefined;
    for (const print of this.#prints) {
      const similarity = print.similarity(field);
      if (nearest === undefined || similarity > nearest.similarity) nearest = { print, similarity };
    }
    return nearest;
  }

  #isShifted(field: EdgeField, unshifted: number): boolean {
    if (unshifted > 1 - SHIFT_GAIN) return false;
    return this.#prints.some((print) => {
      const { across, down, similarity } = print.bestShift(field);
      return (
        similarity >= SHIFT_FITS &&
        similarity >= unshifted + SHIFT_GAIN &&
        Math.hypot(across, down) >= SHIFT_POINTS
      );
    });
  }
}

function showsNothing(means: Float32Array): boolean {
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  if (mean < DARK || mean > BRIGHT) return true;
  const sorted = means.toSorted();
  const tenth = Math.floor(sorted.length / 10);
  return (sorted.at(-1 - tenth) ?? 0) - (sorted[tenth] ?? 0) < FLAT;
}

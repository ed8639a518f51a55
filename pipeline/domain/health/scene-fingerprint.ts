import { list, num, record, type ShapeOf, text } from "../shape.ts";
import type { EpochMs } from "../types.ts";
import type { EdgeField } from "./edge-field.ts";
import { CELLS, cellOfPoint, POINTS, POINTS_ACROSS } from "./frame-stats.ts";

/** A point belongs to the scene when its edge is there, the same way round, most of the time. */
const STEADY = 0.4;
/** What the scene looks like is learnt over ten minutes: shadows wander, cars stay for less. */
const LEARN_MS = 600_000;
const MATURE_LOOKS = 8;
const MATURE_MS = 10_000;
/** A cell is known when so many of its points (of 36) belong to the scene. */
const KNOWN_POINTS = 3;
/** Less of its edges than this, and a known cell has lost its structure. */
const LOST_BELOW = 0.3;
/** So far a shift is looked for: 8 % of the width, 11 % of the height. */
const REACH_ACROSS = 8;
const REACH_DOWN = 6;
/** And with so many of the steady points: more only take longer. */
const SEARCH_POINTS = 500;
/** Levels per direction of a stored edge, and the letter of the lowest. */
const LEVELS = 4;
const FIRST_LETTER = 40;

export const fingerprintShape = record({
  edges: text,
  means: list(num),
  looks: num,
  learntMs: num,
  seenAt: num,
});
export type FingerprintState = ShapeOf<typeof fingerprintShape>;

/** The points that belong to the scene, packed. */
interface SteadyPoints {
  readonly at: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly length: Float32Array;
}

export interface Shift {
  readonly across: number;
  readonly down: number;
  /** How much of the known structure is found there, −1 to 1. */
  readonly similarity: number;
}

/** How a picture compares with the scene, cell by cell. */
export interface CellReport {
  /** Share of the known cells that have lost their structure, 0–1. */
  readonly lostShare: number;
  /** How bright those cells are against what is known of them, and the others; 1 as ever. */
  readonly lostLight: number;
  readonly keptLight: number;
}

/** What does not move in a camera's picture, in one kind of light. */
export class SceneFingerprint {
  readonly #x = new Float32Array(POINTS);
  readonly #y = new Float32Array(POINTS);
  readonly #means = new Float32Array(CELLS);
  #looks = 0;
  #learntMs = 0;
  /** When a picture last was like it. */
  seenAt: EpochMs = 0;
  #steady: SteadyPoints | undefined;
  #text: string | undefined;

  constructor(from?: FingerprintState) {
    if (from === undefined) return;
    this.#looks = from.looks;
    this.#learntMs = from.learntMs;
    this.seenAt = from.seenAt;
    for (let point = 0; point < POINTS; point++) {
      const letter = from.edges.charCodeAt(point) - FIRST_LETTER;
      const levels = 2 * LEVELS + 1;
      // A text that is too short or of another making: no edge is known there.
      if (!(letter >= 0 && letter < levels ** 2)) continue;
      this.#x[point] = Math.floor(letter / levels) / LEVELS - 1;
      this.#y[point] = (letter % levels) / LEVELS - 1;
    }
    this.#means.set(from.means.slice(0, CELLS));
  }

  state(): FingerprintState {
    this.#text ??= this.#encoded();
    return {
      edges: this.#text,
      means: Array.from(this.#means, (mean) => Math.round(mean)),
      looks: this.#looks,
      learntMs: Math.round(this.#learntMs),
      seenAt: this.seenAt,
    };
  }

  /** Seen often and long enough to judge by. */
  get mature(): boolean {
    return this.#looks >= MATURE_LOOKS && this.#learntMs >= MATURE_MS;
  }

  /** Takes in what the picture looks like now; `lookMs` since the last look. */
  learn(field: EdgeField, means: Float32Array, lookMs: number, at: EpochMs): void {
    this.#looks++;
    this.#learntMs += lookMs;
    this.seenAt = at;
    const weight = Math.max(1 / this.#looks, 1 - Math.exp(-lookMs / LEARN_MS));
    blend(this.#x, field.x, weight);
    blend(this.#y, field.y, weight);
    blend(this.#means, means, weight);
    this.#steady = undefined;
    this.#text = undefined;
  }

  /** How much of the known structure is found in the picture at its place, −1 to 1. */
  similarity(field: EdgeField): number {
    return this.#found(field, 0, 0, 1);
  }

  /**
   * How much of the known structure lies where it did, whichever side of an edge is the brighter one now, −1 to
   * 1: infrared turns foliage white and the sky black.
   */
  outline(field: EdgeField): number {
    const { at, x, y, length } = this.#steadySet();
    let known = 0;
    let found = 0;
    for (let index = 0; index < at.length; index++) {
      const point = at[index] ?? 0;
      const weight = length[index] ?? 0;
      const [fieldX, fieldY] = [field.x[point] ?? 0, field.y[point] ?? 0];
      known += weight;
      if (fieldX === 0 && fieldY === 0) continue;
      const along = ((x[index] ?? 0) * fieldX + (y[index] ?? 0) * fieldY) / weight;
      found += weight * (2 * along * along - 1);
    }
    return known === 0 ? 0 : found / known;
  }

  /** The shift, in whole points, at which most of the known structure is found. */
  bestShift(field: EdgeField): Shift {
    const every = Math.max(1, Math.ceil(this.#steadySet().at.length / SEARCH_POINTS));
    let best: Shift = { across: 0, down: 0, similarity: this.#found(field, 0, 0, every) };
    for (let down = -REACH_DOWN; down <= REACH_DOWN; down++) {
      for (let across = -REACH_ACROSS; across <= REACH_ACROSS; across++) {
        const similarity = this.#found(field, across, down, every);
        if (similarity > best.similarity) best = { across, down, similarity };
      }
    }
    return best;
  }

  compareCells(field: EdgeField, means: Float32Array): CellReport {
    const points = new Float32Array(CELLS);
    const known = new Float32Array(CELLS);
    const present = new Float32Array(CELLS);
    const steady = this.#steadySet();
    for (let index = 0; index < steady.at.length; index++) {
      const point = steady.at[index] ?? 0;
      const cell = cellOfPoint[point] ?? 0;
      points[cell] = (points[cell] ?? 0) + 1;
      known[cell] = (known[cell] ?? 0) + (steady.length[index] ?? 0);
      // An edge is a unit vector, no edge is none.
      const isEdge = field.x[point] !== 0 || field.y[point] !== 0;
      present[cell] = (present[cell] ?? 0) + (isEdge ? 1 : 0);
    }
    const lost = { cells: 0, now: 0, before: 0 };
    const kept = { cells: 0, now: 0, before: 0 };
    for (let cell = 0; cell < CELLS; cell++) {
      if ((points[cell] ?? 0) < KNOWN_POINTS) continue;
      const side = (present[cell] ?? 0) < LOST_BELOW * (known[cell] ?? 0) ? lost : kept;
      side.cells++;
      side.now += means[cell] ?? 0;
      side.before += this.#means[cell] ?? 0;
    }
    const all = lost.cells + kept.cells;
    return {
      lostShare: all === 0 ? 0 : lost.cells / all,
      lostLight: lost.before === 0 ? 1 : lost.now / lost.before,
      keptLight: kept.before === 0 ? 1 : kept.now / kept.before,
    };
  }

  /** @param every looks at one of so many steady points only */
  #found(field: EdgeField, across: number, down: number, every: number): number {
    const { at, x, y, length } = this.#steadySet();
    const move = down * POINTS_ACROSS + across;
    let known = 0;
    let found = 0;
    for (let index = 0; index < at.length; index += every) {
      const point = at[index] ?? 0;
      const column = (point % POINTS_ACROSS) + across;
      const there = point + move;
      if (column < 1 || column >= POINTS_ACROSS - 1) continue;
      if (there < POINTS_ACROSS || there >= POINTS - POINTS_ACROSS) continue;
      known += length[index] ?? 0;
      found += (x[index] ?? 0) * (field.x[there] ?? 0) + (y[index] ?? 0) * (field.y[there] ?? 0);
    }
    return known === 0 ? 0 : found / known;
  }

  #steadySet(): SteadyPoints {
    if (this.#steady !== undefined) return this.#steady;
    const at = new Int32Array(POINTS);
    const [x, y, length] = [new Float32Array(POINTS), new Float32Array(POINTS), new Float32Array(POINTS)];
    let count = 0;
    for (let point = 0; point < POINTS; point++) {
      const [across, down] = [this.#x[point] ?? 0, this.#y[point] ?? 0];
      const squared = across * across + down * down;
      if (squared < STEADY ** 2) continue;
      at[count] = point;
      x[count] = across;
      y[count] = down;
      length[count] = Math.sqrt(squared);
      count++;
    }
    this.#steady = {
      at: at.subarray(0, count),
      x: x.subarray(0, count),
      y: y.subarray(0, count),
      length: length.subarray(0, count),
    };
    return this.#steady;
  }

  #encoded(): string {
    const letters = Array.from({ length: POINTS }, (_, point) => {
      const x = Math.round(((this.#x[point] ?? 0) + 1) * LEVELS);
      const y = Math.round(((this.#y[point] ?? 0) + 1) * LEVELS);
      return String.fromCharCode(FIRST_LETTER + x * (2 * LEVELS + 1) + y);
    });
    return letters.join("");
  }
}

function blend(into: Float32Array, from: Float32Array, weight: number): void {
  for (let at = 0; at < into.length; at++) {
    const old = into[at] ?? 0;
    into[at] = old + weight * ((from[at] ?? 0) - old);
  }
}

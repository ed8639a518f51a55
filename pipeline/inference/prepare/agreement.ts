import { FOUND_FIELDS } from "../decode/to-source.ts";

/** How much two paths may differ in one candidate. */
export interface Tolerance {
  /** Least overlap of the two boxes (IoU). */
  readonly iou: number;
  /** Score difference, as a part of the score. */
  readonly score: number;
  /** Part of the candidates that must be there again. */
  readonly part: number;
}

export interface Agreement {
  readonly compared: number;
  readonly agreeing: number;
}

/** Tiny scores differ by rounding alone. */
const SCORE_FLOOR = 0.002;

/**
 * How many of the best candidates of the plain path the prepared one gives as well.
 *
 * @param plain `FOUND_FIELDS` numbers a candidate, best first
 * @param kept the class index of the plain path for each of the prepared one
 * @param most how many candidates to compare
 */
export function compareCandidates(
  plain: Float64Array,
  prepared: Float64Array,
  kept: readonly number[],
  tolerance: Pick<Tolerance, "iou" | "score">,
  most: number,
): Agreement {
  let compared = 0;
  let agreeing = 0;
  for (let at = 0; at < plain.length && compared < most; at += FOUND_FIELDS) {
    const classIndex = kept.indexOf(plain[at + 5] ?? -1);
    if (classIndex < 0) continue;
    compared++;
    if (hasTwin(plain.subarray(at, at + FOUND_FIELDS), prepared, classIndex, tolerance)) agreeing++;
  }
  return { compared, agreeing };
}

function hasTwin(
  one: Float64Array,
  all: Float64Array,
  classIndex: number,
  { iou, score }: Pick<Tolerance, "iou" | "score">,
): boolean {
  const own = one[4] ?? 0;
  const allowed = SCORE_FLOOR + score * own;
  for (let at = 0; at < all.length; at += FOUND_FIELDS) {
    if (all[at + 5] !== classIndex || Math.abs((all[at + 4] ?? 0) - own) > allowed) continue;
    if (overlap(one, all.subarray(at, at + FOUND_FIELDS)) >= iou) return true;
  }
  return false;
}

function overlap(a: Float64Array, b: Float64Array): number {
  const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = a;
  const [bx1 = 0, by1 = 0, bx2 = 0, by2 = 0] = b;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared);
}

import type { Point } from "../../domain/types.ts";
import { type Quad, sizeOfQuad } from "./rectify.ts";
import type { TextLine } from "./text-lines.ts";

/** Something that may be a plate: its lines of text from top to bottom, one or two. */
export interface PlateCandidate {
  readonly lines: readonly Quad[];
  /** The plate's own outline as far as the text shows it. */
  readonly outline: Quad;
  /** How sure the finder is that text is there, 0–1. */
  readonly score: number;
}

/**
 * Width ÷ height of one line that holds a whole plate. A plate is 440 or 480 mm by 140 mm (GA 36-2018), seen from
 * the side it gets narrower, its text alone is flatter.
 */
const WHOLE_LINE = { from: 1.6, to: 8 };
/** Of the lower line of a two-line plate (220 mm high, the back of lorries and buses). */
const LOWER_LINE = { from: 1.2, to: 6 };
/** Of the upper one: province and letter. */
const UPPER_LINE = { from: 0.7, to: 4 };

/**
 * What may be a plate among the lines of text on a vehicle: a line of the right shape, neighbours that make one
 * line when put together (the dot parts some plates), and one line above another.
 */
export function plateCandidates(found: readonly TextLine[]): PlateCandidate[] {
  const lines = [...found, ...joinedNeighbours(found)];
  const single = lines
    .filter(({ quad }) => isShaped(quad, WHOLE_LINE))
    .map(({ quad, score }): PlateCandidate => ({ lines: [quad], outline: quad, score }));
  return [...single, ...stackedPairs(found)].sort((a, b) => b.score - a.score);
}

function joinedNeighbours(found: readonly TextLine[]): TextLine[] {
  return found.flatMap((left) =>
    found
      .filter((right) => right !== left && areNeighbours(left.quad, right.quad))
      .map((right) => ({
        quad: [left.quad[0], right.quad[1], right.quad[2], left.quad[3]] as const,
        score: Math.min(left.score, right.score),
      })),
  );
}

function areNeighbours(left: Quad, right: Quad): boolean {
  const height = sizeOfQuad(left).height;
  const other = sizeOfQuad(right).height;
  const gap = right[0][0] - left[1][0];
  const isLevel = Math.abs(middleOf(left[1], left[2]) - middleOf(right[0], right[3])) < 0.4 * height;
  return isLevel && Math.max(height, other) < 1.8 * Math.min(height, other) && Math.abs(gap) < height;
}

function stackedPairs(found: readonly TextLine[]): PlateCandidate[] {
  return found.flatMap((lower) =>
    found
      .filter((upper) => upper !== lower && stands(upper.quad, lower.quad))
      .map((upper) => ({
        lines: [upper.quad, lower.quad],
        outline: around(upper.quad, lower.quad),
        score: Math.min(upper.score, lower.score),
      })),
  );
}

/** Whether one line stands above another as on a two-line plate. */
function stands(upper: Quad, lower: Quad): boolean {
  if (!isShaped(upper, UPPER_LINE) || !isShaped(lower, LOWER_LINE)) return false;
  const above = sizeOfQuad(upper);
  const under = sizeOfQuad(lower);
  const centre = (upper[0][0] + upper[1][0]) / 2;
  const gap = middleOf(lower[0], lower[1]) - middleOf(upper[2], upper[3]);
  return (
    centre > lower[0][0] &&
    centre < lower[1][0] &&
    above.width <= 1.1 * under.width &&
    above.height < 1.3 * under.height &&
    above.height > 0.3 * under.height &&
    Math.abs(gap) < 0.6 * under.height
  );
}

function around(upper: Quad, lower: Quad): Quad {
  const left = Math.min(upper[0][0], lower[0][0]);
  const right = Math.max(upper[1][0], lower[1][0]);
  return [[left, upper[0][1]], [right, upper[1][1]], lower[2], lower[3]];
}

function isShaped(quad: Quad, { from, to }: { from: number; to: number }): boolean {
  const { width, height } = sizeOfQuad(quad);
  return width >= from * height && width <= to * height;
}

function middleOf(a: Point, b: Point): number {
  return (a[1] + b[1]) / 2;
}

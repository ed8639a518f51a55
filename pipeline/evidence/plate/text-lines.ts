import type { Point } from "../../domain/types.ts";
import type { Quad } from "./rectify.ts";

/** For each pixel of a picture, the probability that text is there, row by row. */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** A stretch of text in a map. */
export interface TextLine {
  /** In pixels of the map. */
  readonly quad: Quad;
  /** Mean probability of its pixels, 0–1. */
  readonly score: number;
}

/** As the map's authors decode it (Liao et al. 2020, differentiable binarization; PaddleOCR's settings). */
const TEXT_FROM = 0.3;
const LEAST_SCORE = 0.5;
/** The map shows text shrunk by this: area × ratio ÷ perimeter is added on every side. */
const GROW_RATIO = 1.6;
/** Fewer pixels than this are dirt. */
const LEAST_PIXELS = 12;
const LEAST_HEIGHT = 2;

/**
 * The lines of text in a map, each as a quad: upper and lower edge are fitted to the text, so a line that rises, or
 * that gets smaller with distance, is followed; left and right are upright, as they are for whatever stands on a
 * street before a camera that is not tilted sideways. Text steeper than 45° is not looked for.
 */
export function findTextLines(map: TextMap): TextLine[] {
  const seen = new Uint8Array(map.values.length);
  const lines: TextLine[] = [];
  for (let start = 0; start < map.values.length; start++) {
    if (seen[start] === 1 || (map.values[start] as number) < TEXT_FROM) continue;
    const line = toLine(map, collect(map, seen, start));
    if (line !== null) lines.push(line);
  }
  return lines;
}

/** The pixels that hang together with this one, over corners too; marks them as seen. */
function collect({ width, height, values }: TextMap, seen: Uint8Array, start: number): number[] {
  const found = [start];
  seen[start] = 1;
  for (let next = 0; next < found.length; next++) {
    const at = found[next] as number;
    const x = at % width;
    const y = (at - x) / width;
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        const other = row * width + column;
        if (seen[other] === 1 || (values[other] as number) < TEXT_FROM) continue;
        seen[other] = 1;
        found.push(other);
      }
    }
  }
  return found;
}

function toLine({ width, values }: TextMap, pixels: readonly number[]): TextLine | null {
  if (pixels.length < LEAST_PIXELS) return null;
  const score = pixels.reduce((sum, at) => sum + (values[at] as number), 0) / pixels.length;
  if (score < LEAST_SCORE) return null;
  const columns = new Map<number, { top: number; bottom: number }>();
  for (const at of pixels) {
    const x = at % width;
    const y = (at - x) / width;
    const column = columns.get(x);
    if (column === undefined) columns.set(x, { top: y, bottom: y + 1 });
    else {
      column.top = Math.min(column.top, y);
      column.bottom = Math.max(column.bottom, y + 1);
    }
  }
  const left = Math.min(...columns.keys());
  const right = Math.max(...columns.keys()) + 1;
  // The ends of a blob are round, so its edges are fitted to what lies between.
  const round = Math.min((right - left) * 0.15, pixels.length / (right - left) / 2);
  const inner = [...columns].filter(([x]) => x >= left + round && x < right - round);
  if (inner.length < 3) return null;
  const top = fitLine(inner.map(([x, { top }]): Point => [x + 0.5, top]));
  const bottom = fitLine(inner.map(([x, { bottom }]): Point => [x + 0.5, bottom]));
  const height = (bottom(left) - top(left) + bottom(right) - top(right)) / 2;
  if (height < LEAST_HEIGHT || Math.abs(top(right) - top(left)) > right - left) return null;
  const grow = (pixels.length * GROW_RATIO) / (2 * (right - left + height));
  const [from, to] = [left - grow, right + grow];
  return {
    quad: [
      [from, top(from) - grow],
      [to, top(to) - grow],
      [to, bottom(to) + grow],
      [from, bottom(from) + grow],
    ],
    score,
  };
}

/** Least squares, and once more without the points that lie furthest off. */
function fitLine(points: readonly Point[]): (x: number) => number {
  const first = leastSquares(points);
  const off = points.map(([x, y]) => Math.abs(y - first(x)));
  const limit = [...off].sort((a, b) => a - b)[Math.floor(points.length * 0.8)] ?? 0;
  return leastSquares(points.filter((_, index) => (off[index] as number) <= limit));
}

function leastSquares(points: readonly Point[]): (x: number) => number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const rise = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = spread === 0 ? 0 : rise / spread;
  return (x) => meanY + slope * (x - meanX);
}

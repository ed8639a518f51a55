import { CELLS, cellOfPoint, POINTS, POINTS_ACROSS, POINTS_DOWN } from "./frame-stats.ts";

/** Steps of brightness across two points below which there is no edge, however quiet the sensor. */
const LEAST_EDGE = 6;
const NOISE_FACTOR = 4;
/** So many edge points (of 36) make a cell structured. */
const STRUCTURED_POINTS = 3;

/**
 * Where a picture has edges, and which way they face: a unit vector per point, nothing where there is no edge.
 * How strong an edge is depends on the light, where it lies does not.
 */
export interface EdgeField {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/**
 * The edges of a picture averaged over a moment.
 * @param noise standard deviation of one of its points
 */
export function edgeField(points: Float32Array, noise: number): EdgeField {
  const limit = Math.max(LEAST_EDGE, NOISE_FACTOR * noise);
  const x = new Float32Array(POINTS);
  const y = new Float32Array(POINTS);
  for (let row = 1; row < POINTS_DOWN - 1; row++) {
    for (let column = 1; column < POINTS_ACROSS - 1; column++) {
      const at = row * POINTS_ACROSS + column;
      const [above, below] = [at - POINTS_ACROSS, at + POINTS_ACROSS];
      // The two diagonals, from upper left down and from lower left up.
      const falling = (points[below + 1] ?? 0) - (points[above - 1] ?? 0);
      const rising = (points[above + 1] ?? 0) - (points[below - 1] ?? 0);
      const across = (falling + rising + 2 * ((points[at + 1] ?? 0) - (points[at - 1] ?? 0))) / 4;
      const down = (falling - rising + 2 * ((points[below] ?? 0) - (points[above] ?? 0))) / 4;
      const squared = across * across + down * down;
      if (squared < limit * limit) continue;
      const strength = Math.sqrt(squared);
      x[at] = across / strength;
      y[at] = down / strength;
    }
  }
  return { x, y };
}

/** Share of the cells that show structure, 0–1. */
export function structuredShare({ x, y }: EdgeField): number {
  const counts = new Uint8Array(CELLS);
  for (let point = 0; point < POINTS; point++) {
    if (x[point] === 0 && y[point] === 0) continue;
    const cell = cellOfPoint[point] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts.filter((count) => count >= STRUCTURED_POINTS).length / CELLS;
}

import type { LumaView } from "./luma.ts";

/** A frame is looked at through this many points: fine enough for a shift by 2 % of the width. */
export const POINTS_ACROSS = 96;
export const POINTS_DOWN = 54;
export const POINTS = POINTS_ACROSS * POINTS_DOWN;
/** A cell is 6 × 6 points. */
export const CELL_POINTS = 6;
export const CELLS_ACROSS = POINTS_ACROSS / CELL_POINTS;
export const CELLS_DOWN = POINTS_DOWN / CELL_POINTS;
export const CELLS = CELLS_ACROSS * CELLS_DOWN;

/** The cell of each point. */
export const cellOfPoint: Uint8Array = Uint8Array.from({ length: POINTS }, (_, point) => {
  const column = Math.floor((point % POINTS_ACROSS) / CELL_POINTS);
  const row = Math.floor(point / POINTS_ACROSS / CELL_POINTS);
  return row * CELLS_ACROSS + column;
});

/**
 * Reads a frame at 4 samples per point: their mean brightness, 0–255, goes to `points` (row by row).
 * @returns a checksum of all samples: equal for a picture that repeats exactly
 */
export function samplePoints(luma: LumaView, points: Float32Array): number {
  const { data, rowStride } = luma;
  const columns = columnsOf(luma);
  let checksum = 0x811c9dc5;
  for (let y = 0; y < POINTS_DOWN; y++) {
    const upper = luma.offset + Math.floor(((y + 0.25) * luma.height) / POINTS_DOWN) * rowStride;
    const lower = luma.offset + Math.floor(((y + 0.75) * luma.height) / POINTS_DOWN) * rowStride;
    for (let x = 0; x < POINTS_ACROSS; x++) {
      const left = columns[2 * x] ?? 0;
      const right = columns[2 * x + 1] ?? 0;
      const a = data[upper + left] ?? 0;
      const b = data[upper + right] ?? 0;
      const c = data[lower + left] ?? 0;
      const d = data[lower + right] ?? 0;
      checksum = Math.imul(checksum ^ (a | (b << 8) | (c << 16) | (d << 24)), 0x01000193);
      checksum ^= checksum >>> 15;
      points[y * POINTS_ACROSS + x] = (a + b + c + d) / 4;
    }
  }
  return checksum >>> 0;
}

/** Where the two sample columns of each point lie in a row. */
function columnsOf({ width, step }: LumaView): Int32Array {
  const columns = new Int32Array(2 * POINTS_ACROSS);
  for (let at = 0; at < columns.length; at++)
    columns[at] = Math.floor(((at + 0.5) * width) / (2 * POINTS_ACROSS)) * step;
  return columns;
}

/** Mean brightness of each cell, 0–255. */
export function cellMeans(points: Float32Array): Float32Array {
  const means = new Float32Array(CELLS);
  for (let point = 0; point < POINTS; point++) {
    const cell = cellOfPoint[point] ?? 0;
    means[cell] = (means[cell] ?? 0) + (points[point] ?? 0) / CELL_POINTS ** 2;
  }
  return means;
}

/** For a median, one point of so many will do; prime to the row length, so that every column counts. */
const CHANGE_EVERY = 5;

/** The middle one of many small numbers (0–63.75), to a quarter: what most points of a picture do. */
export function medianChange(now: Float32Array, before: Float32Array): number {
  const counts = new Uint32Array(256);
  for (let point = 0; point < POINTS; point += CHANGE_EVERY) {
    const change = Math.abs((now[point] ?? 0) - (before[point] ?? 0));
    const bin = Math.min(255, Math.round(change * 4));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let below = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    below += counts[bin] ?? 0;
    if (below * 2 * CHANGE_EVERY >= POINTS) return bin / 4;
  }
  return counts.length / 4;
}

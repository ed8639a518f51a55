import type { Matrix3 } from "./colour.ts";
import type { Tap } from "./stem.ts";

/** A convolution with stride 1 over pictures of half the size. */
export interface HalfSizeKernel {
  /** [outputs, 6, height, width] */
  readonly weights: Float32Array;
  readonly height: number;
  readonly width: number;
  /** Rows above and columns to the left that it reaches outside; what it reaches below and to the right. */
  readonly pads: readonly [top: number, left: number, bottom: number, right: number];
}

/** Luma of the four pixels of a square (left to right, top to bottom), then their common U and V. */
export const FOLDED_CHANNELS = 6;

/**
 * Folds YUV → model colour and the doubling of the chroma planes into the first convolution. Where that one
 * reads every second pixel, each 2 × 2 pixels with their one U and V are one cell of six channels, and the
 * result is the same sum in another order.
 */
export function foldStem(taps: readonly Tap[], outputs: number, matrix: Matrix3): HalfSizeKernel {
  const rows = extent(taps.map(({ dy }) => Math.floor(dy / 2)));
  const columns = extent(taps.map(({ dx }) => Math.floor(dx / 2)));
  const weights = new Float64Array(outputs * FOLDED_CHANNELS * rows.size * columns.size);
  for (const { output, channel, dx, dy, weight } of taps) {
    const row = Math.floor(dy / 2);
    const column = Math.floor(dx / 2);
    const pixel = 2 * (dy - 2 * row) + (dx - 2 * column);
    const [fromY, fromU, fromV] = matrix[channel] ?? [0, 0, 0];
    const add = (plane: number, value: number) => {
      const line = (output * FOLDED_CHANNELS + plane) * rows.size + row - rows.from;
      const at = line * columns.size + column - columns.from;
      weights[at] = (weights[at] ?? 0) + weight * value;
    };
    add(pixel, fromY);
    add(4, fromU);
    add(5, fromV);
  }
  return {
    weights: Float32Array.from(weights),
    height: rows.size,
    width: columns.size,
    // As many cells come out as went in.
    pads: [-rows.from, -columns.from, rows.to, columns.to],
  };
}

function extent(values: readonly number[]) {
  // The cell itself always belongs to it, so that no padding is negative.
  const from = values.reduce((least, value) => Math.min(least, value), 0);
  const to = values.reduce((most, value) => Math.max(most, value), 0);
  return { from, to, size: to - from + 1 };
}

import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";

/**
 * CenterNet (arXiv 1904.07850) cut before its own peak picking: a sigmoid heat map [1, classes, h, w] and the
 * distances [1, 4, h, w] from the cell's corner to left, top, right and bottom, in input pixels. A peak is a
 * cell that no neighbour of its 3 × 3 exceeds; peaks of one object still come in pairs, so suppression follows.
 */
export function centernetDecoder(input: InputSize, classes: number, stride: number): Decoder {
  const columns = Math.ceil(input.width / stride);
  const rows = Math.ceil(input.height / stride);
  const plane = columns * rows;

  function decode([heat, sides]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (heat === undefined || sides === undefined) return;
    for (let at = 0; at < heat.length; at++) {
      const score = heat[at] as number;
      if (!(score >= minScore)) continue;
      const cell = at % plane;
      const column = cell % columns;
      const row = (cell - column) / columns;
      if (!isPeak(heat, at, column, row)) continue;
      const x = column * stride;
      const y = row * stride;
      into.push(
        x - (sides[cell] as number),
        y - (sides[plane + cell] as number),
        x + (sides[2 * plane + cell] as number),
        y + (sides[3 * plane + cell] as number),
        score,
        (at - cell) / plane,
      );
    }
  }

  function isPeak(heat: Float32Array, at: number, column: number, row: number): boolean {
    const score = heat[at] as number;
    const left = column > 0 ? -1 : 0;
    const right = column < columns - 1 ? 1 : 0;
    const top = row > 0 ? -1 : 0;
    const bottom = row < rows - 1 ? 1 : 0;
    for (let dy = top; dy <= bottom; dy++) {
      for (let dx = left; dx <= right; dx++) {
        if ((heat[at + dy * columns + dx] as number) > score) return false;
      }
    }
    return true;
  }

  return {
    outputs: [
      { what: "heat map", dims: [1, classes, rows, columns] },
      { what: "distances to the sides", dims: [1, 4, rows, columns] },
    ],
    overlapping: true,
    decode,
  };
}

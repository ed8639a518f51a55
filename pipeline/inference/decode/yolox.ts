import { bestClass } from "./best-class.ts";
import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { cellCount, gridsOf } from "./grid.ts";

/**
 * YOLOX (arXiv 2107.08430): one output [1, cells, 5 + classes], levels concatenated, one anchor a cell. Columns:
 * centre relative to the cell in strides, logarithm of the size in strides, objectness, classes (both sigmoid).
 */
export function yoloxDecoder(input: InputSize, classes: number, strides: readonly number[]): Decoder {
  const grids = gridsOf(input, strides);
  const columns = 5 + classes;

  function decode([rows]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (rows === undefined) return;
    for (const grid of grids) {
      for (let cell = 0; cell < grid.cells; cell++) {
        const at = (grid.firstCell + cell) * columns;
        const objectness = rows[at + 4] as number;
        // No class score exceeds 1, so this cell is out before its classes are read.
        if (!(objectness >= minScore)) continue;
        const best = bestClass(rows, at + 5, classes);
        const score = objectness * (rows[at + 5 + best] ?? 0);
        if (!(score >= minScore)) continue;
        const x = ((rows[at] as number) + (cell % grid.columns)) * grid.stride;
        const y = ((rows[at + 1] as number) + Math.floor(cell / grid.columns)) * grid.stride;
        const halfWidth = (Math.exp(rows[at + 2] as number) * grid.stride) / 2;
        const halfHeight = (Math.exp(rows[at + 3] as number) * grid.stride) / 2;
        into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, best);
      }
    }
  }

  return {
    outputs: [{ what: "box, objectness and class scores per cell", dims: [1, cellCount(grids), columns] }],
    overlapping: true,
    decode,
  };
}

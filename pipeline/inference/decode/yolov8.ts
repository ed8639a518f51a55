import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { cellCount, gridsOf } from "./grid.ts";

/**
 * YOLOv8 and YOLO11: one output [1, 4 + classes, cells], so a cell is a column. Rows: centre and size in input
 * pixels, classes (sigmoid); no objectness.
 */
export function yolov8Decoder(input: InputSize, classes: number, strides: readonly number[]): Decoder {
  const cells = cellCount(gridsOf(input, strides));
  // Row by row instead of cell by cell: one pass over memory in its own order.
  const highest = new Float32Array(cells);
  const classOf = new Int32Array(cells);

  function decode([values]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (values === undefined) return;
    highest.fill(0);
    for (let classIndex = 0, at = 4 * cells; classIndex < classes; classIndex++) {
      for (let cell = 0; cell < cells; cell++, at++) {
        const score = values[at] as number;
        if (score > (highest[cell] as number)) {
          highest[cell] = score;
          classOf[cell] = classIndex;
        }
      }
    }
    for (let cell = 0; cell < cells; cell++) {
      const score = highest[cell] as number;
      if (score === 0 || !(score >= minScore)) continue;
      const x = values[cell] as number;
      const y = values[cells + cell] as number;
      const halfWidth = (values[2 * cells + cell] as number) / 2;
      const halfHeight = (values[3 * cells + cell] as number) / 2;
      const best = classOf[cell] as number;
      into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, best);
    }
  }

  return {
    outputs: [{ what: "box and class scores per cell", dims: [1, 4 + classes, cells] }],
    overlapping: true,
    decode,
  };
}

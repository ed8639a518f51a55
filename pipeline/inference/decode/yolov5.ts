import { bestClass } from "./best-class.ts";
import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { cellCount, gridsOf } from "./grid.ts";

const ANCHORS_PER_CELL = 3;

/**
 * YOLOv5 and YOLOv7 as exported with their grid: one output [1, 3 × cells, 5 + classes]. Columns: centre and
 * size in input pixels, objectness, classes (both sigmoid).
 */
export function yolov5Decoder(input: InputSize, classes: number, strides: readonly number[]): Decoder {
  const anchors = ANCHORS_PER_CELL * cellCount(gridsOf(input, strides));
  const columns = 5 + classes;

  function decode([rows]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (rows === undefined) return;
    for (let at = 0; at < rows.length; at += columns) {
      const objectness = rows[at + 4] as number;
      if (!(objectness >= minScore)) continue;
      const best = bestClass(rows, at + 5, classes);
      const score = objectness * (rows[at + 5 + best] ?? 0);
      if (!(score >= minScore)) continue;
      const x = rows[at] as number;
      const y = rows[at + 1] as number;
      const halfWidth = (rows[at + 2] as number) / 2;
      const halfHeight = (rows[at + 3] as number) / 2;
      into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, best);
    }
  }

  return {
    outputs: [{ what: "box, objectness and class scores per anchor", dims: [1, anchors, columns] }],
    overlapping: true,
    decode,
  };
}

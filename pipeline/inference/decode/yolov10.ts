import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder } from "./decoder.ts";

const COLUMNS = 6;

/**
 * YOLOv10 and other end-to-end exports: one output [1, N, 6]. Columns: x1, y1, x2, y2 in input pixels, score,
 * class index. One box an object already: no suppression.
 */
export function yolov10Decoder(classes: number): Decoder {
  function decode([rows]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (rows === undefined) return;
    for (let at = 0; at < rows.length; at += COLUMNS) {
      const score = rows[at + 4] as number;
      if (!(score >= minScore)) continue;
      const classIndex = rows[at + 5] as number;
      // Padding rows of some exports carry class −1.
      if (!Number.isInteger(classIndex) || classIndex < 0 || classIndex >= classes) continue;
      into.push(
        rows[at] as number,
        rows[at + 1] as number,
        rows[at + 2] as number,
        rows[at + 3] as number,
        score,
        classIndex,
      );
    }
  }

  return {
    outputs: [{ what: "x1, y1, x2, y2, score and class per object", dims: [1, "N", COLUMNS] }],
    overlapping: false,
    decode,
  };
}

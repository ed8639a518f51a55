import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { decodeGflLevel, type GflHead } from "./gfl.ts";
import { cellCount, gridsOf } from "./grid.ts";

/**
 * NanoDet-Plus: one output [1, cells, classes + 4 × bins], levels concatenated; a row holds the class scores,
 * then the logits of left, top, right and bottom.
 */
export function nanodetPlusDecoder(input: InputSize, strides: readonly number[], head: GflHead): Decoder {
  const grids = gridsOf(input, strides);
  const columns = head.classes + 4 * head.bins;

  function decode([rows]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (rows === undefined) return;
    for (const grid of grids) {
      const from = grid.firstCell * columns;
      const scores = { scores: rows, scoresAt: from, scoreStep: columns };
      const sides = { sides: rows, sidesAt: from + head.classes, sideStep: columns };
      decodeGflLevel(head, grid, { ...scores, ...sides }, minScore, into);
    }
  }

  return {
    outputs: [{ what: "class scores and side logits per cell", dims: [1, cellCount(grids), columns] }],
    overlapping: true,
    decode,
  };
}

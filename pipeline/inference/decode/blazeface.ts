import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { type Grid, gridsOf } from "./grid.ts";

/** Anchors in each cell, per level: the finer level has two, the coarser one six. */
const ANCHORS = [2, 6];
/** Per anchor: centre x, y, width, height, then six landmarks, which masking has no use for. */
const NUMBERS = 16;

/**
 * BlazeFace (arXiv 1907.05047), back camera, cut before its reshapes: per level a map of logits [1, anchors, h, w]
 * and one of boxes [1, anchors × 16, h, w], both levels' logits first. A box is the offset of its centre from the
 * middle of the cell, and its size, in input pixels. One class: face.
 */
export function blazefaceDecoder(input: InputSize, strides: readonly number[]): Decoder {
  const grids = gridsOf(input, strides);
  const anchorsOf = (level: number) => ANCHORS[level] ?? 1;

  function decode(outputs: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    grids.forEach((grid, level) => {
      const logits = outputs[level];
      const boxes = outputs[grids.length + level];
      if (logits !== undefined && boxes !== undefined) decodeLevel(grid, logits, boxes, minScore, into);
    });
  }

  return {
    outputs: [
      ...grids.map(({ stride, rows, columns }, level) => ({
        what: `face logits at stride ${stride}`,
        dims: [1, anchorsOf(level), rows, columns],
      })),
      ...grids.map(({ stride, rows, columns }, level) => ({
        what: `face boxes at stride ${stride}`,
        dims: [1, anchorsOf(level) * NUMBERS, rows, columns],
      })),
    ],
    overlapping: true,
    decode,
  };
}

function decodeLevel(
  { cells, columns, stride }: Grid,
  logits: Float32Array,
  boxes: Float32Array,
  minScore: number,
  into: CandidateBuffer,
): void {
  for (let at = 0; at < logits.length; at++) {
    const score = 1 / (1 + Math.exp(-(logits[at] as number)));
    if (!(score >= minScore)) continue;
    const cell = at % cells;
    const column = cell % columns;
    const anchor = (at - cell) / cells;
    const number = (index: number) => boxes[(anchor * NUMBERS + index) * cells + cell] as number;
    const x = number(0) + (column + 0.5) * stride;
    const y = number(1) + ((cell - column) / columns + 0.5) * stride;
    const halfWidth = number(2) / 2;
    const halfHeight = number(3) / 2;
    into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, 0);
  }
}

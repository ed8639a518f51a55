import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, ExpectedOutput, InputSize } from "./decoder.ts";
import { decodeGflLevel, type GflHead } from "./gfl.ts";
import { gridsOf } from "./grid.ts";

/** How a head with one pair of tensors per level orders its outputs. */
export type LevelOrder = "scores-then-sides" | "alternating";

/**
 * PicoDet, the older NanoDet-m and whatever else has its scores [1, cells, classes] and its side logits
 * [1, cells, 4 × bins] in a tensor of their own per level. `alternating`: scores and sides of the first level,
 * then of the next; `scores-then-sides`: the scores of all levels first.
 */
export function gflPerLevelDecoder(
  input: InputSize,
  strides: readonly number[],
  head: GflHead,
  order: LevelOrder,
): Decoder {
  const grids = gridsOf(input, strides);
  const levels = grids.map((grid, level) =>
    order === "alternating"
      ? { grid, scoresIndex: 2 * level, sidesIndex: 2 * level + 1 }
      : { grid, scoresIndex: level, sidesIndex: grids.length + level },
  );

  const outputs: ExpectedOutput[] = [];
  for (const { grid, scoresIndex, sidesIndex } of levels) {
    const at = `at stride ${grid.stride}`;
    outputs[scoresIndex] = { what: `class scores ${at}`, dims: [1, grid.cells, head.classes] };
    outputs[sidesIndex] = { what: `side logits ${at}`, dims: [1, grid.cells, 4 * head.bins] };
  }

  function decode(tensors: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    for (const { grid, scoresIndex, sidesIndex } of levels) {
      const scores = tensors[scoresIndex];
      const sides = tensors[sidesIndex];
      if (scores === undefined || sides === undefined) return;
      const level = {
        scores,
        scoresAt: 0,
        scoreStep: head.classes,
        sides,
        sidesAt: 0,
        sideStep: 4 * head.bins,
      };
      decodeGflLevel(head, grid, level, minScore, into);
    }
  }

  return { outputs, overlapping: true, decode };
}

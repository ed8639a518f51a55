import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";
import { gridsOf } from "./grid.ts";

/**
 * YuNet (libfacedetection): per level the class score [1, cells, 1], objectness [1, cells, 1] and the box
 * [1, cells, 4] as offset of the centre and log size, in strides. The score is the root of the product of the two.
 * One class: face. Its landmarks are not read.
 */
export function yunetDecoder(input: InputSize, strides: readonly number[]): Decoder {
  const grids = gridsOf(input, strides);

  function decode(outputs: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    grids.forEach(({ cells, columns, stride }, level) => {
      const [classes, objects, boxes] = outputs.slice(level * 3, level * 3 + 3);
      if (classes === undefined || objects === undefined || boxes === undefined) return;
      for (let cell = 0; cell < cells; cell++) {
        const score = Math.sqrt(unit(classes[cell] as number) * unit(objects[cell] as number));
        if (!(score >= minScore)) continue;
        const column = cell % columns;
        const box = cell * 4;
        const x = (column + (boxes[box] as number)) * stride;
        const y = ((cell - column) / columns + (boxes[box + 1] as number)) * stride;
        const halfWidth = (Math.exp(boxes[box + 2] as number) * stride) / 2;
        const halfHeight = (Math.exp(boxes[box + 3] as number) * stride) / 2;
        into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, 0);
      }
    });
  }

  return {
    outputs: grids.flatMap(({ stride, cells }) => [
      { what: `face score at stride ${stride}`, dims: [1, cells, 1] },
      { what: `objectness at stride ${stride}`, dims: [1, cells, 1] },
      { what: `box at stride ${stride}`, dims: [1, cells, 4] },
    ]),
    overlapping: true,
    decode,
  };
}

/** NaN stays NaN, which no score test lets through. */
function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

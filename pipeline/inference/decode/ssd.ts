import { bestClass } from "./best-class.ts";
import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";

/**
 * SSD-style with the priors already applied: boxes [1, N, 4] (x1, y1, x2, y2, 0–1 of the input) and scores
 * [1, N, 1 + classes] (softmax), column 0 being the background, which has no label.
 */
export function ssdDecoder(input: InputSize, classes: number): Decoder {
  const columns = 1 + classes;

  function decode([boxes, scores]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (boxes === undefined || scores === undefined) return;
    for (let prior = 0, at = 0; at < scores.length; prior++, at += columns) {
      const best = bestClass(scores, at + 1, classes);
      const score = scores[at + 1 + best] as number;
      if (best < 0 || !(score >= minScore)) continue;
      const box = prior * 4;
      into.push(
        (boxes[box] as number) * input.width,
        (boxes[box + 1] as number) * input.height,
        (boxes[box + 2] as number) * input.width,
        (boxes[box + 3] as number) * input.height,
        score,
        best,
      );
    }
  }

  return {
    outputs: [
      { what: "box per prior", dims: [1, "N", 4] },
      { what: "background and class scores per prior", dims: [1, "N", columns] },
    ],
    overlapping: true,
    decode,
  };
}

import type { CandidateBuffer } from "./candidate-buffer.ts";
import type { Decoder, InputSize } from "./decoder.ts";

/**
 * RT-DETR and D-FINE: logits [1, Q, classes] and boxes [1, Q, 4] (centre and size, 0–1 of the input). Each
 * query may name several classes, as in the authors' own post-processing; no suppression.
 */
export function detrDecoder(input: InputSize, classes: number): Decoder {
  function decode([logits, boxes]: readonly Float32Array[], minScore: number, into: CandidateBuffer): void {
    if (logits === undefined || boxes === undefined) return;
    // The sigmoid rises steadily, so the test can be made on the logit, and exp() is only for what passes.
    // A hair lower, because rounding must not cost the box whose score is the limit itself.
    const minLogit = Math.log(minScore / (1 - minScore)) - 1e-6;
    for (let at = 0; at < logits.length; at++) {
      const logit = logits[at] as number;
      if (!(logit >= minLogit && logit < Number.POSITIVE_INFINITY)) continue;
      const score = 1 / (1 + Math.exp(-logit));
      if (!(score >= minScore)) continue;
      const box = Math.floor(at / classes) * 4;
      const x = (boxes[box] as number) * input.width;
      const y = (boxes[box + 1] as number) * input.height;
      const halfWidth = ((boxes[box + 2] as number) * input.width) / 2;
      const halfHeight = ((boxes[box + 3] as number) * input.height) / 2;
      into.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, at % classes);
    }
  }

  return {
    outputs: [
      { what: "class logits per query", dims: [1, "Q", classes] },
      { what: "box per query", dims: [1, "Q", 4] },
    ],
    overlapping: false,
    decode,
  };
}

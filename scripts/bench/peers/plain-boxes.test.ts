import { Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import { detectionsIn } from "./plain-boxes.mts";

const COLUMNS = 6;
const CELLS = 64 + 16 + 4;

function output(rows: Record<number, readonly number[]>): Tensor {
  const data = new Float32Array(CELLS * COLUMNS);
  for (const [row, values] of Object.entries(rows)) data.set(values, Number(row) * COLUMNS);
  return new Tensor("float32", data, [1, CELLS, COLUMNS]);
}

it("finds what scores, once where boxes lie on each other", () => {
  const big = Math.log(4);
  // Neighbouring cells of stride 8 that tell of the same box, one elsewhere, and one that is not sure.
  const seen = output({
    9: [0.5, 0.5, big, big, 0.9, 0.9],
    10: [-0.5, 0.5, big, big, 0.8, 0.9],
    63: [0.5, 0.5, big, big, 0.9, 0.9],
    30: [0.5, 0.5, big, big, 0.5, 0.5],
  });
  expect(detectionsIn([seen], 64, 64)).toBe(2);
});

it("counts the scores of other layouts", () => {
  const heat = new Tensor("float32", Float32Array.of(0.1, 0.4, 0.9, 0.2), [1, 1, 2, 2]);
  expect(detectionsIn([heat], 64, 64)).toBe(2);
});

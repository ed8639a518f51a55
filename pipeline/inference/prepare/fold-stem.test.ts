import { describe, expect, it } from "vitest";
import { GraphEditor } from "../onnx/graph-editor.ts";
import { tinyYolox } from "../testing/tiny-yolox.ts";
import type { Matrix3 } from "./colour.ts";
import { FOLDED_CHANNELS, foldStem } from "./fold-stem.ts";
import { findStem, type Tap } from "./stem.ts";

const SIDE = 6;
const matrix: Matrix3 = [
  [1, 0.25, -0.5],
  [2, -1, 0.75],
  [0.5, 1.5, 1],
];
/** Any numbers; index 0–2: Y, U, V. */
const yuv = (plane: number, x: number, y: number) =>
  plane === 0 ? Math.sin(x * 1.7 + y * 3.1) : Math.cos((x >> 1) * 2.3 + (y >> 1) * 0.9 + plane);
const inside = (x: number, y: number, side: number) => x >= 0 && y >= 0 && x < side && y < side;

/** What the taps say of the picture, pixel by pixel, zeros outside. */
function byTaps(taps: readonly Tap[], output: number, column: number, row: number): number {
  let sum = 0;
  for (const tap of taps) {
    const x = 2 * column + tap.dx;
    const y = 2 * row + tap.dy;
    if (tap.output !== output || !inside(x, y, SIDE)) continue;
    const parts = matrix[tap.channel] ?? [0, 0, 0];
    sum += tap.weight * parts.reduce((value, part, plane) => value + part * yuv(plane, x, y), 0);
  }
  return sum;
}

/** The folded kernel over cells of four lumas, U and V. */
function byFold(kernel: ReturnType<typeof foldStem>, output: number, column: number, row: number): number {
  let sum = 0;
  for (let plane = 0; plane < FOLDED_CHANNELS; plane++) {
    for (let ky = 0; ky < kernel.height; ky++) {
      for (let kx = 0; kx < kernel.width; kx++) {
        const x = column + kx - kernel.pads[1];
        const y = row + ky - kernel.pads[0];
        if (!inside(x, y, SIDE / 2)) continue;
        const at = ((output * FOLDED_CHANNELS + plane) * kernel.height + ky) * kernel.width + kx;
        const value =
          plane < 4 ? yuv(0, 2 * x + (plane % 2), 2 * y + (plane >> 1)) : yuv(plane - 3, 2 * x, 2 * y);
        sum += (kernel.weights[at] ?? Number.NaN) * value;
      }
    }
  }
  return sum;
}

describe("foldStem", () => {
  it.each(["strided", "focus"] as const)("gives the same sums, at the edges too (%s)", (kind) => {
    const stem = findStem(new GraphEditor(tinyYolox({ stem: kind })), "images");
    expect(stem?.outputs).toBe(8);
    expect(stem?.taps).toHaveLength(kind === "strided" ? 8 * 3 * 9 : 8 * 12 * 9);
    const taps = stem?.taps ?? [];
    const kernel = foldStem(taps, 8, matrix);
    for (let row = 0; row < SIDE / 2; row++)
      for (let column = 0; column < SIDE / 2; column++)
        for (const output of [0, 7])
          expect(byFold(kernel, output, column, row)).toBeCloseTo(byTaps(taps, output, column, row), 4);
    // As many cells as before come out.
    expect(kernel.pads[0] + kernel.pads[2]).toBe(kernel.height - 1);
    expect(kernel.pads[1] + kernel.pads[3]).toBe(kernel.width - 1);
  });
});

describe("findStem", () => {
  it("finds none where another node reads the picture as well", () => {
    const graph = new GraphEditor(tinyYolox({ stem: "focus" }));
    graph.prepend([{ opType: "Relu", name: "other", input: ["images"], output: ["other"] }]);
    expect(findStem(graph, "images")).toBeUndefined();
  });

  it("finds none where the first convolution keeps the size", () => {
    const graph = new GraphEditor(tinyYolox({ stem: "strided" }));
    const conv = graph.consumers("images")[0];
    if (conv === undefined) throw new Error("a graph that does not read its input");
    graph.replace(conv, { attribute: (conv.attribute ?? []).filter(({ name }) => name !== "strides") });
    expect(findStem(graph, "images")).toBeUndefined();
  });
});

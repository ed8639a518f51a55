import { OnnxGraph } from "../convert/onnx-graph.ts";
import type { ModelSpec } from "../model-spec.ts";

export const TINY_SIDE = 64;
export const TINY_CLASSES = ["car", "bus", "person"] as const;

export interface TinyYoloxOptions {
  /** `strided`: a convolution with stride 2; `focus`: four slices and a convolution, as YOLOX begins. */
  readonly stem: "strided" | "focus";
  /** Bakes the number of cells into the graph, so that it takes no other size. */
  readonly fixedCells?: boolean;
  /** Width and height of its input; `TINY_SIDE` when left out. */
  readonly side?: number;
}

/**
 * A real network of YOLOX's form, with two levels and random weights that are always the same: what it finds
 * means nothing, but depends on every pixel.
 */
export function tinyYolox({ stem, fixedCells = false, side = TINY_SIDE }: TinyYoloxOptions): Uint8Array {
  const graph = new OnnxGraph();
  const random = numbers(7);
  graph.addInput("images", [1, 3, side, side]);
  const conv = (
    name: string,
    from: string,
    [outputs, inputs, size]: [number, number, number],
    stride: number,
  ) => {
    const spread = 1.5 / Math.sqrt(inputs * size * size);
    const values = Float32Array.from({ length: outputs * inputs * size * size }, () => spread * random());
    const weights = graph.addFloats(`${name}/w`, [outputs, inputs, size, size], values);
    const bias = graph.addFloats(`${name}/b`, [outputs], Float32Array.from({ length: outputs }, random));
    const pad = (size - 1) / 2;
    graph.addNode("Conv", name, [from, weights, bias], {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    return name;
  };
  const relu = (from: string) => {
    graph.addNode("Relu", `${from}/relu`, [from]);
    return `${from}/relu`;
  };

  const first =
    stem === "strided" ? conv("stem", "images", [8, 3, 3], 2) : conv("stem", focus(graph), [8, 12, 3], 1);
  const quarter = relu(conv("c4", relu(first), [8, 8, 3], 2));
  const eighth = relu(conv("c8", quarter, [8, 8, 3], 2));
  const sixteenth = relu(conv("c16", eighth, [8, 8, 3], 2));
  const cells = (stride: number) => Math.ceil(side / stride) ** 2;
  const columns = 5 + TINY_CLASSES.length;
  const levels = [eighth, sixteenth].map((feature, level) => {
    const box = conv(`box${level}`, feature, [4, 8, 1], 1);
    for (const [part, outputs] of [
      ["object", 1],
      ["class", TINY_CLASSES.length],
    ] as const) {
      conv(`${part}${level}`, feature, [outputs, 8, 1], 1);
      graph.addNode("Sigmoid", `${part}${level}/score`, [`${part}${level}`]);
    }
    graph.addNode("Concat", `level${level}`, [box, `object${level}/score`, `class${level}/score`], {
      axis: 1,
    });
    const cellsOfLevel = fixedCells ? cells(8 * (level + 1)) : -1;
    const dims = graph.addInts(`level${level}/dims`, [1, columns, cellsOfLevel]);
    graph.addNode("Reshape", `level${level}/rows`, [`level${level}`, dims]);
    return `level${level}/rows`;
  });
  graph.addNode("Concat", "rows", levels, { axis: 2 });
  graph.addNode("Transpose", "output", ["rows"], { perm: [0, 2, 1] });
  graph.addOutput("output", [1, cells(8) + cells(16), columns]);
  return graph.encode("tiny-yolox");
}

/** Facts of the model as the registry would give them. */
export const TINY_YOLOX_INPUT: Partial<ModelSpec["input"]> = {
  width: TINY_SIDE,
  height: TINY_SIDE,
  colour: "BGR",
  mean: [100, 110, 120],
  std: [20, 24, 28],
  resize: "letterbox-topleft",
  padByte: 114,
};
export const TINY_YOLOX_OUTPUT: ModelSpec["output"] = {
  layout: "yolox",
  names: ["output"],
  strides: [8, 16],
};

/** Every second pixel, beginning at (0, 0), (row 1, 0), (0, column 1), (1, 1), stacked. */
function focus(graph: OnnxGraph): string {
  const slice = (name: string, from: string, start: number, axis: number) => {
    const list = (part: string, value: number) => graph.addInts(`${name}/${part}`, [value]);
    const range = [list("from", start), list("to", 1 << 20), list("axis", axis), list("step", 2)];
    graph.addNode("Slice", name, [from, ...range]);
    return name;
  };
  const parts = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  const slices = parts.map(([y, x]) => slice(`f${y}${x}`, slice(`f${y}${x}/rows`, "images", y, 2), x, 3));
  graph.addNode("Concat", "focus", slices, { axis: 1 });
  return "focus";
}

/** Numbers from −1 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

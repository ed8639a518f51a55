import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelSpec } from "../../pipeline/inference/model-spec.ts";
import { type Constant, type Graph, type ValueInfo, writeOnnx } from "./onnx-writer.ts";

/** Wider than high, so that an exchange of the axes shows. */
export const TINY_WIDTH = 64;
export const TINY_HEIGHT = 32;
export const TINY_LABELS = ["car", "bus", "person"] as const;

export const TINY_INPUT: ValueInfo = {
  name: "images",
  type: "float32",
  dims: [1, 3, TINY_HEIGHT, TINY_WIDTH],
};

/** A graph that says the same of every picture. */
export function constantGraph(outputs: readonly Constant[], input: ValueInfo = TINY_INPUT): Graph {
  return {
    inputs: [input],
    outputs: outputs.map(({ name, dims, type }) => ({ name, dims, type: type ?? "float32" })),
    constants: outputs.map((output) => ({ ...output, name: `${output.name}/value` })),
    nodes: outputs.map(({ name }) => ({ op: "Identity", inputs: [`${name}/value`], output: name })),
  };
}

/**
 * A graph in the end-to-end layout whose one detection is made of the picture itself: its right edge, its lower
 * edge and its score are the means of the input's three channels. What reaches the graph shows in the result.
 */
export function probeGraph(input: ValueInfo, pixelAxes: readonly number[]): Graph {
  return {
    inputs: [input],
    outputs: [{ name: "output", type: "float32", dims: [1, 1, 6] }],
    constants: [
      { name: "corner", dims: [1, 2], values: [0, 0] },
      { name: "class", dims: [1, 1], values: [1] },
      { name: "shape", dims: [3], values: [1, 1, 6], type: "int64" },
    ],
    nodes: [
      { op: "ReduceMean", inputs: [input.name], output: "means", ints: { axes: pixelAxes, keepdims: 0 } },
      { op: "Concat", inputs: ["corner", "means", "class"], output: "row", ints: { axis: 1 } },
      { op: "Reshape", inputs: ["row", "shape"], output: "output" },
    ],
  };
}

export interface TinyModel {
  readonly spec: ModelSpec;
  readonly path: string;
  remove(): void;
}

/** Writes the model into a folder of its own and describes it as the registry would. */
export function writeTinyModel(
  graph: Graph | Uint8Array,
  output: ModelSpec["output"],
  input: Partial<ModelSpec["input"]> = {},
): TinyModel {
  const bytes = graph instanceof Uint8Array ? graph : writeOnnx(graph);
  const folder = mkdtempSync(join(tmpdir(), "tiny-model-"));
  const path = join(folder, "tiny.onnx");
  writeFileSync(path, bytes);
  return { spec: tinySpec(bytes, output, input), path, remove: () => rmSync(folder, { recursive: true }) };
}

export function tinySpec(
  bytes: Uint8Array,
  output: ModelSpec["output"],
  input: Partial<ModelSpec["input"]> = {},
): ModelSpec {
  return {
    id: "tiny",
    file: "tiny.onnx",
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    licence: "Apache-2.0",
    source: { kind: "file", note: "made by the tests" },
    input: {
      name: "images",
      width: TINY_WIDTH,
      height: TINY_HEIGHT,
      layout: "NCHW",
      colour: "RGB",
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: "stretch",
      padByte: 0,
      ...input,
    },
    output,
    labels: "tiny",
    suggestedThreshold: 0.3,
    nmsIou: 0.5,
  };
}

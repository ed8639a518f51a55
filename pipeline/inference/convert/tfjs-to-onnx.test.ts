import { describe, expect, it } from "vitest";
import { ModelConversionError } from "./errors.ts";
import { convolutionKernel, depthwiseKernel } from "./kernels.ts";
import { tfjsToOnnx } from "./tfjs-to-onnx.ts";
import { halfToNumber, readWeights } from "./tfjs-weights.ts";

const cut = { input: "x", width: 4, height: 4, outputs: ["y"] };

function model(nodes: readonly object[], weights: readonly object[] = [], bytes = new Uint8Array()) {
  const document = {
    format: "graph-model",
    modelTopology: { node: nodes },
    weightsManifest: [{ paths: ["a.bin"], weights }],
  };
  return { json: JSON.stringify(document), weights: bytes };
}

const placeholder = { name: "x", op: "Placeholder" };

describe("tfjsToOnnx", () => {
  it("gives the same bytes for the same model", () => {
    const source = model([placeholder, { name: "y", op: "Relu", input: ["x"] }]);
    expect(tfjsToOnnx(source, cut)).toEqual(tfjsToOnnx(source, cut));
  });

  it("leaves out what comes after the cut", () => {
    const short = model([placeholder, { name: "y", op: "Relu", input: ["x"] }]);
    const long = model([
      placeholder,
      { name: "y", op: "Relu", input: ["x"] },
      { name: "z", op: "TopKV2", input: ["y"] },
    ]);
    expect(tfjsToOnnx(long, cut)).toEqual(tfjsToOnnx(short, cut));
  });

  it.each([
    ["an operator it does not know", [placeholder, { name: "y", op: "TopKV2", input: ["x"] }], /"y".*TopKV2/],
    ["an output that is not there", [placeholder], /no node "y"/],
    ["a second input", [{ name: "y", op: "Placeholder" }], /also wants an input "y"/],
    [
      "an input that is no feature map",
      [
        { name: "c", op: "Const" },
        { name: "y", op: "Relu", input: ["c"] },
      ],
      /"c" is not a feature map/,
    ],
  ])("refuses %s, naming it", (_what, nodes, message) => {
    expect(() => tfjsToOnnx(model(nodes), cut)).toThrow(ModelConversionError);
    expect(() => tfjsToOnnx(model(nodes), cut)).toThrow(message);
  });

  it("refuses a file that is no graph model", () => {
    expect(() => tfjsToOnnx({ json: "{", weights: new Uint8Array() }, cut)).toThrow(/not JSON/);
    expect(() => tfjsToOnnx({ json: "{}", weights: new Uint8Array() }, cut)).toThrow(/graph model/);
  });
});

describe("readWeights", () => {
  it("reads float16, float32 and int32 one after the other", () => {
    const bytes = new Uint8Array(2 * 2 + 4 + 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0x3e00, true);
    view.setUint16(2, 0xc000, true);
    view.setFloat32(4, 0.25, true);
    view.setInt32(8, -7, true);
    const weights = readWeights(
      [
        { name: "half", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
        { name: "float", shape: [], dtype: "float32" },
        { name: "int", shape: [1], dtype: "int32" },
      ],
      bytes,
    );
    expect([...weights.values()].map((weight) => [...weight.values])).toEqual([[1.5, -2], [0.25], [-7]]);
  });

  it("refuses a file of another length", () => {
    expect(() => readWeights([{ name: "a", shape: [3], dtype: "int32" }], new Uint8Array(11))).toThrow(
      /11 bytes.*asks for 12/,
    );
  });
});

describe("halfToNumber", () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])("reads %i", (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });
});

describe("kernels", () => {
  it("bring [height, width, inputs, outputs] into ONNX's order", () => {
    // 1 × 2 pixels, 2 inputs, 3 outputs: value = 100 × column + 10 × input + output
    const values = Float32Array.from([0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112]);
    const kernel = convolutionKernel({ name: "w", shape: [1, 2, 2, 3], values });
    expect(kernel).toMatchObject({ dims: [3, 2, 1, 2], groups: 1 });
    expect([...kernel.values]).toEqual([0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112]);
  });

  it("give every input of a depthwise convolution a group of its own", () => {
    const values = Float32Array.from([0, 10, 100, 110]);
    const kernel = depthwiseKernel({ name: "w", shape: [1, 2, 2, 1], values });
    expect(kernel).toMatchObject({ dims: [2, 1, 1, 2], groups: 2 });
    expect([...kernel.values]).toEqual([0, 100, 10, 110]);
  });

  it("refuse weights of another rank", () => {
    expect(() => convolutionKernel({ name: "w", shape: [3], values: new Float32Array(3) })).toThrow(
      /"w".*four/,
    );
  });
});

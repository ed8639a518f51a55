import { describe, expect, it } from "vitest";
import { tinySpec } from "../../../test-fixtures/tiny-model/tiny-model.ts";
import { GraphEditor, nodeOf } from "../onnx/graph-editor.ts";
import { TINY_YOLOX_INPUT, TINY_YOLOX_OUTPUT, tinyYolox } from "../testing/tiny-yolox.ts";
import { UnsuitableGraphError } from "./errors.ts";
import { fitShape, fittedSize } from "./fit-shape.ts";

describe("fittedSize", () => {
  const square = { width: 416, height: 416, resize: "letterbox-topleft" } as const;
  it.each([
    ["16:9", { width: 1920, height: 1080 }, { width: 416, height: 256 }],
    ["4:3", { width: 768, height: 576 }, { width: 416, height: 320 }],
    ["9:16", { width: 1080, height: 1920 }, { width: 256, height: 416 }],
    ["very wide", { width: 4000, height: 100 }, { width: 416, height: 32 }],
    ["square", { width: 1000, height: 1000 }, undefined],
    ["5:4, no stride is won", { width: 1280, height: 1200 }, undefined],
  ])("%s", (_, source, expected) => {
    expect(fittedSize(square, 32, source)).toEqual(expected);
  });

  it("leaves models that stretch as they are", () => {
    expect(fittedSize({ ...square, resize: "stretch" }, 32, { width: 1920, height: 1080 })).toBeUndefined();
  });
});

describe("fitShape", () => {
  const { input } = tinySpec(new Uint8Array(), TINY_YOLOX_OUTPUT, TINY_YOLOX_INPUT);
  const withTarget = (opType: string, sizes: readonly number[]) => {
    const graph = new GraphEditor(tinyYolox({ stem: "strided" }));
    const before = opType === "Resize" ? ["x", "", ""] : ["x"];
    graph.prepend([nodeOf(opType, "sized", [...before, graph.addInts("sizes", sizes)])]);
    return graph;
  };
  const sizesOf = (graph: GraphEditor) => graph.ints(graph.producer("sized")?.input?.at(-1));

  it.each([
    ["Reshape", [1, 2, 8, 8, 8], [1, 2, 8, 5, 8]],
    ["Reshape", [1, -1, 4, 4], [1, -1, 3, 4]],
    ["Reshape", [1, 16, -1, 8], [1, 16, -1, 8]],
    ["Resize", [1, 64, 32, 32], [1, 64, 20, 32]],
    ["Reshape", [1, 8, -1], [1, 8, -1]],
  ])("rewrites %s to %j as %j", (opType, sizes, expected) => {
    const graph = withTarget(opType, sizes);
    fitShape(graph, input, { width: 64, height: 40 });
    expect(sizesOf(graph)).toEqual(expected);
  });

  it("refuses a size that belongs to no stride, and one that is computed", () => {
    const size = { width: 64, height: 40 };
    expect(() => fitShape(withTarget("Reshape", [1, 8, 7, 7]), input, size)).toThrow(UnsuitableGraphError);
    const computed = new GraphEditor(tinyYolox({ stem: "strided" }));
    computed.prepend([nodeOf("Reshape", "sized", ["x", "y"])]);
    expect(() => fitShape(computed, input, size)).toThrow(/computed/);
  });
});

import { expect, it } from "vitest";
import { tinyYolox } from "../testing/tiny-yolox.ts";
import { GraphEditor, nodeOf } from "./graph-editor.ts";
import { decodeModel } from "./onnx-proto.ts";
import { floatsOf, intsOf } from "./tensor-values.ts";

it("writes what it read, without the constants that nobody reads any more", () => {
  const graph = new GraphEditor(tinyYolox({ stem: "focus" }));
  const before = decodeModel(tinyYolox({ stem: "focus" })).graph;
  const same = decodeModel(graph.encode()).graph;
  expect(same.node).toEqual(before.node);
  expect(same.initializer).toEqual(before.initializer);
  const conv = graph.producer("box0");
  if (conv === undefined) throw new Error("the tiny network has no box0");
  graph.remove(conv);
  const names = decodeModel(graph.encode()).graph.initializer?.map(({ name }) => name);
  expect(names).not.toContain("box0/w");
  expect(names).toContain("box1/w");
});

it("gives constants names that are free, and finds nodes from both ends", () => {
  const graph = new GraphEditor(tinyYolox({ stem: "strided" }));
  expect(graph.opset).toBe(13);
  expect(graph.addInts("level0/dims", [1])).toBe("level0/dims_2");
  expect(graph.consumers("images").map(({ name }) => name)).toEqual(["stem"]);
  expect(graph.producer("output")?.opType).toBe("Transpose");
  expect(graph.ints("level0/dims")).toEqual([1, 8, -1]);
  expect(() => graph.replace(nodeOf("Relu", "stranger", []), {})).toThrow(/stranger/);
});

it("refuses bytes that are no ONNX file", () => {
  expect(() => new GraphEditor(new TextEncoder().encode("404: Not Found"))).toThrow();
});

it("reads numbers wherever a file keeps them", () => {
  const rawData = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  expect(floatsOf({ dataType: 1, dims: [2], rawData })).toEqual(Float32Array.of(1.5, -2));
  expect(floatsOf({ dataType: 1, dims: [2], floatData: [1.5, -2] })).toEqual(Float32Array.of(1.5, -2));
  expect(intsOf({ dataType: 7, dims: [1], int64Data: [-1] })).toEqual([-1]);
  expect(intsOf({ dataType: 1, dims: [1], floatData: [1] })).toBeUndefined();
  expect(floatsOf({ dataType: 7, dims: [1], int64Data: [1] })).toBeUndefined();
});

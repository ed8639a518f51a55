import { describe, expect, it } from "vitest";
import { tinySpec } from "../../../../test-fixtures/tiny-model/tiny-model.ts";
import { OnnxGraph } from "../../convert/onnx-graph.ts";
import type { ModelSpec } from "../../model-spec.ts";
import { GraphEditor } from "../../onnx/graph-editor.ts";
import { floatsOf } from "../../onnx/tensor-values.ts";
import { TINY_YOLOX_OUTPUT, tinyYolox } from "../../testing/tiny-yolox.ts";
import { UnsuitableGraphError } from "../errors.ts";
import { cutClasses } from "./cut-classes.ts";

const specOf = (output: ModelSpec["output"]) => tinySpec(new Uint8Array(), output);

/** The weights that a convolution reads, by row. */
function rowsOf(graph: GraphEditor, conv: string, parameter: number): number[][] {
  const tensor = graph.constant(graph.producer(conv)?.input?.[parameter]);
  const values = tensor && floatsOf(tensor);
  const rows = tensor?.dims?.[0] ?? 0;
  const width = (values?.length ?? 0) / rows;
  return Array.from({ length: rows }, (_, row) => [...(values ?? []).slice(row * width, (row + 1) * width)]);
}

/** One level of a GFL head: classes and sides in one convolution (3 + 8 rows), split, reshaped. */
function gflGraph(): GraphEditor {
  const graph = new OnnxGraph();
  graph.addInput("x", [1, 2, 4, 4]);
  const values = Float32Array.from(Array.from({ length: 11 }, (_, at) => [at, at + 0.5]).flat());
  const weights = graph.addFloats("w", [11, 2, 1, 1], values);
  const bias = graph.addFloats(
    "b",
    [11],
    Float32Array.from({ length: 11 }, (_, at) => at),
  );
  graph.addNode("Conv", "head", ["x", weights, bias]);
  graph.addNode("Split", "scores", ["head", graph.addInts("parts", [3, 8])], { axis: 1 });
  graph.addNode("Reshape", "output", ["scores", graph.addInts("dims", [1, 3, -1])]);
  graph.addOutput("output", [1, 3, 16]);
  return new GraphEditor(graph.encode("gfl"));
}

describe("cutClasses", () => {
  it("YOLOX: leaves each level's class convolution the wanted rows", () => {
    const whole = new GraphEditor(tinyYolox({ stem: "strided" }));
    const graph = new GraphEditor(tinyYolox({ stem: "strided" }));
    cutClasses(graph, specOf(TINY_YOLOX_OUTPUT), 3, [0, 2]);
    for (const level of [0, 1]) {
      for (const parameter of [1, 2]) {
        const rows = rowsOf(whole, `class${level}`, parameter);
        expect(rowsOf(graph, `class${level}`, parameter)).toEqual([rows[0], rows[2]]);
      }
      expect(rowsOf(graph, `object${level}`, 1)).toEqual(rowsOf(whole, `object${level}`, 1));
      expect(graph.ints(graph.producer(`level${level}/rows`)?.input?.[1])).toEqual([1, 7, -1]);
    }
  });

  it("GFL: keeps the sides beside the wanted classes", () => {
    const graph = gflGraph();
    cutClasses(graph, specOf({ layout: "picodet", names: ["output", "sides"], strides: [8] }), 3, [1]);
    expect(rowsOf(graph, "head", 2).flat()).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(rowsOf(graph, "head", 1)[0]).toEqual([1, 1.5]);
    expect(graph.ints(graph.producer("scores")?.input?.[1])).toEqual([1, 8]);
    expect(graph.ints(graph.producer("output")?.input?.[1])).toEqual([1, 1, -1]);
  });

  it("CenterNet: follows the heat map back to its convolution", () => {
    const built = new OnnxGraph();
    built.addInput("x", [1, 2, 4, 4]);
    built.addNode("Conv", "head", [
      "x",
      built.addFloats("w", [3, 2, 1, 1], Float32Array.of(0, 1, 2, 3, 4, 5)),
    ]);
    built.addNode("Sigmoid", "scores", ["head"]);
    built.addNode("Identity", "heat", ["scores"]);
    built.addOutput("heat", [1, 3, 4, 4]);
    const graph = new GraphEditor(built.encode("centernet"));
    cutClasses(graph, specOf({ layout: "centernet", names: ["heat", "sides"], strides: [4] }), 3, [0, 2]);
    expect(rowsOf(graph, "head", 1)).toEqual([
      [0, 1],
      [4, 5],
    ]);
  });

  it("refuses heads that it does not know", () => {
    const refusal = (output: ModelSpec["output"], graph = new GraphEditor(tinyYolox({ stem: "strided" }))) =>
      expect(() => cutClasses(graph, specOf(output), 3, [0]));
    refusal({ layout: "ssd" }).toThrow(UnsuitableGraphError);
    refusal({ ...TINY_YOLOX_OUTPUT, strides: [8, 16, 32] }).toThrow(/found 2 class convolutions at 3 levels/);
    refusal({ layout: "picodet", names: ["output"], strides: [8] }).toThrow(/found 0 class convolutions/);
    refusal({ layout: "centernet", names: ["output"], strides: [4] }).toThrow(/convolution with 3 channels/);
  });
});

import { describe, expect, it } from "vitest";
import { OnnxGraph } from "../convert/onnx-graph.ts";
import { toShared } from "../read-model.ts";
import { openTensorGraphs } from "./open-tensor-graphs.ts";

/** A graph that adds a number to each of three. */
function adding(id: string, number: number) {
  const graph = new OnnxGraph();
  graph.addInput("in", [1, 3]);
  const constant = graph.addFloats("number", [1], Float32Array.of(number));
  graph.addNode("Add", "out", ["in", constant]);
  graph.addOutput("out", [1, 3]);
  return { id, file: `${id}.onnx`, bytes: toShared(graph.encode(id)) };
}

const three = (...values: number[]) => ({ data: Float32Array.from(values), dims: [1, values.length] });
const executionProviders = ["cpu"];

describe("openTensorGraphs", () => {
  it("runs each graph on what it is given, and answers every caller with its own", async () => {
    const graphs = await openTensorGraphs({
      graphs: [adding("one", 1), adding("ten", 10)],
      executionProviders,
    });
    const [first, second, third] = await Promise.all([
      graphs.run("one", three(1, 2, 3)),
      graphs.run("ten", three(1, 2, 3)),
      graphs.run("one", three(7, 8, 9)),
    ]);
    await graphs.close();
    expect(first).toEqual({ data: Float32Array.of(2, 3, 4), dims: [1, 3] });
    expect(second.data).toEqual(Float32Array.of(11, 12, 13));
    expect(third.data).toEqual(Float32Array.of(8, 9, 10));
  });

  it("tells what cannot be run, and goes on with the next", async () => {
    const graphs = await openTensorGraphs({ graphs: [adding("one", 1)], executionProviders });
    await expect(graphs.run("two", three(1, 2, 3))).rejects.toMatchObject({ code: "inference.run_failed" });
    await expect(graphs.run("one", three(1, 2))).rejects.toMatchObject({ code: "inference.run_failed" });
    expect((await graphs.run("one", three(1, 2, 3))).data).toEqual(Float32Array.of(2, 3, 4));
    await graphs.close();
  });

  it("finishes what it was given before it closes, and takes nothing more", async () => {
    const graphs = await openTensorGraphs({ graphs: [adding("one", 1)], executionProviders });
    const before = graphs.run("one", three(1, 2, 3));
    const closing = graphs.close();
    await expect(graphs.run("one", three(4, 5, 6))).rejects.toMatchObject({ code: "inference.closed" });
    expect((await before).data).toEqual(Float32Array.of(2, 3, 4));
    await closing;
    await graphs.close();
  });

  it("refuses what is no graph, and says which", async () => {
    const broken = { id: "broken", file: "broken.onnx", bytes: toShared(new Uint8Array([1, 2, 3])) };
    await expect(openTensorGraphs({ graphs: [broken], executionProviders })).rejects.toMatchObject({
      code: "inference.thread_crashed",
      message: expect.stringContaining("broken.onnx"),
    });
  });
});

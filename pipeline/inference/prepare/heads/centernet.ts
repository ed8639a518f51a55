import type { GraphEditor } from "../../onnx/graph-editor.ts";
import { UnsuitableGraphError } from "../errors.ts";
import type { ClassCut } from "./class-cut.ts";
import { convOutputs, keepOutputs } from "./slice-conv.ts";

/** The heat map is the sigmoid of one convolution with a channel per class. */
export function cutCenternetHead(graph: GraphEditor, { classes, kept, outputs }: ClassCut): void {
  let node = graph.producer(outputs[0] ?? "");
  while (node?.opType === "Identity" || node?.opType === "Sigmoid") {
    const source: string = node.input?.[0] ?? "";
    node = graph.producer(source);
  }
  if (node === undefined || convOutputs(graph, node) !== classes)
    throw new UnsuitableGraphError(`the heat map does not come from a convolution with ${classes} channels`);
  keepOutputs(graph, node, kept);
}

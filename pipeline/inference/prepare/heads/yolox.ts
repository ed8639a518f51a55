import type { GraphEditor } from "../../onnx/graph-editor.ts";
import { UnsuitableGraphError } from "../errors.ts";
import type { ClassCut } from "./class-cut.ts";
import { convOutputs, keepOutputs, reshapeColumns } from "./slice-conv.ts";

/** Centre, size and objectness before the classes. */
const BOX_COLUMNS = 5;

/** Per level a convolution of its own for the classes, whose sigmoid is joined to box and objectness. */
export function cutYoloxHead(graph: GraphEditor, { classes, kept, levels }: ClassCut): void {
  const heads = graph.nodes.flatMap((conv) => {
    const name = conv.output?.[0] ?? "";
    const consumers = graph.consumers(name);
    const [sigmoid] = consumers;
    // Inside the network a Sigmoid is half of a SiLU: there the convolution has a second consumer.
    const ends = consumers.length === 1 && sigmoid?.opType === "Sigmoid";
    return ends && convOutputs(graph, conv) === classes && joins(graph, sigmoid.output?.[0])
      ? [{ conv, name }]
      : [];
  });
  if (heads.length !== levels)
    throw new UnsuitableGraphError(`found ${heads.length} class convolutions at ${levels} levels`);
  for (const { conv, name } of heads) {
    keepOutputs(graph, conv, kept);
    reshapeColumns(graph, name, BOX_COLUMNS + classes, BOX_COLUMNS + kept.length);
  }
}

function joins(graph: GraphEditor, tensor: string | undefined): boolean {
  const consumers = tensor === undefined ? [] : graph.consumers(tensor);
  return consumers.length === 1 && consumers[0]?.opType === "Concat";
}

import { attributeOf, type GraphEditor, intsAttribute } from "../../onnx/graph-editor.ts";
import type { NodeProto } from "../../onnx/onnx-proto.ts";
import { UnsuitableGraphError } from "../errors.ts";
import type { ClassCut } from "./class-cut.ts";
import { convOutputs, keepOutputs, reshapeColumns } from "./slice-conv.ts";

/** NanoDet(-Plus) and PicoDet: per level one convolution for classes and sides, split right after it. */
export function cutGflHead(graph: GraphEditor, { classes, kept, levels }: ClassCut): void {
  const heads = graph.nodes.flatMap((conv) => {
    const outputs = convOutputs(graph, conv);
    const [split, ...others] = graph.consumers(conv.output?.[0] ?? "");
    if (outputs <= classes || split?.opType !== "Split" || others.length > 0) return [];
    const [first, second, ...rest] = splitSizes(graph, split) ?? [];
    const fits = first === classes && second === outputs - classes && rest.length === 0;
    return fits ? [{ conv, split, sides: second }] : [];
  });
  if (heads.length !== levels)
    throw new UnsuitableGraphError(`found ${heads.length} class convolutions at ${levels} levels`);
  for (const { conv, split, sides } of heads) {
    const sideRows = Array.from({ length: sides }, (_, index) => classes + index);
    keepOutputs(graph, conv, [...kept, ...sideRows]);
    resizeSplit(graph, split, [kept.length, sides]);
    const scores = split.output?.[0] ?? "";
    reshapeColumns(graph, scores, classes, kept.length);
    reshapeColumns(graph, scores, classes + sides, kept.length + sides);
  }
}

/** Since operator set 13 the sizes are an input, before that an attribute. */
function splitSizes(graph: GraphEditor, split: NodeProto): readonly number[] | undefined {
  return graph.ints(split.input?.[1]) ?? intsAttribute(split, "split");
}

function resizeSplit(graph: GraphEditor, split: NodeProto, sizes: readonly number[]): void {
  const [source = "", name] = split.input ?? [];
  if (name !== undefined) {
    graph.replace(split, { input: [source, graph.addInts(`${name}/cut`, sizes)] });
    return;
  }
  const others = (split.attribute ?? []).filter((attribute) => attribute.name !== "split");
  graph.replace(split, { attribute: [...others, attributeOf("split", sizes)] });
}

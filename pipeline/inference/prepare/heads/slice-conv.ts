import type { GraphEditor } from "../../onnx/graph-editor.ts";
import { intAttribute } from "../../onnx/graph-editor.ts";
import type { NodeProto } from "../../onnx/onnx-proto.ts";
import { floatsOf } from "../../onnx/tensor-values.ts";
import { UnsuitableGraphError } from "../errors.ts";

/** Number of channels that a plain convolution with constant weights puts out; 0 for another node. */
export function convOutputs(graph: GraphEditor, node: NodeProto | undefined): number {
  if (node?.opType !== "Conv" || intAttribute(node, "group", 1) !== 1) return 0;
  return graph.constant(node.input?.[1])?.dims?.[0] ?? 0;
}

/**
 * Leaves a convolution only some of its output channels, in the given order.
 *
 * @throws UnsuitableGraphError when its weights or its bias are no constants
 */
export function keepOutputs(graph: GraphEditor, conv: NodeProto, kept: readonly number[]): void {
  const [source = "", ...parameters] = conv.input ?? [];
  const cut = parameters.map((name) => {
    const tensor = graph.constant(name);
    const values = tensor && floatsOf(tensor);
    const [outputs, ...rest] = tensor?.dims ?? [];
    if (values === undefined || outputs === undefined)
      throw new UnsuitableGraphError(`convolution "${conv.name}" has no constant "${name}"`);
    const row = values.length / outputs;
    const left = new Float32Array(kept.length * row);
    kept.forEach((from, to) => {
      left.set(values.subarray(from * row, (from + 1) * row), to * row);
    });
    return graph.addFloats(`${name}/cut`, [kept.length, ...rest], left);
  });
  graph.replace(conv, { input: [source, ...cut] });
}

/**
 * Rewrites the number of columns in constant Reshape targets [1, columns, −1] of everything that a tensor flows
 * into.
 */
export function reshapeColumns(graph: GraphEditor, tensor: string, from: number, to: number): void {
  const open = [tensor];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const node of graph.consumers(name)) {
      open.push(...(node.output ?? []));
      const sizes = node.opType === "Reshape" ? graph.ints(node.input?.[1]) : undefined;
      if (sizes === undefined || sizes.length !== 3 || sizes[1] !== from) continue;
      const target = graph.addInts(`${node.input?.[1]}/cut`, [sizes[0] ?? 1, to, sizes[2] ?? -1]);
      graph.replace(node, { input: [node.input?.[0] ?? "", target] });
    }
  }
}

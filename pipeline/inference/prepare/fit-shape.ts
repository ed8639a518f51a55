import { type PlacingFormat, placePicture } from "../../domain/place-picture.ts";
import type { ModelSpec } from "../model-spec.ts";
import type { GraphEditor } from "../onnx/graph-editor.ts";
import { type NodeProto, TENSOR_TYPE } from "../onnx/onnx-proto.ts";
import { UnsuitableGraphError } from "./errors.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest input that holds a letterboxed picture at the scale of the present one: both sides multiples of
 * `stride`. Undefined where nothing is won: the model stretches, or the picture fills its input.
 */
export function fittedSize(input: PlacingFormat, stride: number, source: Size): Size | undefined {
  if (input.resize === "stretch") return undefined;
  const place = placePicture({ ...input, pixelFormat: "yuv420p" }, source.width, source.height);
  const up = (length: number, limit: number) => Math.min(limit, Math.ceil(length / stride) * stride);
  const size = { width: up(place.width, input.width), height: up(place.height, input.height) };
  return size.width === input.width && size.height === input.height ? undefined : size;
}

/**
 * Gives a fully convolutional graph another input size: its declared input, and the constants that repeat the
 * size of a feature map (Reshape targets, Resize sizes). Other graphs come out wrong, so the result has to be
 * compared with the present one.
 *
 * @throws UnsuitableGraphError where a constant cannot be understood
 */
export function fitShape(graph: GraphEditor, input: ModelSpec["input"], size: Size): void {
  if (input.layout !== "NCHW") throw new UnsuitableGraphError("the layout is not NCHW");
  graph.setInput({
    name: input.name,
    elemType: TENSOR_TYPE.float32,
    dims: [1, 3, size.height, size.width],
  });
  for (const node of graph.nodes) {
    const at = node.opType === "Reshape" ? 1 : node.opType === "Resize" ? 3 : undefined;
    if (at !== undefined) fitSizes(graph, node, at, input, size);
  }
}

function fitSizes(graph: GraphEditor, node: NodeProto, at: number, from: Size, to: Size): void {
  const name = node.input?.[at];
  if (name === undefined || name === "") return;
  const sizes = graph.ints(name);
  if (sizes === undefined)
    throw new UnsuitableGraphError(`the sizes of ${node.opType} "${node.name}" are computed`);
  // Feature maps are [batch, channels, height, width], or have their channels split in two.
  if (sizes.length < 4) return;
  const height = scaled(sizes.at(-2) ?? 0, from.height, to.height);
  const width = scaled(sizes.at(-1) ?? 0, from.width, to.width);
  if (height === undefined || width === undefined)
    throw new UnsuitableGraphError(
      `${node.opType} "${node.name}" to [${sizes.join(", ")}] follows no stride`,
    );
  const fitted = [...sizes.slice(0, -2), height, width];
  const input = (node.input ?? []).map((own, index) =>
    index === at ? graph.addInts(`${name}/fitted`, fitted) : own,
  );
  graph.replace(node, { input });
}

/** A side of a feature map at the same stride of the new input; −1 (whatever is left) stays. */
function scaled(side: number, from: number, to: number): number | undefined {
  if (side === -1) return -1;
  for (let stride = 1; stride <= from; stride *= 2)
    if (Math.ceil(from / stride) === side) return Math.ceil(to / stride);
  return undefined;
}

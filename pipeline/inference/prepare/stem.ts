import type { GraphEditor } from "../onnx/graph-editor.ts";
import { intAttribute, intsAttribute, textAttribute } from "../onnx/graph-editor.ts";
import type { NodeProto } from "../onnx/onnx-proto.ts";
import { floatsOf } from "../onnx/tensor-values.ts";

/** One weight of the first convolution: which pixel and channel it reads, counted from pixel (2 × column, 2 × row). */
export interface Tap {
  readonly output: number;
  readonly channel: number;
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/**
 * What a graph does first: a convolution that halves the picture, given as its taps, whichever way it is written.
 * `nodes` are the convolution and what stands between it and the input.
 */
export interface Stem {
  readonly conv: NodeProto;
  readonly before: readonly NodeProto[];
  readonly taps: readonly Tap[];
  readonly outputs: number;
}

/** The stem of the graph, or undefined where its first layers are of another kind. */
export function findStem(graph: GraphEditor, input: string): Stem | undefined {
  const consumers = graph.consumers(input);
  const [first] = consumers;
  if (first?.opType === "Conv" && consumers.length === 1) return stridedStem(graph, first);
  if (first !== undefined && consumers.every(({ opType }) => opType === "Slice"))
    return focusStem(graph, input);
  return undefined;
}

/** A convolution with stride 2 on the three channels. */
function stridedStem(graph: GraphEditor, conv: NodeProto): Stem | undefined {
  const kernel = kernelOf(graph, conv);
  if (kernel === undefined || kernel.channels !== 3) return undefined;
  if (kernel.strides.some((stride) => stride !== 2)) return undefined;
  const taps = kernel.taps.map(({ x, y, ...tap }) => ({
    ...tap,
    dx: x - kernel.before.x,
    dy: y - kernel.before.y,
  }));
  return { conv, before: [], taps, outputs: kernel.outputs };
}

/** YOLOX's and YOLOv5's first layer: every second pixel sliced out four times, stacked, then a convolution. */
function focusStem(graph: GraphEditor, input: string): Stem | undefined {
  const concat = graph.nodes.find((node) => node.opType === "Concat");
  const conv = concat === undefined ? undefined : graph.consumers(concat.output?.[0] ?? "")[0];
  if (concat === undefined || conv?.opType !== "Conv" || intAttribute(concat, "axis", 0) !== 1)
    return undefined;
  const kernel = kernelOf(graph, conv);
  const slices = (concat.input ?? []).map((name) => sliceOf(graph, name, input));
  if (kernel === undefined || kernel.channels !== 12 || slices.length !== 4) return undefined;
  if (kernel.strides.some((stride) => stride !== 1)) return undefined;
  const taps: Tap[] = [];
  for (const { x, y, channel, ...tap } of kernel.taps) {
    const slice = slices[Math.floor(channel / 3)];
    if (slice === undefined) return undefined;
    const dx = 2 * (x - kernel.before.x) + slice.x;
    const dy = 2 * (y - kernel.before.y) + slice.y;
    taps.push({ ...tap, channel: channel % 3, dx, dy });
  }
  const sliceNodes = new Set(slices.flatMap((slice) => slice?.nodes ?? []));
  // Whatever else reads the picture would be left without it.
  if (graph.consumers(input).some((node) => !sliceNodes.has(node))) return undefined;
  return { conv, before: [...sliceNodes, concat], taps, outputs: kernel.outputs };
}

/** Follows Slices with step 2 back from a tensor to the input: which of each four pixels it holds. */
function sliceOf(graph: GraphEditor, tensor: string, input: string) {
  const nodes: NodeProto[] = [];
  const starts = new Map<number, number>();
  for (let name = tensor; name !== input; ) {
    const node = graph.producer(name);
    if (node?.opType !== "Slice") return undefined;
    const [source, startsName, , axesName, stepsName] = node.input ?? [];
    const [start] = graph.ints(startsName) ?? [];
    const [axis] = graph.ints(axesName) ?? [];
    const [step] = graph.ints(stepsName) ?? [];
    if (source === undefined || start === undefined || axis === undefined || step !== 2) return undefined;
    starts.set(axis, start);
    nodes.push(node);
    name = source;
  }
  const y = starts.get(2);
  const x = starts.get(3);
  return x === undefined || y === undefined || nodes.length !== 2 ? undefined : { x, y, nodes };
}

interface KernelTap extends Omit<Tap, "dx" | "dy"> {
  readonly x: number;
  readonly y: number;
}

function kernelOf(graph: GraphEditor, conv: NodeProto) {
  const tensor = graph.constant(conv.input?.[1]);
  const weights = tensor && floatsOf(tensor);
  const [outputs, channels, height, width] = tensor?.dims ?? [];
  if (weights === undefined || !outputs || !channels || !height || !width) return undefined;
  if (intAttribute(conv, "group", 1) !== 1) return undefined;
  if ((intsAttribute(conv, "dilations") ?? []).some((dilation) => dilation !== 1)) return undefined;
  const strides = intsAttribute(conv, "strides") ?? [1, 1];
  const taps: KernelTap[] = [];
  for (let output = 0, at = 0; output < outputs; output++)
    for (let channel = 0; channel < channels; channel++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++, at++) taps.push({ output, channel, x, y, weight: weights[at] ?? 0 });
  const before = paddingBefore(conv, [height, width], strides);
  return before && { outputs, channels, strides, taps, before };
}

/**
 * Rows above and columns to the left that the convolution adds, for sides that its strides divide. Undefined
 * where it gives more or fewer cells than that division.
 */
function paddingBefore(conv: NodeProto, kernel: readonly [number, number], strides: readonly number[]) {
  const y = alongSide(conv, 0, kernel[0], strides[0] ?? 1);
  const x = alongSide(conv, 1, kernel[1], strides[1] ?? 1);
  return x === undefined || y === undefined ? undefined : { x, y };
}

function alongSide(conv: NodeProto, axis: 0 | 1, size: number, stride: number): number | undefined {
  const mode = textAttribute(conv, "auto_pad") ?? "NOTSET";
  if (mode === "SAME_UPPER") return Math.floor(Math.max(size - stride, 0) / 2);
  if (mode !== "NOTSET" && mode !== "VALID") return undefined;
  const pads = intsAttribute(conv, "pads") ?? [];
  const before = pads[axis] ?? 0;
  const both = before + (pads[axis + 2] ?? 0);
  return both >= size - stride && both < size ? before : undefined;
}

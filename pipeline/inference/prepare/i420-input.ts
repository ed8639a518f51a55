import { FRAME_INPUT } from "../frame-format.ts";
import type { ModelSpec } from "../model-spec.ts";
import { type GraphEditor, nodeOf } from "../onnx/graph-editor.ts";
import { type NodeProto, TENSOR_TYPE } from "../onnx/onnx-proto.ts";
import { type StreamColour, yuvToModel } from "./colour.ts";
import { UnsuitableGraphError } from "./errors.ts";
import { FOLDED_CHANNELS, foldStem } from "./fold-stem.ts";
import { findStem } from "./stem.ts";

/**
 * Gives the graph one uint8 input of I420 bytes instead of its float channels. Conversion, normalisation and
 * chroma doubling go into the first convolution where that can be; else they become nodes before it.
 *
 * @throws UnsuitableGraphError
 */
export function takeI420(graph: GraphEditor, input: ModelSpec["input"], colour: StreamColour): void {
  const { width, height } = input;
  if (width % 2 !== 0 || height % 2 !== 0)
    throw new UnsuitableGraphError(`${width} × ${height} is not even, which 4:2:0 needs`);
  if (graph.opset < 11) throw new UnsuitableGraphError(`operator set ${graph.opset} is older than 11`);
  if (graph.consumers(FRAME_INPUT).length > 0 || graph.producer(FRAME_INPUT) !== undefined)
    throw new UnsuitableGraphError(`the graph has a tensor called "${FRAME_INPUT}" already`);
  const { matrix, zero } = yuvToModel(colour, input);
  const planes = planesOf(graph, width, height);
  const stem = input.layout === "NCHW" ? findStem(graph, input.name) : undefined;
  graph.setInput({
    name: FRAME_INPUT,
    elemType: TENSOR_TYPE.uint8,
    dims: [(width * height * 3) / 2],
  });
  if (stem === undefined) {
    const [row0, row1, row2] = matrix;
    const weights = graph.addFloats("i420/matrix", [3, 3, 1, 1], Float32Array.of(...row0, ...row1, ...row2));
    // Older operator sets want the region although this mode has none.
    const region = graph.addFloats("i420/region", [0], new Float32Array(0));
    const scales = graph.addFloats("i420/scales", [4], Float32Array.of(1, 1, 2, 2));
    const channels = input.layout === "NCHW" ? input.name : "i420/channels";
    graph.prepend([
      ...planes,
      nodeOf("Resize", "i420/uv-full", ["i420/uv", region, scales], NEAREST),
      nodeOf("Concat", "i420/yuv", ["i420/y", "i420/uv-full"], { axis: 1 }),
      nodeOf("Sub", "i420/shifted", [
        "i420/yuv",
        graph.addFloats("i420/zero", [1, 3, 1, 1], Float32Array.of(...zero)),
      ]),
      nodeOf("Conv", channels, ["i420/shifted", weights]),
      ...(channels === input.name
        ? []
        : [nodeOf("Transpose", input.name, [channels], { perm: [0, 2, 3, 1] })]),
    ]);
    return;
  }
  const [y, u, v] = zero;
  const kernel = foldStem(stem.taps, stem.outputs, matrix);
  const dims = [stem.outputs, FOLDED_CHANNELS, kernel.height, kernel.width];
  const zeros = graph.addFloats("i420/zero", [1, FOLDED_CHANNELS, 1, 1], Float32Array.of(y, y, y, y, u, v));
  const weights = graph.addFloats("i420/weights", dims, kernel.weights);
  const bias = (stem.conv.input ?? []).slice(2);
  const folded = nodeOf("Conv", stem.conv.output?.[0] ?? "", ["i420/shifted", weights, ...bias], {
    kernel_shape: [kernel.height, kernel.width],
    pads: kernel.pads,
  });
  for (const node of stem.before) graph.remove(node);
  graph.remove(stem.conv);
  graph.prepend([
    ...planes,
    nodeOf("SpaceToDepth", "i420/y-squares", ["i420/y"], { blocksize: 2 }),
    nodeOf("Concat", "i420/cells", ["i420/y-squares", "i420/uv"], { axis: 1 }),
    nodeOf("Sub", "i420/shifted", ["i420/cells", zeros]),
    folded,
  ]);
}

const NEAREST = {
  mode: "nearest",
  coordinate_transformation_mode: "asymmetric",
  nearest_mode: "floor",
} as const;

/** `i420/y` [1, 1, h, w] and `i420/uv` [1, 2, h/2, w/2], as floats of 0–255. */
function planesOf(graph: GraphEditor, width: number, height: number): NodeProto[] {
  const plane = (name: string, from: number, to: number, dims: readonly number[]): NodeProto[] => {
    const range = [graph.addInts(`${name}/from`, [from]), graph.addInts(`${name}/to`, [to])];
    return [
      nodeOf("Slice", `${name}/bytes`, [FRAME_INPUT, ...range]),
      nodeOf("Reshape", `${name}/plane`, [`${name}/bytes`, graph.addInts(`${name}/dims`, dims)]),
      nodeOf("Cast", name, [`${name}/plane`], { to: TENSOR_TYPE.float32 }),
    ];
  };
  const luma = width * height;
  return [
    ...plane("i420/y", 0, luma, [1, 1, height, width]),
    ...plane("i420/uv", luma, (luma * 3) / 2, [1, 2, height / 2, width / 2]),
  ];
}

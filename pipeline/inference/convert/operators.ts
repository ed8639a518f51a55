import { ModelConversionError } from "./errors.ts";
import { convolutionKernel, depthwiseKernel, type Kernel } from "./kernels.ts";
import type { OnnxGraph } from "./onnx-graph.ts";
import { booleanOf, intsOf, type TfjsNode, textOf, textsOf } from "./tfjs-graph.ts";
import type { Weight } from "./tfjs-weights.ts";

/** Size of a feature map, batch 1. TensorFlow keeps it as [1, height, width, channels], ONNX as NCHW. */
export interface Feature {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** What an operator may ask for. */
export interface Conversion {
  readonly graph: OnnxGraph;
  /** Size of a feature map converted before. */
  feature(name: string): Feature;
  /** The constant of that name, or undefined if the name is a feature map's. */
  constant(name: string): Weight | undefined;
}

/** Adds the ONNX nodes of one TensorFlow node; the last has the node's own name. Returns the size of its result. */
type Operator = (node: TfjsNode, conversion: Conversion) => Feature;

/** The operators that the models we convert consist of, by TensorFlow's name. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Conv2D: (node, conversion) => convolution(node, conversion, convolutionKernel),
  _FusedConv2D: (node, conversion) => convolution(node, conversion, convolutionKernel),
  DepthwiseConv2dNative: (node, conversion) => convolution(node, conversion, depthwiseKernel),
  FusedDepthwiseConv2dNative: (node, conversion) => convolution(node, conversion, depthwiseKernel),
  Add: (node, conversion) => elementwise("Add", node, conversion),
  AddV2: (node, conversion) => elementwise("Add", node, conversion),
  Mul: (node, conversion) => elementwise("Mul", node, conversion),
  Relu: (node, conversion) => unary("Relu", node, conversion),
  Sigmoid: (node, conversion) => unary("Sigmoid", node, conversion),
  Identity: (node, conversion) => unary("Identity", node, conversion),
  Relu6: relu6,
  Mean: spatialMean,
  ResizeBilinear: resizeBilinear,
  ConcatV2: concatChannels,
  MaxPool: maxPool,
  Pad: padChannels,
};

function convolution(
  node: TfjsNode,
  { graph, feature, constant }: Conversion,
  kernelOf: (weight: Weight) => Kernel,
): Feature {
  const [x = "", weightName = "", biasName] = node.input;
  const [, strideY = 1, strideX = 1] = intsOf(node, "strides");
  const padding = textOf(node, "padding");
  const fused = textsOf(node, "fused_ops");
  const activation = fused.filter((op) => op !== "BiasAdd");
  if (intsOf(node, "dilations").some((dilation) => dilation !== 1)) throw unknown(node, "dilation");
  if (activation.some((op) => op !== "Relu") || activation.length > 1) throw unknown(node, fused.join("+"));

  const kernel = kernelOf(weight(node, constant(weightName)));
  const inputs = [x, graph.addFloats(weightName, kernel.dims, kernel.values)];
  if (fused.includes("BiasAdd")) {
    const bias = weight(node, constant(biasName ?? ""));
    inputs.push(graph.addFloats(bias.name, bias.shape, floats(bias)));
  }
  const [channels, , kernelHeight, kernelWidth] = kernel.dims;
  const attributes = {
    auto_pad: padding === "SAME" ? "SAME_UPPER" : "VALID",
    group: kernel.groups,
    kernel_shape: [kernelHeight, kernelWidth],
    strides: [strideY, strideX],
  };
  if (activation.length === 0) {
    graph.addNode("Conv", node.name, inputs, attributes);
  } else {
    graph.addNode("Conv", `${node.name}/conv`, inputs, attributes);
    graph.addNode("Relu", node.name, [`${node.name}/conv`]);
  }
  const { height, width } = feature(x);
  return {
    channels,
    height: sizeAlong(padding, height, kernelHeight, strideY),
    width: sizeAlong(padding, width, kernelWidth, strideX),
  };
}

/** How many places a window has along one side, by TensorFlow's rule. */
function sizeAlong(padding: string, size: number, window: number, stride: number): number {
  return padding === "SAME" ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
}

function maxPool(node: TfjsNode, { graph, feature }: Conversion): Feature {
  const [x = ""] = node.input;
  const [, windowY = 1, windowX = 1] = intsOf(node, "ksize");
  const [, strideY = 1, strideX = 1] = intsOf(node, "strides");
  const padding = textOf(node, "padding");
  graph.addNode("MaxPool", node.name, [x], {
    auto_pad: padding === "SAME" ? "SAME_UPPER" : "VALID",
    kernel_shape: [windowY, windowX],
    strides: [strideY, strideX],
  });
  const { channels, height, width } = feature(x);
  return {
    channels,
    height: sizeAlong(padding, height, windowY, strideY),
    width: sizeAlong(padding, width, windowX, strideX),
  };
}

/** Channels of zeros behind the last one: how a shortcut gets as wide as what it is added to. */
function padChannels(node: TfjsNode, { graph, feature, constant }: Conversion): Feature {
  const [x = "", padsName = ""] = node.input;
  const pads = [...(constant(padsName)?.values ?? [])];
  const [added = 0] = pads.splice(7, 1);
  if (pads.length !== 7 || pads.some((pad) => pad !== 0))
    throw unknown(node, "padding of other than channels");
  const onnxPads = graph.addInts(`${node.name}/pads`, [0, 0, 0, 0, 0, added, 0, 0]);
  graph.addNode("Pad", node.name, [x, onnxPads]);
  const size = feature(x);
  return { ...size, channels: size.channels + added };
}

function elementwise(opType: string, node: TfjsNode, { graph, feature, constant }: Conversion): Feature {
  const sizes: Feature[] = [];
  const inputs = node.input.map((name) => {
    const value = constant(name);
    if (value === undefined) {
      sizes.push(feature(name));
      return name;
    }
    // A scalar means the same in both orders; a vector would have to change its place.
    if (value.shape.length > 0) throw unknown(node, "a constant that is not a scalar");
    return graph.addFloats(name, [], floats(value));
  });
  const [first, second] = sizes;
  if (first === undefined) throw unknown(node, "constants only");
  graph.addNode(opType, node.name, inputs);
  if (second === undefined || first.height * first.width >= second.height * second.width) return first;
  return second;
}

function unary(opType: string, node: TfjsNode, { graph, feature }: Conversion): Feature {
  graph.addNode(opType, node.name, node.input);
  return feature(node.input[0] ?? "");
}

function relu6(node: TfjsNode, { graph, feature }: Conversion): Feature {
  const low = graph.addFloats("relu6/min", [], Float32Array.of(0));
  const high = graph.addFloats("relu6/max", [], Float32Array.of(6));
  graph.addNode("Clip", node.name, [...node.input, low, high]);
  return feature(node.input[0] ?? "");
}

/** The mean over height and width, kept as 1 × 1: a squeeze-and-excitation block's first step. */
function spatialMean(node: TfjsNode, { graph, feature, constant }: Conversion): Feature {
  const [x = "", axesName = ""] = node.input;
  const axes = [...(constant(axesName)?.values ?? [])].sort();
  if (axes.join() !== "1,2" || !booleanOf(node, "keep_dims"))
    throw unknown(node, `the mean over axes ${axes}`);
  graph.addNode("GlobalAveragePool", node.name, [x]);
  return { channels: feature(x).channels, height: 1, width: 1 };
}

function resizeBilinear(node: TfjsNode, { graph, feature, constant }: Conversion): Feature {
  const [x = "", sizeName = ""] = node.input;
  const [height, width] = constant(sizeName)?.values ?? [];
  if (height === undefined || width === undefined) throw unknown(node, "a size that is not constant");
  if (booleanOf(node, "align_corners") || booleanOf(node, "half_pixel_centers"))
    throw unknown(node, "align_corners or half_pixel_centers");
  const { channels } = feature(x);
  const sizes = graph.addInts(`${node.name}/sizes`, [1, channels, height, width]);
  graph.addNode("Resize", node.name, [x, "", "", sizes], {
    coordinate_transformation_mode: "asymmetric",
    mode: "linear",
  });
  return { channels, height, width };
}

function concatChannels(node: TfjsNode, { graph, feature, constant }: Conversion): Feature {
  const inputs = node.input.slice(0, -1);
  const axis = constant(node.input.at(-1) ?? "")?.values[0];
  const [first = { channels: 0, height: 0, width: 0 }, ...others] = inputs.map(feature);
  if (axis !== 3 && axis !== -1) throw unknown(node, `axis ${axis}`);
  graph.addNode("Concat", node.name, inputs, { axis: 1 });
  return { ...first, channels: others.reduce((sum, other) => sum + other.channels, first.channels) };
}

function weight(node: TfjsNode, value: Weight | undefined): Weight {
  if (value === undefined) throw unknown(node, "weights that are not constant");
  return value;
}

function floats(weight: Weight): Float32Array {
  return weight.values instanceof Float32Array ? weight.values : Float32Array.from(weight.values);
}

function unknown(node: TfjsNode, what: string): ModelConversionError {
  return new ModelConversionError(`node "${node.name}" (${node.op}): ${what} cannot be converted`);
}

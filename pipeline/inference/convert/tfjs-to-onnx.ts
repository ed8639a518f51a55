import { ModelConversionError } from "./errors.ts";
import { OnnxGraph } from "./onnx-graph.ts";
import { type Feature, OPERATORS } from "./operators.ts";
import { nodesFor, parseTfjsGraph } from "./tfjs-graph.ts";
import { readWeights } from "./tfjs-weights.ts";

export interface TfjsModel {
  /** The graph model's description (model.json). */
  readonly json: string;
  /** Its weights (.bin). */
  readonly weights: Uint8Array;
}

/** What part of the graph is wanted. */
export interface Cut {
  /** Name of the placeholder, which gets [1, 3, height, width]. */
  readonly input: string;
  readonly width: number;
  readonly height: number;
  /** Nodes whose values are wanted; what comes after them is left out. */
  readonly outputs: readonly string[];
}

/**
 * Turns a TensorFlow.js graph model (channels last) into the bytes of an ONNX file (channels first, float32).
 * The same input gives the same bytes.
 *
 * @throws ModelConversionError naming the node when the graph holds something we do not convert
 */
export function tfjsToOnnx(model: TfjsModel, cut: Cut): Uint8Array {
  const tfjs = parseTfjsGraph(model.json);
  const weights = readWeights(tfjs.weights, model.weights);
  const graph = new OnnxGraph();
  const features = new Map<string, Feature>();
  const feature = (name: string): Feature => {
    const known = features.get(name);
    if (known === undefined) throw new ModelConversionError(`"${name}" is not a feature map`);
    return known;
  };

  for (const node of nodesFor(tfjs, cut.outputs)) {
    if (node.op === "Const") continue;
    if (node.op === "Placeholder") {
      if (node.name !== cut.input)
        throw new ModelConversionError(`the graph also wants an input "${node.name}"`);
      graph.addInput(node.name, [1, 3, cut.height, cut.width]);
      features.set(node.name, { channels: 3, height: cut.height, width: cut.width });
      continue;
    }
    const operator = OPERATORS[node.op];
    if (operator === undefined)
      throw new ModelConversionError(`node "${node.name}": operator ${node.op} cannot be converted`);
    features.set(node.name, operator(node, { graph, feature, constant: (name) => weights.get(name) }));
  }

  for (const name of cut.outputs) {
    const { channels, height, width } = feature(name);
    graph.addOutput(name, [1, channels, height, width]);
  }
  return graph.encode("tfjs");
}

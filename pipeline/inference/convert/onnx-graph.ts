import {
  ATTRIBUTE_TYPE,
  type AttributeProto,
  encodeModel,
  type NodeProto,
  TENSOR_TYPE,
  type TensorProto,
  type ValueInfoProto,
} from "../onnx/onnx-proto.ts";

/** Opset 13 is the first with every operator we write in its present form; IR 7 belongs to it. */
const OPSET = 13;
const IR_VERSION = 7;

/** `string`, a whole number as `int`, a list as `ints`; floats have to be marked as such. */
export type AttributeValue = string | number | readonly number[] | { readonly float: number };

/** Collects nodes and constants of a graph, in the order in which they are added, and writes the file. */
export class OnnxGraph {
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];

  addInput(name: string, dims: readonly number[]): void {
    this.#inputs.push(valueInfo(name, dims));
  }

  addOutput(name: string, dims: readonly number[]): void {
    this.#outputs.push(valueInfo(name, dims));
  }

  /** Adds a constant and returns its name; one added before under that name stays. */
  addFloats(name: string, dims: readonly number[], values: Float32Array): string {
    return this.#addConstant(name, dims, TENSOR_TYPE.float32, values);
  }

  /** As `addFloats`, for one dimension of whole numbers: what shapes and sizes are made of. */
  addInts(name: string, values: readonly number[]): string {
    return this.#addConstant(name, [values.length], TENSOR_TYPE.int64, BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output, which has the node's name. */
  addNode(
    opType: string,
    name: string,
    input: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): void {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.#nodes.push({ input, output: [name], name, opType, attribute });
  }

  encode(graphName: string): Uint8Array {
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: "forewarn",
      graph: {
        node: this.#nodes,
        name: graphName,
        initializer: [...this.#constants.values()],
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: [{ version: OPSET }],
    });
  }

  #addConstant(
    name: string,
    dims: readonly number[],
    dataType: number,
    values: Float32Array | BigInt64Array,
  ): string {
    if (!this.#constants.has(name)) {
      const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      this.#constants.set(name, { dims, dataType, name, rawData });
    }
    return name;
  }
}

function valueInfo(name: string, dims: readonly number[]): ValueInfoProto {
  const shape = { dim: dims.map((dimValue) => ({ dimValue })) };
  return { name, type: { tensorType: { elemType: TENSOR_TYPE.float32, shape } } };
}

function attributeProto(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "string")
    return { name, s: new TextEncoder().encode(value), type: ATTRIBUTE_TYPE.string };
  if (typeof value === "number") return { name, i: value, type: ATTRIBUTE_TYPE.int };
  if ("float" in value) return { name, f: value.float, type: ATTRIBUTE_TYPE.float };
  return { name, ints: value, type: ATTRIBUTE_TYPE.ints };
}

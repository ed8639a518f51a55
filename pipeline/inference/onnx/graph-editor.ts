import {
  ATTRIBUTE_TYPE,
  type AttributeProto,
  decodeModel,
  encodeModel,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./onnx-proto.ts";
import { floatTensor, intsOf, intTensor } from "./tensor-values.ts";

/** A tensor that goes into or comes out of the graph; no dims: their number and values are left to the runtime. */
export interface GraphEnd {
  readonly name: string;
  readonly elemType: number;
  readonly dims?: readonly number[];
}

/** A graph in memory whose nodes and constants are looked up by name and replaced. */
export class GraphEditor {
  readonly #model: ModelProto;
  readonly #constants = new Map<string, TensorProto>();
  #nodes: NodeProto[];
  #inputs: readonly ValueInfoProto[];
  #outputs: readonly ValueInfoProto[];

  /** @throws Error when the bytes are no ONNX file */
  constructor(bytes: Uint8Array) {
    this.#model = decodeModel(bytes);
    const { graph } = this.#model;
    this.#nodes = [...(graph.node ?? [])];
    for (const tensor of graph.initializer ?? []) this.#constants.set(tensor.name ?? "", tensor);
    this.#outputs = graph.output ?? [];
    // Older exporters list the constants among the inputs.
    this.#inputs = (graph.input ?? []).filter(({ name }) => !this.#constants.has(name));
  }

  get nodes(): readonly NodeProto[] {
    return this.#nodes;
  }

  /** Version of the default operator set. */
  get opset(): number {
    const own = this.#model.opsetImport?.find(({ domain }) => (domain ?? "") === "");
    return own?.version ?? 0;
  }

  get outputNames(): string[] {
    return this.#outputs.map(({ name }) => name);
  }

  producer(tensor: string): NodeProto | undefined {
    return this.#nodes.find((node) => node.output?.includes(tensor));
  }

  consumers(tensor: string): NodeProto[] {
    return this.#nodes.filter((node) => node.input?.includes(tensor));
  }

  constant(name: string | undefined): TensorProto | undefined {
    return name === undefined ? undefined : this.#constants.get(name);
  }

  /** The whole numbers of a constant, or undefined where there is none of that name and type. */
  ints(name: string | undefined): number[] | undefined {
    const tensor = this.constant(name);
    return tensor === undefined ? undefined : intsOf(tensor);
  }

  /** Adds a constant under a name of its own that begins with `name`, and returns it. */
  addFloats(name: string, dims: readonly number[], values: Float32Array): string {
    const free = this.#freeName(name);
    this.#constants.set(free, floatTensor(free, dims, values));
    return free;
  }

  /** As `addFloats`, for a list of whole numbers. */
  addInts(name: string, values: readonly number[]): string {
    const free = this.#freeName(name);
    this.#constants.set(free, intTensor(free, values));
    return free;
  }

  /** Puts the changed node into the place of the present one. */
  replace(node: NodeProto, change: Partial<NodeProto>): NodeProto {
    const at = this.#nodes.indexOf(node);
    if (at < 0) throw new Error(`node "${node.name}" is not in the graph`);
    const changed = { ...node, ...change };
    this.#nodes[at] = changed;
    return changed;
  }

  remove(node: NodeProto): void {
    this.#nodes = this.#nodes.filter((other) => other !== node);
  }

  /** Puts nodes before all others, in the order given. */
  prepend(nodes: readonly NodeProto[]): void {
    this.#nodes = [...nodes, ...this.#nodes];
  }

  setInput(input: GraphEnd): void {
    this.#inputs = [valueInfo(input)];
  }

  /** The bytes of the file. What the file said of the outputs' shapes is left out: the runtime finds them itself. */
  encode(): Uint8Array {
    const outputs = this.#outputs.map(({ name, type }) =>
      valueInfo({ name, elemType: type.tensorType.elemType }),
    );
    return encodeModel({
      ...this.#model,
      graph: {
        ...this.#model.graph,
        node: this.#nodes,
        initializer: this.#used(),
        input: this.#inputs,
        output: outputs,
      },
    });
  }

  /** Constants that a node still reads; cut and folded ones stay behind otherwise. */
  #used(): TensorProto[] {
    const read = new Set(this.#nodes.flatMap((node) => node.input ?? []));
    const ends = new Set(this.outputNames);
    return [...this.#constants]
      .filter(([name]) => read.has(name) || ends.has(name))
      .map(([, tensor]) => tensor);
  }

  #freeName(name: string): string {
    let free = name;
    for (let count = 2; this.#constants.has(free) || this.producer(free) !== undefined; count++)
      free = `${name}_${count}`;
    return free;
  }
}

/** A node with one output, which has the node's name. */
export function nodeOf(
  opType: string,
  name: string,
  input: readonly string[],
  attributes: Readonly<Record<string, string | number | readonly number[]>> = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
  return { opType, name, input, output: [name], attribute };
}

/** `string`, a whole number as `int`, a list as `ints`. */
export function attributeOf(name: string, value: string | number | readonly number[]): AttributeProto {
  if (typeof value === "string")
    return { name, s: new TextEncoder().encode(value), type: ATTRIBUTE_TYPE.string };
  if (typeof value === "number") return { name, i: value, type: ATTRIBUTE_TYPE.int };
  return { name, ints: value, type: ATTRIBUTE_TYPE.ints };
}

/** A whole-number attribute; the protocol leaves zeros out. */
export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute?.find((attribute) => attribute.name === name);
  return found === undefined ? otherwise : (found.i ?? 0);
}

export function intsAttribute(node: NodeProto, name: string): readonly number[] | undefined {
  return node.attribute?.find((attribute) => attribute.name === name)?.ints;
}

export function textAttribute(node: NodeProto, name: string): string | undefined {
  const found = node.attribute?.find((attribute) => attribute.name === name);
  return found?.s === undefined ? undefined : new TextDecoder().decode(found.s);
}

function valueInfo({ name, elemType, dims }: GraphEnd): ValueInfoProto {
  const shape = dims && { dim: dims.map((dimValue) => ({ dimValue })) };
  return { name, type: { tensorType: { elemType, ...(shape && { shape }) } } };
}

import protobuf from "protobufjs/minimal.js";

/**
 * The few fields of an ONNX file (onnx.proto3) that a tiny test model needs, written with protobufjs. Numbers in
 * the calls below are the field numbers of that schema.
 */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int64: 7, float64: 11 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** A name stands for a dimension that is open. */
  readonly dims: readonly (number | string)[];
}
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
  /** float32 when left out. */
  readonly type?: "float32" | "float64" | "int64";
}
export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
}
export interface Graph {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
}

type Writer = protobuf.Writer;
const IR_VERSION = 7;
const OPSET = 13;

/** The bytes of an .onnx file. */
export function writeOnnx(graph: Graph): Uint8Array {
  const writer = protobuf.Writer.create();
  varint(writer, 1, IR_VERSION);
  message(writer, 7, (at) => {
    for (const node of graph.nodes) message(at, 1, (inner) => writeNode(inner, node));
    text(at, 2, "tiny");
    for (const constant of graph.constants) message(at, 5, (inner) => writeConstant(inner, constant));
    for (const input of graph.inputs) message(at, 11, (inner) => writeValueInfo(inner, input));
    for (const output of graph.outputs) message(at, 12, (inner) => writeValueInfo(inner, output));
  });
  message(writer, 8, (at) => {
    text(at, 1, "");
    varint(at, 2, OPSET);
  });
  return writer.finish();
}

function writeNode(writer: Writer, node: Node): void {
  for (const input of node.inputs) text(writer, 1, input);
  text(writer, 2, node.output);
  text(writer, 4, node.op);
  for (const [name, value] of Object.entries(node.ints ?? {})) {
    message(writer, 5, (at) => {
      text(at, 1, name);
      if (typeof value === "number") {
        varint(at, 3, value);
        varint(at, 20, 2);
      } else {
        for (const entry of value) varint(at, 8, entry);
        varint(at, 20, 7);
      }
    });
  }
}

function writeConstant(writer: Writer, constant: Constant): void {
  const type = constant.type ?? "float32";
  for (const dim of constant.dims) varint(writer, 1, dim);
  varint(writer, 2, ELEMENT_TYPES[type]);
  text(writer, 8, constant.name);
  writer.uint32(key(9, 2)).bytes(rawBytes(type, constant.values));
}

function rawBytes(type: "float32" | "float64" | "int64", values: ArrayLike<number>): Uint8Array {
  if (type === "float32") return new Uint8Array(Float32Array.from(values).buffer);
  if (type === "float64") return new Uint8Array(Float64Array.from(values).buffer);
  return new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
}

function writeValueInfo(writer: Writer, info: ValueInfo): void {
  text(writer, 1, info.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      varint(tensor, 1, ELEMENT_TYPES[info.type]);
      message(tensor, 2, (shape) => {
        for (const dim of info.dims) {
          message(shape, 1, (at) => {
            if (typeof dim === "number") varint(at, 1, dim);
            else text(at, 2, dim);
          });
        }
      });
    }),
  );
}

function message(writer: Writer, field: number, write: (inner: Writer) => void): void {
  writer.uint32(key(field, 2)).fork();
  write(writer);
  writer.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(key(field, 2)).string(value);
}

function varint(writer: Writer, field: number, value: number): void {
  writer.uint32(key(field, 0)).int64(value);
}

function key(field: number, wireType: number): number {
  return field * 8 + wireType;
}

import { TENSOR_TYPE, type TensorProto } from "./onnx-proto.ts";

/** The numbers of a float32 constant, wherever the file keeps them; a copy. Undefined for another type. */
export function floatsOf(tensor: TensorProto): Float32Array | undefined {
  if (tensor.dataType !== TENSOR_TYPE.float32) return undefined;
  const raw = tensor.rawData;
  // A copy: the bytes lie in the file at whatever offset, a Float32Array wants a multiple of four.
  if (raw !== undefined && raw.length > 0) return new Float32Array(Uint8Array.from(raw).buffer);
  return Float32Array.from(tensor.floatData ?? []);
}

/** As `floatsOf` for int64; numbers beyond 2^53 lose their last digits, which shapes and sizes never have. */
export function intsOf(tensor: TensorProto): number[] | undefined {
  if (tensor.dataType !== TENSOR_TYPE.int64) return undefined;
  const raw = tensor.rawData;
  if (raw !== undefined && raw.length > 0)
    return Array.from(new BigInt64Array(Uint8Array.from(raw).buffer), Number);
  return [...(tensor.int64Data ?? [])];
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims, dataType: TENSOR_TYPE.float32, rawData };
}

/** A list of whole numbers: what shapes and sizes are made of. */
export function intTensor(name: string, values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: TENSOR_TYPE.int64, rawData };
}

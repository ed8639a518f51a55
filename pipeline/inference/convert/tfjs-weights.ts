import { ModelConversionError } from "./errors.ts";
import type { WeightEntry } from "./tfjs-graph.ts";

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/**
 * Cuts the .bin file into the weights that the description lists; float16 becomes float32.
 *
 * @throws ModelConversionError when the file has more or fewer bytes than they need
 */
export function readWeights(entries: readonly WeightEntry[], bytes: Uint8Array): Map<string, Weight> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const needed = entries.reduce((sum, entry) => sum + elementCount(entry.shape) * elementBytes(entry), 0);
  if (needed !== bytes.byteLength) {
    throw new ModelConversionError(
      `the weights file has ${bytes.byteLength} bytes, its description asks for ${needed}`,
    );
  }
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const entry of entries) {
    const count = elementCount(entry.shape);
    weights.set(entry.name, {
      name: entry.name,
      shape: entry.shape,
      values: readValues(view, offset, count, entry),
    });
    offset += count * elementBytes(entry);
  }
  return weights;
}

function readValues(
  view: DataView,
  offset: number,
  count: number,
  entry: WeightEntry,
): Float32Array | Int32Array {
  if (entry.dtype === "int32") {
    return Int32Array.from({ length: count }, (_, index) => view.getInt32(offset + index * 4, true));
  }
  if (entry.quantization === undefined) {
    return Float32Array.from({ length: count }, (_, index) => view.getFloat32(offset + index * 4, true));
  }
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    values[index] = halfToNumber(view.getUint16(offset + index * 2, true));
  }
  return values;
}

/** IEEE 754 binary16 by its bits: 1 sign, 5 exponent, 10 fraction. Every half is a float32 exactly. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function elementBytes(entry: WeightEntry): number {
  return entry.quantization === undefined ? 4 : 2;
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

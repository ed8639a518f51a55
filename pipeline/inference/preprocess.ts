import type { ModelSpec } from "./model-spec.ts";

type InputFacts = Pick<ModelSpec["input"], "width" | "height" | "layout" | "mean" | "std">;

/** The shape of the input tensor, batch 1. */
export function inputDims(input: InputFacts): number[] {
  return input.layout === "NCHW" ? [1, 3, input.height, input.width] : [1, input.height, input.width, 3];
}

/**
 * Fills one tensor, over and over, from packed 8-bit pixels (`width × height × 3`, already in the model's
 * colour order). A byte has 256 values, so (v − mean) / std is looked up, not computed, per pixel.
 */
export class TensorFiller {
  /** The reused buffer: a view of what was filled last. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly #planar: boolean;
  readonly #tables: readonly [Float32Array, Float32Array, Float32Array];

  constructor(input: InputFacts) {
    this.data = new Float32Array(input.width * input.height * 3);
    this.#planar = input.layout === "NCHW";
    this.#tables = [table(input, 0), table(input, 1), table(input, 2)];
  }

  fill(pixels: Uint8Array): void {
    const out = this.data;
    const [first, second, third] = this.#tables;
    const planar = this.#planar;
    const plane = out.length / 3;
    const step = planar ? 1 : 3;
    const secondAt = planar ? plane : 1;
    const thirdAt = planar ? 2 * plane : 2;
    for (let from = 0, to = 0; from < out.length; from += 3, to += step) {
      out[to] = first[pixels[from] as number] as number;
      out[to + secondAt] = second[pixels[from + 1] as number] as number;
      out[to + thirdAt] = third[pixels[from + 2] as number] as number;
    }
  }
}

function table(input: InputFacts, channel: 0 | 1 | 2): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value - input.mean[channel]) / input.std[channel]);
}

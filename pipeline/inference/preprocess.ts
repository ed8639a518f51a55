import type { ModelSpec } from "./model-spec.ts";

type InputFacts = Pick<ModelSpec["input"], "width" | "height" | "layout" | "mean" | "std">;

/** The shape of the input tensor, batch 1. */
export function inputDims(input: InputFacts): number[] {
  return input.layout === "NCHW" ? [1, 3, input.height, input.width] : [1, input.height, input.width, 3];
}

/**
 * Fills one tensor, over and over, from packed 8-bit pixels (`width × height × 3`, already in the model's
 * colour order). (v − mean) / std is computed as v × scale + shift: a third faster than looking bytes up in a
 * table, and exact where nothing is to be normalised.
 */
export class TensorFiller {
  /** The reused buffer: a view of what was filled last. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly #planar: boolean;
  readonly #scale: readonly [number, number, number];
  readonly #shift: readonly [number, number, number];

  constructor({ width, height, layout, mean, std }: InputFacts) {
    this.data = new Float32Array(width * height * 3);
    this.#planar = layout === "NCHW";
    this.#scale = [1 / std[0], 1 / std[1], 1 / std[2]];
    this.#shift = [-mean[0] / std[0], -mean[1] / std[1], -mean[2] / std[2]];
  }

  fill(pixels: Uint8Array): void {
    const out = this.data;
    const [scale0, scale1, scale2] = this.#scale;
    const [shift0, shift1, shift2] = this.#shift;
    const step = this.#planar ? 1 : 3;
    const second = this.#planar ? out.length / 3 : 1;
    const third = 2 * second;
    for (let from = 0, to = 0; from < out.length; from += 3, to += step) {
      out[to] = (pixels[from] as number) * scale0 + shift0;
      out[to + second] = (pixels[from + 1] as number) * scale1 + shift1;
      out[to + third] = (pixels[from + 2] as number) * scale2 + shift2;
    }
  }
}

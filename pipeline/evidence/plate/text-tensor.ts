import type { RgbPicture } from "./rgb-picture.ts";

/** A graph's input or output. */
export interface Tensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** Per channel, (v ÷ 255 − mean) ÷ std. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * The picture as a tensor [1, 3, height, width] in the order blue, green, red, as PaddleOCR's graphs were trained.
 *
 * @param width columns of the tensor, at least the picture's; what is beyond the picture is 0
 */
export function toTensor({ pixels, size }: RgbPicture, width: number, { mean, std }: Normalisation): Tensor {
  const plane = width * size.height;
  const data = new Float32Array(3 * plane);
  for (let row = 0, from = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, from += 3) {
      const to = row * width + column;
      data[to] = ((pixels[from + 2] as number) / 255 - mean[0]) / std[0];
      data[to + plane] = ((pixels[from + 1] as number) / 255 - mean[1]) / std[1];
      data[to + 2 * plane] = ((pixels[from] as number) / 255 - mean[2]) / std[2];
    }
  }
  return { data, dims: [1, 3, size.height, width] };
}

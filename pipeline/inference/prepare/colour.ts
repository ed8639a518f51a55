/** How a stream's YUV is meant; what ffprobe calls color_space and color_range. */
export interface StreamColour {
  readonly matrix: "bt601" | "bt709";
  readonly range: "limited" | "full";
}

export type Vector3 = readonly [number, number, number];
export type Matrix3 = readonly [Vector3, Vector3, Vector3];

/** Parts of red and blue in luma (ITU-R BT.601-7 and BT.709-6). */
const LUMA_PARTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

/**
 * 8-bit YUV → 8-bit RGB: `matrix × (yuv − offset)`, rows red, green, blue. Not clipped: a converter to RGB clips
 * what no camera's sensor saw, and a network does not mind it.
 */
export function yuvToRgb({ matrix, range }: StreamColour): {
  readonly matrix: Matrix3;
  readonly offset: Vector3;
} {
  const [red, blue] = LUMA_PARTS[matrix];
  const green = 1 - red - blue;
  const luma = range === "limited" ? 255 / 219 : 1;
  const chroma = range === "limited" ? 255 / 224 : 1;
  const fromU = 2 * (1 - blue) * chroma;
  const fromV = 2 * (1 - red) * chroma;
  return {
    matrix: [
      [luma, 0, fromV],
      [luma, (-fromU * blue) / green, (-fromV * red) / green],
      [luma, fromU, 0],
    ],
    offset: [range === "limited" ? 16 : 0, 128, 128],
  };
}

/**
 * YUV → the model's own channels, normalised: `matrix × (yuv − zero)`. `zero` is the YUV that the model sees as
 * 0, so padding what has been shifted by it with zeros is padding as the model was trained to.
 */
export function yuvToModel(
  colour: StreamColour,
  input: { readonly colour: "RGB" | "BGR"; readonly mean: Vector3; readonly std: Vector3 },
): { readonly matrix: Matrix3; readonly zero: Vector3 } {
  const { matrix, offset } = yuvToRgb(colour);
  const [red, green, blue] = matrix;
  const rows: Matrix3 = input.colour === "RGB" ? [red, green, blue] : [blue, green, red];
  const [std0, std1, std2] = input.std;
  const shift = solve(rows, input.mean);
  return {
    matrix: [divide(rows[0], std0), divide(rows[1], std1), divide(rows[2], std2)],
    zero: [offset[0] + shift[0], offset[1] + shift[1], offset[2] + shift[2]],
  };
}

function divide([a, b, c]: Vector3, by: number): Vector3 {
  return [a / by, b / by, c / by];
}

function determinant([[a, b, c], [d, e, f], [g, h, i]]: Matrix3): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** The x of `matrix × x = wanted` (Cramer). */
function solve(matrix: Matrix3, wanted: Vector3): Vector3 {
  const all = determinant(matrix);
  const [p, q, r] = matrix;
  const [x, y, z] = wanted;
  return [
    determinant([
      [x, p[1], p[2]],
      [y, q[1], q[2]],
      [z, r[1], r[2]],
    ]) / all,
    determinant([
      [p[0], x, p[2]],
      [q[0], y, q[2]],
      [r[0], z, r[2]],
    ]) / all,
    determinant([
      [p[0], p[1], x],
      [q[0], q[1], y],
      [r[0], r[1], z],
    ]) / all,
  ];
}

import sharp from "sharp";
import type { Point } from "../../domain/types.ts";
import type { Region } from "../picture-region.ts";
import type { RunGraph } from "./read-line.ts";
import type { Quad } from "./rectify.ts";
import type { RgbPicture } from "./rgb-picture.ts";
import { findTextLines, type TextLine } from "./text-lines.ts";
import { toTensor } from "./text-tensor.ts";

/** The longer side of what the finder sees, in pixels: small vehicles are enlarged, large ones made smaller. */
const LONG_SIDE = 640;
const MAX_ENLARGEMENT = 3;
/** The graph takes sides that are multiples of this. */
const STEP = 32;
/** ImageNet's, in PaddleOCR's order: over blue, green, red. */
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** The lines of text inside a region, in pixels of the whole picture. */
export async function findText(run: RunGraph, picture: RgbPicture, region: Region): Promise<TextLine[]> {
  const scale = Math.min(MAX_ENLARGEMENT, LONG_SIDE / Math.max(region.width, region.height));
  const width = rounded(region.width * scale);
  const height = rounded(region.height * scale);
  const pixels = await sharp(picture.pixels, { raw: { ...picture.size, channels: 3 } })
    .extract(region)
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  const output = await run(toTensor({ pixels, size: { width, height } }, width, NORMALISATION));
  const toPicture = ([x, y]: Point): Point => [
    region.left + (x * region.width) / width,
    region.top + (y * region.height) / height,
  ];
  return findTextLines({ width, height, values: output.data }).map(({ quad, score }) => {
    const corners: Quad = [toPicture(quad[0]), toPicture(quad[1]), toPicture(quad[2]), toPicture(quad[3])];
    return { quad: corners, score };
  });
}

function rounded(side: number): number {
  return Math.max(STEP, Math.round(side / STEP) * STEP);
}

import { type PictureSize, type Region, regionOfBox } from "../picture-region.ts";
import type { MaskLayers } from "./besides-subject.ts";
import type { RgbPicture } from "./finder.ts";
import { CLEAR_MARGIN, type MaskSubject } from "./mask-subject.ts";
import { copyRegion, pixelate } from "./pixelate.ts";
import type { PrivateKind, PrivateRegion } from "./private-region.ts";

/** Blocks along the longer side of a region. A plate is at most a third as wide as its vehicle: two or three blocks. */
const BLOCKS: Readonly<Record<PrivateKind, number>> = { face: 3, head: 3, plate: 3, vehicle: 8, person: 3 };
/**
 * Blocks along the longer side of everything around the subject, whatever was found in it: a street is still known for
 * a street, while a face or a plate that every detector missed is left with a few blocks if it is far away.
 */
const STREET_BLOCKS = 320;
/**
 * The picture with everything private hidden; the given pixels stay as they are.
 *
 * @param subject stays in full detail but for the regions above it; null: nothing does
 */
export function maskRegions(
  picture: RgbPicture,
  layers: MaskLayers,
  subject: MaskSubject | null,
): RgbPicture {
  const { size } = picture;
  const masked = { size, pixels: new Uint8Array(picture.pixels) };
  const block = Math.ceil(Math.max(size.width, size.height) / STREET_BLOCKS);
  if (block > 1) pixelate(masked, { left: 0, top: 0, ...size }, block);
  const clear = subject === null ? null : regionOfBox(subject.box, CLEAR_MARGIN, size);
  if (clear !== null) copyRegion(picture, masked, clear);
  for (const region of layers.behind) hideRegion(masked, region);
  if (clear !== null && layers.kept !== null)
    copyRegion(picture, masked, shared(clear, regionOfBox(layers.kept, 0, size)));
  for (const region of layers.above) hideRegion(masked, region);
  return masked;
}

function hideRegion(picture: RgbPicture, { kind, box }: PrivateRegion): void {
  const region = regionOfBox(box, 0, picture.size);
  const block = blockOf(region, BLOCKS[kind]);
  pixelate(picture, region, block);
}

/** What two rectangles have in common; nothing is as good as a rectangle without width or height. */
function shared(one: Region, other: Region): Region {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(one.left + one.width, other.left + other.width) - left),
    height: Math.max(0, Math.min(one.top + one.height, other.top + other.height) - top),
  };
}

function blockOf({ width, height }: PictureSize, blocks: number): number {
  return Math.ceil(Math.max(width, height) / blocks);
}

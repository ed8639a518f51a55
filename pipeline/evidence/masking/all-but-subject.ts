import { type PictureSize, type Region, regionOfBox } from "../picture-region.ts";
import type { RgbPicture } from "./finder.ts";
import { riderHeadOf } from "./head.ts";
import { isTwoWheeler, PERSON } from "./labels.ts";
import type { MaskSubject } from "./mask-subject.ts";
import { CLEAR_MARGIN } from "./mask-subject.ts";
import { copyRegion, pixelate } from "./pixelate.ts";

/** Blocks along the longer side of the picture: too few to know a face or read a plate by. */
const BLOCKS = 32;
/** Upper part of a person's box that is hidden as well: the head, in every posture that stands or sits. */
const HEAD_SHARE = 0.35;

/**
 * The picture with everything hidden but the subject: what is done where nothing could look for faces and plates, and
 * around what is enlarged. A person's and a rider's head is hidden too. The given pixels stay as they are.
 *
 * @param subject null: nothing is left clear
 */
export function hideAllBut(picture: RgbPicture, subject: MaskSubject | null): RgbPicture {
  const { size } = picture;
  const masked = { size, pixels: new Uint8Array(picture.pixels) };
  const block = Math.ceil(Math.max(size.width, size.height) / BLOCKS);
  pixelate(masked, { left: 0, top: 0, ...size }, block);
  if (subject !== null) copyRegion(picture, masked, clearRegion(subject, size));
  return masked;
}

function clearRegion({ box: [x1, y1, x2, y2], label }: MaskSubject, size: PictureSize): Region {
  if (label === PERSON) return regionOfBox([x1, y1 + (y2 - y1) * HEAD_SHARE, x2, y2], 0, size);
  if (isTwoWheeler(label)) return regionOfBox([x1, riderHeadOf([x1, y1, x2, y2])[3], x2, y2], 0, size);
  return regionOfBox([x1, y1, x2, y2], CLEAR_MARGIN, size);
}

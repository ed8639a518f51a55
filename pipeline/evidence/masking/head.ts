import type { Box } from "../../domain/types.ts";
import type { PictureSize } from "../picture-region.ts";

/** Upper part of a standing person that is hidden: more than twice a head, for hats, hoods and loose boxes. */
const HEAD_SHARE = 0.35;
/** A head is no higher than this share of its owner's width: what is wider sits, stoops or is cut off below. */
const HEAD_PER_WIDTH = 0.9;
/** Upper part of a two-wheeler's box that its rider's head may be in. Who rides sits upright, so its width does not tell. */
const RIDER_SHARE = 0.45;
/** Room above and beside the box. */
const ABOVE = 0.06;
const BESIDE = 0.1;

/**
 * Where a person's head may be, in 0–1 of the picture. `whole` when that is the whole person: lying, sitting close
 * up, or cut off so that head and shoulders are all there is.
 */
export function headOf(person: Box, size: PictureSize): { readonly box: Box; readonly whole: boolean } {
  const [x1, y1, x2, y2] = person;
  const height = y2 - y1;
  const widthAsHeight = ((x2 - x1) * size.width) / size.height;
  const reach = Math.max(HEAD_SHARE * height, HEAD_PER_WIDTH * widthAsHeight);
  const whole = reach >= height;
  const sideways = (x2 - x1) * BESIDE;
  const box: Box = [
    Math.max(0, x1 - sideways),
    Math.max(0, y1 - height * ABOVE),
    Math.min(1, x2 + sideways),
    whole ? y2 : y1 + reach,
  ];
  return { box, whole };
}

/** Where the head of whoever rides may be in a two-wheeler's box, with room around it, in 0–1 of the picture. */
export function riderHeadOf([x1, y1, x2, y2]: Box): Box {
  const height = y2 - y1;
  const sideways = (x2 - x1) * BESIDE;
  return [
    Math.max(0, x1 - sideways),
    Math.max(0, y1 - height * ABOVE),
    Math.min(1, x2 + sideways),
    y1 + height * RIDER_SHARE,
  ];
}

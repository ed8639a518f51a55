import type { Region } from "../picture-region.ts";
import type { RgbPicture } from "./finder.ts";

/**
 * Replaces a rectangle by the averages of its blocks, in place. Nothing of a block but one colour is left, so it cannot
 * be undone, unlike a blur.
 *
 * @param block side of a block in pixels, at least 1; the last of a row or column may be smaller
 */
export function pixelate({ pixels, size }: RgbPicture, region: Region, block: number): void {
  const right = region.left + region.width;
  const bottom = region.top + region.height;
  for (let top = region.top; top < bottom; top += block) {
    const end = Math.min(top + block, bottom);
    for (let left = region.left; left < right; left += block)
      flatten(pixels, size.width, left, top, Math.min(left + block, right), end);
  }
}

function flatten(
  pixels: Uint8Array,
  pictureWidth: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < bottom; y++) {
    const end = (y * pictureWidth + right) * 3;
    for (let at = (y * pictureWidth + left) * 3; at < end; at += 3) {
      red += pixels[at] as number;
      green += pixels[at + 1] as number;
      blue += pixels[at + 2] as number;
    }
  }
  const count = (right - left) * (bottom - top);
  red = Math.round(red / count);
  green = Math.round(green / count);
  blue = Math.round(blue / count);
  for (let y = top; y < bottom; y++) {
    const end = (y * pictureWidth + right) * 3;
    for (let at = (y * pictureWidth + left) * 3; at < end; at += 3) {
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
    }
  }
}

/** Puts a rectangle of one picture in the same place of another of the same size. */
export function copyRegion(from: RgbPicture, to: RgbPicture, { left, top, width, height }: Region): void {
  for (let y = top; y < top + height; y++) {
    const at = (y * from.size.width + left) * 3;
    to.pixels.set(from.pixels.subarray(at, at + width * 3), at);
  }
}

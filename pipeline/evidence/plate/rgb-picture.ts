import type { PictureSize } from "../picture-region.ts";

/** A decoded picture: packed 8-bit RGB, row by row. */
export interface RgbPicture {
  readonly pixels: Uint8Array;
  readonly size: PictureSize;
}

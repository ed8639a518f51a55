import sharp from "sharp";
import { placePicture } from "../domain/place-picture.ts";
import { type FrameFormat, frameBytes } from "../domain/ports.ts";

/** Packed 8-bit RGB, row by row. */
export interface PackedPicture {
  readonly pixels: Uint8Array;
  readonly size: { readonly width: number; readonly height: number };
}

/** A rectangle of whole pixels inside a picture. */
export interface Cutout {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A part of a decoded picture as a frame of the given packed format: cut out, then stretched or letterboxed. Boxes
 * that a detector finds in it are 0–1 of the cutout when its size is given as that of the source.
 *
 * @throws RangeError for a planar format
 */
export async function frameOfPixels(
  { pixels, size }: PackedPicture,
  cutout: Cutout,
  format: FrameFormat,
): Promise<Uint8Array> {
  if (format.pixelFormat === "yuv420p") throw new RangeError("a decoded picture makes packed frames only");
  const place = placePicture(format, cutout.width, cutout.height);
  const scaled = await sharp(pixels, { raw: { ...size, channels: 3 } })
    .extract(cutout)
    .resize(place.width, place.height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  const [first, third] = format.pixelFormat === "rgb24" ? [0, 2] : [2, 0];
  const frame = new Uint8Array(frameBytes(format)).fill(format.padByte);
  for (let row = 0, from = 0; row < place.height; row++) {
    let to = ((place.top + row) * format.width + place.left) * 3;
    for (const end = from + place.width * 3; from < end; from += 3, to += 3) {
      frame[to] = scaled[from + first] as number;
      frame[to + 1] = scaled[from + 1] as number;
      frame[to + 2] = scaled[from + third] as number;
    }
  }
  return frame;
}

import sharp, { type KernelEnum } from "sharp";
import { AppError } from "../domain/errors.ts";
import { placePicture } from "../domain/place-picture.ts";
import type { Frame, FrameFormat } from "../domain/ports.ts";

/** A file is no picture that we can read. */
export class UnreadablePictureError extends AppError {
  readonly code = "picture.unreadable";
}

const KERNEL: keyof KernelEnum = "linear";

/**
 * Reads a picture file (JPEG, PNG, WebP, AVIF, TIFF, GIF: the first page) as a frame of the given format: turned
 * upright by its EXIF orientation, converted to sRGB, without alpha, stretched or letterboxed.
 *
 * @throws UnreadablePictureError naming the file
 */
export async function readPicture(
  path: string,
  format: FrameFormat,
): Promise<Pick<Frame, "pixels" | "sourceWidth" | "sourceHeight">> {
  try {
    const upright = sharp(path, { failOn: "error" }).autoOrient();
    const { autoOrient } = await upright.metadata();
    const place = placePicture(format, autoOrient.width, autoOrient.height);
    const pad = { r: format.padByte, g: format.padByte, b: format.padByte };
    const pixels = await upright
      .toColourspace("srgb")
      .removeAlpha()
      .resize(place.width, place.height, { fit: "fill", kernel: KERNEL, fastShrinkOnLoad: false })
      .extend({
        left: place.left,
        top: place.top,
        right: format.width - place.width - place.left,
        bottom: format.height - place.height - place.top,
        background: pad,
      })
      .raw({ depth: "uchar" })
      .toBuffer();
    if (format.pixelFormat === "bgr24") swapRedAndBlue(pixels);
    return { pixels, sourceWidth: autoOrient.width, sourceHeight: autoOrient.height };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadablePictureError(`${path} cannot be read as a picture: ${reason}`, { cause });
  }
}

function swapRedAndBlue(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 3) {
    const red = pixels[at] as number;
    pixels[at] = pixels[at + 2] as number;
    pixels[at + 2] = red;
  }
}

import { placePicture } from "../place-picture.ts";
import type { FrameFormat } from "../ports.ts";

/** Brightness of a picture where it lies in memory: sample (x, y) is `data[offset + y * rowStride + x * step]`. */
export interface LumaView {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly step: number;
  readonly rowStride: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Brightness of a frame, without a copy and without the padding around the picture: the Y plane of planar
 * frames, the green of packed ones, which makes up most of what the eye takes for brightness.
 */
export function lumaOf(
  pixels: Uint8Array,
  format: FrameFormat,
  sourceWidth: number,
  sourceHeight: number,
): LumaView {
  const { left, top, width, height } = placePicture(format, sourceWidth, sourceHeight);
  const step = format.pixelFormat === "yuv420p" ? 1 : 3;
  const rowStride = format.width * step;
  const green = step === 3 ? 1 : 0;
  return { data: pixels, offset: top * rowStride + left * step + green, step, rowStride, width, height };
}

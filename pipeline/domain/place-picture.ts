import type { FrameFormat } from "./ports.ts";

/** What of a format decides where a picture lies in it; packed pixels where it does not say. */
export type PlacingFormat = Pick<FrameFormat, "width" | "height" | "resize"> &
  Partial<Pick<FrameFormat, "pixelFormat">>;

/** Where the source picture lies inside the frame, in whole pixels of the frame. */
export interface PicturePlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Whole-pixel place of a picture of `sourceWidth` × `sourceHeight` in the format. Whoever scales (ffmpeg, sharp)
 * and whoever maps boxes back must agree on it to the pixel, so all of them ask here. In 4:2:0 every side and
 * margin is even: a chroma sample belongs to two by two pixels.
 */
export function placePicture(format: PlacingFormat, sourceWidth: number, sourceHeight: number): PicturePlace {
  if (format.resize === "stretch") return { left: 0, top: 0, width: format.width, height: format.height };
  const scale = Math.min(format.width / sourceWidth, format.height / sourceHeight);
  const step = format.pixelFormat === "yuv420p" ? 2 : 1;
  const whole = (length: number, limit: number) =>
    Math.min(limit, Math.max(step, Math.round(length / step) * step));
  const width = whole(sourceWidth * scale, format.width);
  const height = whole(sourceHeight * scale, format.height);
  const centred = format.resize === "letterbox-center";
  return {
    left: centred ? Math.floor((format.width - width) / (2 * step)) * step : 0,
    top: centred ? Math.floor((format.height - height) / (2 * step)) * step : 0,
    width,
    height,
  };
}

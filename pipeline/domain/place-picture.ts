import type { FrameFormat } from "./ports.ts";

/** Where the source picture lies inside the frame, in whole pixels of the frame. */
export interface PicturePlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Whole-pixel place of a picture of `sourceWidth` × `sourceHeight` in the format. Whoever scales (ffmpeg, sharp)
 * and whoever maps boxes back must agree on it to the pixel, so all of them ask here.
 */
export function placePicture(
  format: Pick<FrameFormat, "width" | "height" | "resize">,
  sourceWidth: number,
  sourceHeight: number,
): PicturePlace {
  if (format.resize === "stretch") return { left: 0, top: 0, width: format.width, height: format.height };
  const scale = Math.min(format.width / sourceWidth, format.height / sourceHeight);
  const width = Math.min(format.width, Math.max(1, Math.round(sourceWidth * scale)));
  const height = Math.min(format.height, Math.max(1, Math.round(sourceHeight * scale)));
  const centred = format.resize === "letterbox-center";
  return {
    left: centred ? Math.floor((format.width - width) / 2) : 0,
    top: centred ? Math.floor((format.height - height) / 2) : 0,
    width,
    height,
  };
}

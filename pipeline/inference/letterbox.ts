import type { FrameFormat } from "../domain/ports.ts";
import type { ModelSpec } from "./model-spec.ts";

/** Where the source picture lies inside the model's input, in input pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What frames must look like for this model. */
export function frameFormatOf(spec: Pick<ModelSpec, "input">): FrameFormat {
  const { width, height, colour, resize, padByte } = spec.input;
  return { width, height, pixelFormat: colour === "RGB" ? "rgb24" : "bgr24", resize, padByte };
}

/**
 * Whole-pixel place of a picture of `sourceWidth` × `sourceHeight` in the format. Whoever scales and whoever
 * maps boxes back must agree on it to the pixel: sharp asks here, ffmpeg's side (pipeline/media) rounds alike.
 */
export function placeSource(
  format: Pick<FrameFormat, "width" | "height" | "resize">,
  sourceWidth: number,
  sourceHeight: number,
): Placement {
  if (format.resize === "stretch") return { left: 0, top: 0, width: format.width, height: format.height };
  const scale = Math.min(format.width / sourceWidth, format.height / sourceHeight);
  const width = Math.min(format.width, Math.max(1, Math.round(sourceWidth * scale)));
  const height = Math.min(format.height, Math.max(1, Math.round(sourceHeight * scale)));
  if (format.resize === "letterbox-topleft") return { left: 0, top: 0, width, height };
  return {
    left: Math.floor((format.width - width) / 2),
    top: Math.floor((format.height - height) / 2),
    width,
    height,
  };
}

import type { FrameFormat } from "../domain/ports.ts";
import type { ModelSpec } from "./model-spec.ts";

/** What frames must look like for this model. */
export function frameFormatOf(spec: Pick<ModelSpec, "input">): FrameFormat {
  const { width, height, colour, resize, padByte } = spec.input;
  return { width, height, pixelFormat: colour === "RGB" ? "rgb24" : "bgr24", resize, padByte };
}

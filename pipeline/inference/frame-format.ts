import type { FrameFormat } from "../domain/ports.ts";
import type { GraphFacts, ModelSpec } from "./model-spec.ts";

/** Name of a prepared graph's input, which takes a picture's I420 bytes, flat. */
export const FRAME_INPUT = "frame";

/** Packed pixels in the order of the model's channels: what its own file takes. */
export function packedFormat({ input }: Pick<ModelSpec, "input">): "rgb24" | "bgr24" {
  return input.colour === "RGB" ? "rgb24" : "bgr24";
}

/** What frames must look like for this graph. */
export function frameFormatOf({ spec, pixelFormat }: Pick<GraphFacts, "spec" | "pixelFormat">): FrameFormat {
  const { width, height, resize, padByte } = spec.input;
  return { width, height, pixelFormat, resize, padByte };
}

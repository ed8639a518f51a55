import type { Detection, FrameTime } from "./types.ts";

/** The few log calls the pipeline makes; pino fits. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How a picture must be shaped for a model: what ffmpeg scales to and what `Detector.detect` accepts. */
export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  /**
   * Packed 8-bit pixels, or planar 4:2:0: width × height of luma, then U, then V of a quarter each (width and
   * height are even then). Matrix and range of the planar one are the stream's own.
   */
  readonly pixelFormat: "rgb24" | "bgr24" | "yuv420p";
  /** `stretch` ignores the aspect; the letterboxes keep it and pad with `padByte`. */
  readonly resize: "stretch" | "letterbox-topleft" | "letterbox-center";
  readonly padByte: number;
}

/** Bytes of one picture of this format. */
export function frameBytes({ width, height, pixelFormat }: FrameFormat): number {
  return pixelFormat === "yuv420p" ? (width * height * 3) / 2 : width * height * 3;
}

/** One picture in memory, already scaled to the model's `FrameFormat`. */
export interface Frame {
  readonly at: FrameTime;
  readonly index: number;
  /** `frameBytes(format)` bytes in the format's order. A view: valid until the consumer's promise settles. */
  readonly pixels: Uint8Array;
  /** Size of the source picture in pixels: boxes are normalised against it. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/** Finds objects in a picture. Loads once, is used for long, must be closed. */
export interface Detector {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly format: FrameFormat;
  readonly labels: readonly string[];
  /** Detections with score ≥ minScore, boxes normalised 0–1 in the source picture, best first. */
  detect(
    frame: Pick<Frame, "pixels" | "sourceWidth" | "sourceHeight">,
    minScore: number,
  ): Promise<Detection[]>;
  close(): Promise<void>;
}

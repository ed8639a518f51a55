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
  /** Byte order of the packed 8-bit pixels. */
  readonly pixelFormat: "rgb24" | "bgr24";
  /** `stretch` ignores the aspect; the letterboxes keep it and pad with `padByte`. */
  readonly resize: "stretch" | "letterbox-topleft" | "letterbox-center";
  readonly padByte: number;
}

/** One picture in memory, already scaled to the model's `FrameFormat`. */
export interface Frame {
  readonly at: FrameTime;
  readonly index: number;
  /** `width × height × 3` bytes in the format's pixel order. A view: valid until the consumer's promise settles. */
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

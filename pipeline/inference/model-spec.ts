import type { FrameFormat } from "../domain/ports.ts";

/** One graph as it is loaded: the registry's own file, or one that was prepared from it. */
export interface GraphFacts {
  /** Of the registry, but for the size of the input where that was fitted to a picture. */
  readonly spec: ModelSpec;
  /** Classes of the head: all of the model's, or those in use. */
  readonly labelCount: number;
  /** `yuv420p`: the graph takes a picture's bytes as they are; the others go through a tensor of floats. */
  readonly pixelFormat: FrameFormat["pixelFormat"];
}

/** One model as the registry (models/manifest.json) describes it. */
export interface ModelSpec {
  /** Kebab-case id: `yolox-nano`. */
  readonly id: string;
  /** File name in the models folder of the data directory. */
  readonly file: string;
  /** sha256 of the file, lower-case hex; loading refuses any other. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly licence: string;
  /** How the file comes here. */
  readonly source: ModelSource;
  readonly input: {
    /** The graph's own name of its only input. */
    readonly name: string;
    /** In pixels, as the graph says; batch 1; NCHW or NHWC by `layout`. */
    readonly width: number;
    readonly height: number;
    readonly layout: "NCHW" | "NHWC";
    readonly colour: "RGB" | "BGR";
    /** Pixel value v (0–255) becomes (v − mean) / std per channel, in the order of `colour`. */
    readonly mean: readonly [number, number, number];
    readonly std: readonly [number, number, number];
    /** How a picture of another shape is brought to width × height. */
    readonly resize: "stretch" | "letterbox-topleft" | "letterbox-center";
    /** What a letterbox fills its margins with, 0–255 in every channel. */
    readonly padByte: number;
  };
  readonly output: {
    readonly layout: OutputLayout;
    /**
     * The graph's outputs in the order in which the layout's decoder reads them. Left out: the graph has just
     * those outputs, in that order.
     */
    readonly names?: readonly string[];
    /** Input pixels a cell, per level of the pyramid, in the order of the output. Left out: the layout's usual ones. */
    readonly strides?: readonly number[];
  };
  /** Name of the label file in models/labels (without .txt), line = class index, no line for a background class. */
  readonly labels: string;
  /** Score from which a detection is worth looking at, where a rule names none. */
  readonly suggestedThreshold: number;
  /** Boxes of one class that overlap more than this (IoU) are one; of no effect in end-to-end layouts. */
  readonly nmsIou: number;
}

export type ModelSource =
  /** A TensorFlow.js graph model inside an installed npm package, converted here. */
  | {
      readonly kind: "npm-tfjs";
      readonly package: string;
      /** Paths inside the package and what their content must be. */
      readonly json: string;
      readonly jsonSha256: string;
      readonly bin: string;
      readonly binSha256: string;
    }
  /** Published by its authors. */
  | { readonly kind: "url"; readonly url: string }
  /** Nowhere to be downloaded; the note says where an operator gets it. */
  | { readonly kind: "file"; readonly note: string };

export const OUTPUT_LAYOUTS = [
  "centernet",
  "yolox",
  "yolov5",
  "yolov8",
  "yolov10",
  "detr",
  "nanodet-plus",
  "picodet",
  "ssd",
  "blazeface",
  "yunet",
] as const;

export type OutputLayout = (typeof OUTPUT_LAYOUTS)[number];

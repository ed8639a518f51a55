/** One model as the registry (models/manifest.json) describes it. */
export interface ModelSpec {
  /** Kebab-case id: `yolox-nano`. */
  readonly id: string;
  /** File name in the models folder of the data directory. */
  readonly file: string;
  /** sha256 of the file; loading refuses any other. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly licence: string;
  /** How the file comes here. */
  readonly source:
    | {
        readonly kind: "npm-tfjs";
        readonly package: string;
        readonly json: string;
        readonly jsonSha256: string;
        readonly bin: string;
        readonly binSha256: string;
      }
    | { readonly kind: "url"; readonly url: string }
    | { readonly kind: "file"; readonly note: string };
  readonly input: {
    readonly name: string;
    /** As the graph says, batch 1; NCHW or NHWC by `layout`. */
    readonly width: number;
    readonly height: number;
    readonly layout: "NCHW" | "NHWC";
    readonly colour: "RGB" | "BGR";
    /** Pixel value v (0–255) becomes (v − mean) / std per channel, in the order of `colour`. */
    readonly mean: readonly [number, number, number];
    readonly std: readonly [number, number, number];
    readonly resize: "stretch" | "letterbox-topleft" | "letterbox-center";
    readonly padByte: number;
  };
  readonly output: {
    readonly layout: OutputLayout;
    readonly names?: readonly string[];
    readonly strides?: readonly number[];
  };
  /** Name of the label file in models/labels (without .txt), line = class index. */
  readonly labels: string;
  readonly suggestedThreshold: number;
  readonly nmsIou: number;
}

export type OutputLayout =
  | "centernet"
  | "yolox"
  | "yolov5"
  | "yolov8"
  | "yolov10"
  | "detr"
  | "nanodet-plus"
  | "picodet"
  | "ssd";

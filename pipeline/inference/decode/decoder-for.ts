import type { ModelSpec } from "../model-spec.ts";
import { blazefaceDecoder } from "./blazeface.ts";
import { centernetDecoder } from "./centernet.ts";
import type { Decoder } from "./decoder.ts";
import { detrDecoder } from "./detr.ts";
import { gflPerLevelDecoder } from "./gfl-per-level.ts";
import { nanodetPlusDecoder } from "./nanodet-plus.ts";
import { ssdDecoder } from "./ssd.ts";
import { yolov5Decoder } from "./yolov5.ts";
import { yolov8Decoder } from "./yolov8.ts";
import { yolov10Decoder } from "./yolov10.ts";
import { yoloxDecoder } from "./yolox.ts";
import { yunetDecoder } from "./yunet.ts";

/** Strides of the YOLO family where the registry names none. */
const YOLO_STRIDES = [8, 16, 32];
/** Strides of the GFL heads where the registry names none. */
const GFL_STRIDES = [8, 16, 32, 64];
const CENTERNET_STRIDES = [4];
const BLAZEFACE_STRIDES = [16, 32];
/** reg_max 7, as every NanoDet-Plus and PicoDet has it. */
const GFL_BINS = 8;

/** Input pixels a cell at each level of a model's pyramid; none for a layout without cells. */
export function stridesOf({ output }: Pick<ModelSpec, "output">): readonly number[] {
  if (output.strides !== undefined) return output.strides;
  switch (output.layout) {
    case "centernet":
      return CENTERNET_STRIDES;
    case "yolox":
    case "yolov5":
    case "yolov8":
    case "yunet":
      return YOLO_STRIDES;
    case "blazeface":
      return BLAZEFACE_STRIDES;
    case "nanodet-plus":
    case "picodet":
      return GFL_STRIDES;
    case "yolov10":
    case "detr":
    case "ssd":
      return [];
  }
}

/** The decoder of a model's output layout for `classes` labels. */
export function decoderFor(spec: Pick<ModelSpec, "input" | "output">, classes: number): Decoder {
  const { input, output } = spec;
  const strides = stridesOf({ output });
  switch (output.layout) {
    case "centernet":
      return centernetDecoder(input, classes, strides[0] ?? 1);
    case "yolox":
      return yoloxDecoder(input, classes, strides);
    case "yolov5":
      return yolov5Decoder(input, classes, strides);
    case "yolov8":
      return yolov8Decoder(input, classes, strides);
    case "yolov10":
      return yolov10Decoder(classes);
    case "detr":
      return detrDecoder(input, classes);
    case "nanodet-plus": {
      // NanoDet-Plus has one output. The older NanoDet-m has a pair per level and measures from elsewhere.
      if ((output.names?.length ?? 1) === 1)
        return nanodetPlusDecoder(input, strides, { classes, bins: GFL_BINS, anchorPoint: "corner" });
      const head = { classes, bins: GFL_BINS, anchorPoint: "pixel-middle" } as const;
      return gflPerLevelDecoder(input, strides, head, "scores-then-sides");
    }
    case "picodet": {
      const head = { classes, bins: GFL_BINS, anchorPoint: "middle" } as const;
      return gflPerLevelDecoder(input, strides, head, "alternating");
    }
    case "ssd":
      return ssdDecoder(input, classes);
    case "blazeface":
      return blazefaceDecoder(input, strides);
    case "yunet":
      return yunetDecoder(input, strides);
  }
}

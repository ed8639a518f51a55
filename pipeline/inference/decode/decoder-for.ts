import type { ModelSpec } from "../model-spec.ts";
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

/** Strides of the YOLO family where the registry names none. */
const YOLO_STRIDES = [8, 16, 32];
/** Strides of the GFL heads where the registry names none. */
const GFL_STRIDES = [8, 16, 32, 64];
const CENTERNET_STRIDE = 4;
/** reg_max 7, as every NanoDet-Plus and PicoDet has it. */
const GFL_BINS = 8;

/** The decoder of a model's output layout for `classes` labels. */
export function decoderFor(spec: Pick<ModelSpec, "input" | "output">, classes: number): Decoder {
  const { input, output } = spec;
  const yoloStrides = output.strides ?? YOLO_STRIDES;
  const gflStrides = output.strides ?? GFL_STRIDES;
  switch (output.layout) {
    case "centernet":
      return centernetDecoder(input, classes, output.strides?.[0] ?? CENTERNET_STRIDE);
    case "yolox":
      return yoloxDecoder(input, classes, yoloStrides);
    case "yolov5":
      return yolov5Decoder(input, classes, yoloStrides);
    case "yolov8":
      return yolov8Decoder(input, classes, yoloStrides);
    case "yolov10":
      return yolov10Decoder(classes);
    case "detr":
      return detrDecoder(input, classes);
    case "nanodet-plus": {
      // NanoDet-Plus has one output. The older NanoDet-m has a pair per level and measures from elsewhere.
      if ((output.names?.length ?? 1) === 1)
        return nanodetPlusDecoder(input, gflStrides, { classes, bins: GFL_BINS, anchorPoint: "corner" });
      const head = { classes, bins: GFL_BINS, anchorPoint: "pixel-middle" } as const;
      return gflPerLevelDecoder(input, gflStrides, head, "scores-then-sides");
    }
    case "picodet": {
      const head = { classes, bins: GFL_BINS, anchorPoint: "middle" } as const;
      return gflPerLevelDecoder(input, gflStrides, head, "alternating");
    }
    case "ssd":
      return ssdDecoder(input, classes);
  }
}

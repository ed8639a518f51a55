import { stridesOf } from "../../decode/decoder-for.ts";
import type { ModelSpec } from "../../model-spec.ts";
import type { GraphEditor } from "../../onnx/graph-editor.ts";
import { UnsuitableGraphError } from "../errors.ts";
import { cutCenternetHead } from "./centernet.ts";
import { cutGflHead } from "./gfl.ts";
import { cutYoloxHead } from "./yolox.ts";

/**
 * Takes the classes that nobody asks for out of the head: their scores are neither computed nor read.
 *
 * @param classes of the head as it is
 * @param kept indices of those that stay, rising
 * @throws UnsuitableGraphError
 */
export function cutClasses(
  graph: GraphEditor,
  spec: ModelSpec,
  classes: number,
  kept: readonly number[],
): void {
  const levels = stridesOf(spec).length;
  const cut = { classes, kept, levels, outputs: spec.output.names ?? graph.outputNames };
  switch (spec.output.layout) {
    case "yolox":
      cutYoloxHead(graph, cut);
      return;
    case "nanodet-plus":
    case "picodet":
      cutGflHead(graph, cut);
      return;
    case "centernet":
      cutCenternetHead(graph, cut);
      return;
    case "yolov5":
    case "yolov8":
    case "yolov10":
    case "detr":
    case "ssd":
    case "blazeface":
    case "yunet":
      throw new UnsuitableGraphError(`heads of layout ${spec.output.layout} are not cut`);
  }
}

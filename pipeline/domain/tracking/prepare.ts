import { iou, isUsableBox } from "../box.ts";
import type { Detection } from "../types.ts";
import { groupOf } from "./label-groups.ts";

/** Above this two boxes of one group are the same object seen twice (as car and as truck). */
const SAME_OBJECT_IOU = 0.7;

/**
 * Puts one frame's detections into the order the tracker works in, best first and independent of the order
 * they came in; drops unusable ones (non-finite or empty box, no score, below `lowScore`) and the weaker of two
 * boxes for one object.
 */
export function prepareDetections(detections: readonly Detection[], lowScore: number): Detection[] {
  const usable = detections.filter(
    (detection) => isUsableBox(detection.box) && detection.score >= lowScore && detection.score <= 1,
  );
  const kept: Detection[] = [];
  for (const detection of usable.sort(byScoreThenPlace)) {
    const twin = kept.some(
      (other) =>
        groupOf(other.label) === groupOf(detection.label) && iou(other.box, detection.box) > SAME_OBJECT_IOU,
    );
    if (!twin) kept.push(detection);
  }
  return kept;
}

function byScoreThenPlace(a: Detection, b: Detection): number {
  return (
    b.score - a.score ||
    a.box[0] - b.box[0] ||
    a.box[1] - b.box[1] ||
    a.box[2] - b.box[2] ||
    a.box[3] - b.box[3] ||
    (a.label < b.label ? -1 : a.label > b.label ? 1 : 0)
  );
}

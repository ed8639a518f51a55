import { iou, overlapOfSmaller } from "../domain/box.ts";
import { isAtPlace } from "../domain/stationary.ts";
import { withCoarseLabels } from "../domain/tracking/label-groups.ts";
import type { Box, Candidate, Detection, EpochMs, Rule } from "../domain/types.ts";

/** One frame of the closer look: everything the detector saw in it. */
export interface Look {
  readonly at: EpochMs;
  readonly detections: readonly Detection[];
}

/** Fewer looks than this judge nobody. */
const LEAST_LOOKS = 3;
const SEEN_SHARE = 0.6;
/** From its first to its last look a standing object's box overlaps itself at least this much: jitter yes, driving no. */
const STEADY_IOU = 0.6;
/** Of a group's union box: what lies in it by this share is one of the group. */
const INSIDE_GROUP = 0.8;

/**
 * Whether a closer look at full rate, around the trigger, bears a candidate out: an object with one of the rule's
 * labels at the candidate's place in 60 % of the looks, and, where it must stand still, not drifting. For rules with a
 * minimum count: that many objects inside the group's box in 60 % of the looks. The rule's score is not asked again,
 * `detections` hold what the caller thinks worth seeing; fewer than three looks bear out nothing.
 * @param candidate as triggered; its `keySightings.trigger` says where the object stood
 * @param rule the candidate's rule
 * @param looks in any order
 */
export function isConfirmed(
  candidate: Pick<Candidate, "box" | "keySightings">,
  rule: Pick<Rule, "labels" | "stationary" | "minCount">,
  looks: readonly Look[],
): boolean {
  if (looks.length < LEAST_LOOKS) return false;
  const labels = withCoarseLabels(rule.labels);
  const inOrder = [...looks].sort((a, b) => a.at - b.at);
  const seen = inOrder.map(({ detections }) => detections.filter(({ label }) => labels.includes(label)));
  if (rule.minCount > 1) {
    const enough = seen.filter((objects) => countIn(candidate.box, objects) >= rule.minCount);
    return enough.length >= SEEN_SHARE * looks.length;
  }
  const place = candidate.keySightings.trigger.box;
  const found = seen.map((objects) => bestAt(place, objects)).filter((box) => box !== null);
  return found.length >= SEEN_SHARE * looks.length && (!rule.stationary || isSteady(found));
}

/** Of two boxes of one object the detector's suppression leaves one, so every box counts. */
function countIn(group: Box, objects: readonly Detection[]): number {
  return objects.filter(({ box }) => overlapOfSmaller(box, group) >= INSIDE_GROUP).length;
}

function bestAt(place: Box, objects: readonly Detection[]): Box | null {
  const here = objects.filter(({ box }) => isAtPlace(box, place));
  const best = here.reduce<Detection | null>(
    (so, one) => (so === null || iou(one.box, place) > iou(so.box, place) ? one : so),
    null,
  );
  return best?.box ?? null;
}

/** Compares the mean boxes of the first and the last third: single jumps of the detector are no drift. */
function isSteady(boxes: readonly Box[]): boolean {
  const third = Math.max(1, Math.floor(boxes.length / 3));
  return iou(meanBox(boxes.slice(0, third)), meanBox(boxes.slice(-third))) >= STEADY_IOU;
}

function meanBox(boxes: readonly Box[]): Box {
  const mean = (side: 0 | 1 | 2 | 3) => boxes.reduce((sum, box) => sum + box[side], 0) / boxes.length;
  return [mean(0), mean(1), mean(2), mean(3)];
}

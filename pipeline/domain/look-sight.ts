import { coveredShare, iou } from "./box.ts";
import { withCoarseLabels } from "./tracking/label-groups.ts";
import type { Box, Detection, Polygon } from "./types.ts";
import { standsInZone } from "./zone-presence.ts";

/** What was warned about: where it stood, what it was, and what the rule asks for. */
export interface LookedFor {
  readonly box: Box;
  readonly labels: readonly string[];
  readonly zone: Polygon;
  /** From this score on the rule takes a detection for what it names. */
  readonly minScore: number;
  readonly minCount: number;
}

/** So much of two boxes in common: the same thing at the same place, nudged at most. */
const SAME_PLACE_IOU = 0.3;
/** At the place itself a weaker sighting counts too: it was there before. */
const PLACE_SCORE_SHARE = 0.5;
/** So much of the place behind something else: nobody can say what stands there. */
const HIDDEN_SHARE = 0.5;

/** One fresh frame against what was warned about. Where the rule asks for several, they are counted in the zone. */
export function lookSight(
  detections: readonly Detection[],
  wanted: LookedFor,
): "there" | "elsewhere" | "hidden" | "nothing" {
  const labels = withCoarseLabels(wanted.labels);
  const ofKind = detections.filter(({ label }) => labels.includes(label));
  const inZone = ofKind.filter(
    ({ box, score }) => score >= wanted.minScore && standsInZone(box, wanted.zone),
  );
  if (wanted.minCount > 1) {
    if (inZone.length >= wanted.minCount) return "there";
    return inZone.length > 0 ? "elsewhere" : "nothing";
  }
  const atPlace = ofKind.some(
    ({ box, score }) =>
      score >= wanted.minScore * PLACE_SCORE_SHARE && iou(box, wanted.box) >= SAME_PLACE_IOU,
  );
  if (atPlace) return "there";
  const hides = detections.some(
    ({ box, label, score }) =>
      !labels.includes(label) && score >= wanted.minScore && coveredShare(wanted.box, box) >= HIDDEN_SHARE,
  );
  if (hides) return "hidden";
  return inZone.length > 0 ? "elsewhere" : "nothing";
}

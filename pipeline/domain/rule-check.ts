import { area, boxHeight, boxWidth, iou, overlapOfSmaller } from "./box.ts";
import type { Stay } from "./stay.ts";
import { groupOf, withCoarseLabels } from "./tracking/label-groups.ts";
import type { Box, Rule, Zone } from "./types.ts";
import { standsInZone } from "./zone-presence.ts";

/**
 * Share of the time in view in which the detector must have seen the object, at whatever score. Below the 60 % that must
 * fire by the spread of small samples; above the 44 % that a box came to which a detector saw on an empty road.
 */
const LEAST_COVERAGE = 0.5;
const LEAST_SIGHTINGS = 3;
/**
 * What stands is seen in much the same box (median overlap, IoU). Boxes jitter by about a hundredth of the picture on
 * each side: much of a small car, little of a large one. Large boxes that change more are no one thing.
 */
const LEAST_STEADINESS = 0.7;
const MOST_STEADINESS = 0.85;
const JITTER = 0.012;
/** Share of the sightings with the rule's labels, and with its score as well. */
const LABEL_SHARE = 0.5;
const STRONG_SHARE = 0.3;

/** True when what stays is an object the rule speaks of, in its zone, seen surely enough. Says nothing of how long. */
export function isSubjectOf(rule: Rule, zone: Zone, stay: Stay): boolean {
  const { votes } = stay;
  const labels = withCoarseLabels(rule.labels);
  const strong = votes.count(labels, rule.minScore);
  return (
    strong >= LEAST_SIGHTINGS &&
    strong >= STRONG_SHARE * votes.total &&
    votes.count(labels) >= LABEL_SHARE * votes.total &&
    stay.coverage >= LEAST_COVERAGE &&
    // A rule for what moves about looks at a book that holds only stays in its zone.
    (!rule.stationary || (standsInZone(stay.box, zone.polygon) && isSteady(stay)))
  );
}

/** Also true of the latest sighting: an object cut by a passer-by, or another one rolling up, is no picture of it. */
function isSteady({ box, last, steadiness }: Stay): boolean {
  const jitter = 2 * JITTER * (1 / boxWidth(box) + 1 / boxHeight(box));
  const least = Math.min(MOST_STEADINESS, Math.max(LEAST_STEADINESS, 1 - jitter));
  return steadiness >= least && iou(last.box, box) >= LEAST_STEADINESS;
}

/** One box inside the other by this much: either one object, or one object in front of another. */
const NESTED = 0.8;
/** What stands in front reaches lower in the picture, by at least this share of the smaller box's height. */
const IN_FRONT = 0.15;
/** A weak box inside or around a strong one is a part or a pile of it, wherever its lower edge is. */
const SURER = 1.3;

/**
 * True when `stay` is a second box of something that another one shows better: a windscreen inside its car, or one
 * box around a row of cars. On flat ground a nested object can only be seen if it stands in front, and then it
 * reaches lower; one that does not is no object of its own. What has fired already stays the one; of two that are due
 * at the same time the stronger one is.
 */
export function isShadow(
  rule: Rule,
  stay: Stay,
  stays: readonly Stay[],
  isDue: (other: Stay) => boolean,
): boolean {
  const group = groupOf(stay.votes.mostFrequent() ?? "");
  return stays.some((other) => {
    if (other === stay || !other.isEstablished) return false;
    if (groupOf(other.votes.mostFrequent() ?? "") !== group) return false;
    const nested = nestings(stay, other);
    const oneObject = nested.some(([a, b]) => !oneInFront(a, b));
    if (other.candidateOf(rule.id) !== null && oneObject) return true;
    if (other.departing || nested.length === 0) return false;
    if (other.votes.meanScore >= SURER * stay.votes.meanScore) return true;
    return oneObject && isDue(other) && strength(other) > strength(stay);
  });
}

/** The pairs of boxes, settled and latest, of which one lies inside the other: a second box is often unsteady. */
function nestings(a: Stay, b: Stay): [Box, Box][] {
  const pairs: [Box, Box][] = [
    [a.box, b.box],
    [a.last.box, b.last.box],
  ];
  return pairs.filter(([one, other]) => overlapOfSmaller(one, other) >= NESTED);
}

function oneInFront(a: Box, b: Box): boolean {
  const [smaller, larger] = area(a) < area(b) ? [a, b] : [b, a];
  return smaller[3] - larger[3] >= IN_FRONT * boxHeight(smaller);
}

function strength(stay: Stay): number {
  return stay.votes.meanScore * stay.coverage;
}

import { overlapOfSmaller } from "./box.ts";
import type { Stay } from "./stay.ts";
import { groupOf } from "./tracking/label-groups.ts";
import type { Rule, Zone } from "./types.ts";
import { standsInZone } from "./zone-presence.ts";

/**
 * Share of the time in view in which the detector must have seen the object. Below the 60 % that must fire by
 * the spread of small samples; far above the tenth that a false box reaches.
 */
const LEAST_COVERAGE = 0.4;
const LEAST_SIGHTINGS = 3;
/** Share of the sightings with the rule's labels, and with its score as well. */
const LABEL_SHARE = 0.5;
const STRONG_SHARE = 0.2;

/** True when what stays is an object the rule speaks of, in its zone, seen surely enough. Says nothing of how long. */
export function isSubjectOf(rule: Rule, zone: Zone, stay: Stay): boolean {
  const { votes } = stay;
  const strong = votes.count(rule.labels, rule.minScore);
  return (
    strong >= LEAST_SIGHTINGS &&
    strong >= STRONG_SHARE * votes.total &&
    votes.count(rule.labels) >= LABEL_SHARE * votes.total &&
    stay.coverage >= LEAST_COVERAGE &&
    // A rule for what moves about looks at a book that holds only stays in its zone.
    (!rule.stationary || standsInZone(stay.box, zone.polygon))
  );
}

/** Boxes one inside the other by this much, one of them that much surer: one object, and a part or a pile of it. */
const NESTED = 0.8;
const SURER = 1.3;

/**
 * True when `stay` is a weak second box of something that others show better: a windscreen inside its car, or
 * one box around a row of cars. A car in front of a lorry is as sure as the lorry, so both count.
 */
export function isShadow(stay: Stay, stays: readonly Stay[]): boolean {
  const group = groupOf(stay.votes.mostFrequent() ?? "");
  return stays.some(
    (other) =>
      other !== stay &&
      other.isEstablished &&
      !other.departing &&
      overlapOfSmaller(other.box, stay.box) >= NESTED &&
      other.votes.meanScore >= SURER * stay.votes.meanScore &&
      groupOf(other.votes.mostFrequent() ?? "") === group,
  );
}

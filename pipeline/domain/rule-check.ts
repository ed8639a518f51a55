import type { Stay } from "./stay.ts";
import type { Rule, Zone } from "./types.ts";
import { isInZone } from "./zone-presence.ts";

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
    (!rule.stationary || isInZone(stay.box, zone.polygon))
  );
}

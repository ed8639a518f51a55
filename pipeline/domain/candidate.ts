import { halfwayInstant, totalMs } from "./dwell-ledger.ts";
import { unionBox } from "./geometry.ts";
import type { Stay } from "./stay.ts";
import { withCoarseLabels } from "./tracking/label-groups.ts";
import type { Camera, Candidate, DwellSpan, Rule, Sighting, Zone } from "./types.ts";
import { canonicalText, contentVersion, type HashText } from "./versions.ts";

/** One rule of one camera with what every candidate of it carries. */
export interface RuleInForce {
  readonly rule: Rule;
  readonly zone: Zone;
  readonly zoneVersion: string;
  readonly ruleVersion: string;
}

export function ruleInForce(rule: Rule, zone: Zone, hash: HashText): RuleInForce {
  return { rule, zone, zoneVersion: contentVersion(hash, zone), ruleVersion: contentVersion(hash, rule) };
}

/** Thousandths of the picture: finer than any detector, coarse enough to survive a rounding somewhere. */
const ID_DECIMALS = 3;
const ID_DIGITS = 26;

/**
 * What a rule and the stays that fulfil it make: one stay, or a group for rules with a minimum count.
 * @param stays in order of their start; at least one
 * @param first where the account starts; `trigger` the sighting that fulfils the rule
 * @param ledger from `first` to `trigger` without holes
 */
export function buildCandidate(
  camera: Pick<Camera, "id">,
  { rule, zone, zoneVersion, ruleVersion }: RuleInForce,
  stays: readonly Stay[],
  first: Sighting,
  trigger: Sighting,
  ledger: readonly DwellSpan[],
  hash: HashText,
): Candidate {
  const box = stays.length === 1 ? trigger.box : unionBox(stays.map((stay) => stay.box));
  const startedMs = first.at.capturedAt;
  const half = halfwayInstant(ledger, startedMs);
  const [only, ...others] = stays;
  const identity = only !== undefined && others.length === 0 ? only.first : first;
  const lead = stays.reduce((best, stay) => (stay.sightings > best.sightings ? stay : best));
  return {
    candidateId: candidateId(hash, camera.id, rule.id, identity),
    cameraId: camera.id,
    ruleId: rule.id,
    zoneId: zone.id,
    violation: rule.violation,
    trackIds: [...new Set(stays.flatMap((stay) => stay.trackIds))],
    label: lead.votes.mostFrequent(withCoarseLabels(rule.labels)) ?? rule.labels[0] ?? "",
    score: Math.max(...stays.map((stay) => stay.votes.bestScore)),
    startedAt: first.at,
    triggeredAt: trigger.at,
    endedAt: null,
    dwellMs: totalMs(ledger, "observed"),
    unobservedMs: totalMs(ledger, "unobserved"),
    box,
    ledger,
    keySightings: { first, middle: lead.sightingNear(half, startedMs), trigger },
    zoneVersion,
    ruleVersion,
  };
}

/**
 * From where and when it began, and nothing that came later: a watch that goes on from an older snapshot finds the
 * same stay, triggers a little earlier or later, and must not make a second candidate of it.
 */
function candidateId(hash: HashText, cameraId: string, ruleId: string, { at, box }: Sighting): string {
  const rounded = box.map((side) => side.toFixed(ID_DECIMALS));
  return `cnd_${hash(canonicalText([cameraId, ruleId, at.capturedAt, rounded])).slice(0, ID_DIGITS)}`;
}

import { buildCandidate, type RuleInForce, ruleInForce } from "./candidate.ts";
import { totalMs } from "./dwell-ledger.ts";
import { InvalidInputError } from "./errors.ts";
import { type GroupState, GroupWatch } from "./group-watch.ts";
import { isShadow, isSubjectOf } from "./rule-check.ts";
import { inForceSince } from "./schedule.ts";
import type { Stay } from "./stay.ts";
import { isSeenAt, type StayUpdate } from "./stay-book.ts";
import type { Box, Camera, EpochMs, FrameTime, WatchEvent } from "./types.ts";
import type { HashText } from "./versions.ts";

/** Something that stands where a rule looks, for the progress view. */
export interface StandingObject {
  readonly ruleId: string;
  readonly zoneId: string;
  readonly violation: string;
  readonly label: string;
  readonly trackIds: readonly string[];
  readonly box: Box;
  /** Observed dwell so far, and the rule's limit. */
  readonly dwellMs: number;
  readonly limitMs: number;
  /** Seen in the last frame. */
  readonly visible: boolean;
  /** Null until the rule fired. */
  readonly candidateId: string | null;
}

/** Rules that look at one book of stays, judged frame by frame. */
export class RuleEngine {
  readonly #camera: Camera;
  readonly #hash: HashText;
  readonly #single: RuleInForce[] = [];
  readonly #groups: { readonly inForce: RuleInForce; readonly watch: GroupWatch }[] = [];

  /** Throws `InvalidInputError` when a rule names a zone the camera does not have. */
  constructor(camera: Camera, rules: Camera["rules"], hash: HashText) {
    this.#camera = camera;
    this.#hash = hash;
    for (const rule of rules) {
      const zone = camera.zones.find(({ id }) => id === rule.zone);
      if (zone === undefined) {
        throw new InvalidInputError(`camera ${camera.id}`, [
          { path: `rules.${rule.id}.zone`, message: `there is no zone "${rule.zone}"` },
        ]);
      }
      const inForce = ruleInForce(rule, zone, hash);
      if (rule.minCount > 1) this.#groups.push({ inForce, watch: new GroupWatch(rule, zone) });
      else this.#single.push(inForce);
    }
  }

  /** @param stays all stays of the book, those of `update.sighted` among them */
  observe(stays: readonly Stay[], update: StayUpdate, at: FrameTime): WatchEvent[] {
    const events = this.ended(update.ended, stays);
    for (const inForce of this.#single) {
      const since = inForceSince(inForce.rule, at.capturedAt);
      if (since === null) continue;
      for (const stay of update.sighted) events.push(...this.#judge(inForce, stay, stays, since));
    }
    for (const { inForce, watch } of this.#groups) {
      const since = inForceSince(inForce.rule, at.capturedAt);
      const found = watch.observe(stays, since, at);
      if (found === null) continue;
      const candidate = buildCandidate(
        this.#camera,
        inForce,
        found.stays,
        found.first,
        found.trigger,
        found.ledger,
        this.#hash,
      );
      watch.fired(candidate.candidateId);
      for (const stay of found.stays) markFired(stay, inForce, candidate.candidateId);
      events.push({ type: "triggered", candidate });
    }
    return events;
  }

  /** Takes a candidate back; false when it is not known here. */
  retract(candidateId: string, stays: readonly Stay[], at: EpochMs): boolean {
    return (
      this.#groups.some(({ watch }) => watch.retract(candidateId, at)) ||
      stays.some((stay) => stay.retract(candidateId, at))
    );
  }

  /** Everything in the book was forgotten: what that ends. */
  forget(gone: readonly Stay[]): WatchEvent[] {
    const events = this.ended(gone, []);
    for (const { watch } of this.#groups) watch.forget();
    return events;
  }

  state(stays: readonly Stay[]): readonly GroupState[] {
    return this.#groups.map(({ watch }) => watch.state(stays));
  }

  /** Goes on from the groups of a state; one of a rule that is not here changes nothing. */
  resume(groups: readonly GroupState[], stays: readonly Stay[]): void {
    for (const { inForce, watch } of this.#groups) {
      const state = groups.find(({ ruleId }) => ruleId === inForce.rule.id);
      if (state !== undefined) watch.resume(state, stays);
    }
  }

  /** What the end of these stays means for candidates. `stays` are those that remain. */
  ended(gone: readonly Stay[], stays: readonly Stay[]): WatchEvent[] {
    const events: WatchEvent[] = [];
    for (const stay of gone) {
      for (const { ruleId, candidateId } of stay.fired) {
        if (!this.#single.some(({ rule }) => rule.id === ruleId)) continue;
        events.push({ type: "ended", candidateId, endedAt: stay.last.at });
      }
    }
    for (const { watch } of this.#groups) {
      const end = watch.leave(gone, stays);
      if (end !== null) events.push({ type: "ended", ...end });
    }
    return events;
  }

  standing(stays: readonly Stay[], at: FrameTime): StandingObject[] {
    const list: StandingObject[] = [];
    for (const { rule, zone } of this.#single) {
      const since = inForceSince(rule, at.capturedAt);
      for (const stay of stays) {
        if (since === null || !isSubjectOf(rule, zone, stay)) continue;
        list.push({
          ...namesOf(rule),
          ...lookOf([stay], rule.labels, at),
          dwellMs: stay.ledger.total("observed", stay.firstSince(since).at.capturedAt),
          candidateId: stay.candidateOf(rule.id),
        });
      }
    }
    for (const { inForce, watch } of this.#groups) {
      const group = watch.standing(at.capturedAt);
      if (group === null) continue;
      list.push({
        ...namesOf(inForce.rule),
        ...lookOf(group.stays, inForce.rule.labels, at),
        dwellMs: group.dwellMs,
        candidateId: watch.candidateId,
      });
    }
    return list;
  }

  #judge(inForce: RuleInForce, stay: Stay, stays: readonly Stay[], since: EpochMs): WatchEvent[] {
    const { rule, zone } = inForce;
    // Asked before anything else: it remembers the first sighting after the rule came into force.
    const first = stay.firstSince(since);
    if (stay.candidateOf(rule.id) !== null || !isSubjectOf(rule, zone, stay)) return [];
    if (stay.isRetracted(rule.id, stay.last.at.capturedAt)) return [];
    const ledger = stay.ledger.spans(first.at.capturedAt);
    if (totalMs(ledger, "observed") < rule.dwellSeconds * 1000) return [];
    const isDue = (other: Stay) =>
      isSubjectOf(rule, zone, other) &&
      totalMs(other.ledger.spans(since), "observed") >= rule.dwellSeconds * 1000;
    if (isShadow(rule, stay, stays, isDue)) return [];
    const candidate = buildCandidate(this.#camera, inForce, [stay], first, stay.last, ledger, this.#hash);
    markFired(stay, inForce, candidate.candidateId);
    return [{ type: "triggered", candidate }];
  }
}

function markFired(stay: Stay, { rule }: RuleInForce, candidateId: string): void {
  stay.fired.push({ ruleId: rule.id, candidateId });
}

function namesOf(
  rule: Camera["rules"][number],
): Pick<StandingObject, "ruleId" | "zoneId" | "violation" | "limitMs"> {
  return {
    ruleId: rule.id,
    zoneId: rule.zone,
    violation: rule.violation,
    limitMs: rule.dwellSeconds * 1000,
  };
}

function lookOf(
  stays: readonly Stay[],
  labels: readonly string[],
  at: FrameTime,
): Pick<StandingObject, "label" | "trackIds" | "box" | "visible"> {
  const [lead] = stays;
  return {
    label: lead?.votes.mostFrequent(labels) ?? labels[0] ?? "",
    trackIds: stays.flatMap((stay) => stay.trackIds),
    box: lead?.last.box ?? [0, 0, 0, 0],
    visible: stays.some((stay) => isSeenAt(stay, at)),
  };
}

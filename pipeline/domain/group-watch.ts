import { atLeastObserved, totalMs } from "./dwell-ledger.ts";
import { isShadow, isSubjectOf } from "./rule-check.ts";
import type { Stay } from "./stay.ts";
import type { DwellSpan, EpochMs, FrameTime, Rule, Sighting, Zone } from "./types.ts";

/** Members that left while the count still held; their time counts for the group. */
const MAX_MEMBERS = 64;

export interface GroupTrigger {
  readonly stays: readonly Stay[];
  readonly first: Sighting;
  readonly trigger: Sighting;
  readonly ledger: readonly DwellSpan[];
}

/** Watches one rule with a minimum count: how long have at least so many been there at once? */
export class GroupWatch {
  readonly #rule: Rule;
  readonly #zone: Zone;
  #members: Stay[] = [];
  #first: Sighting | null = null;
  #candidateId: string | null = null;

  constructor(rule: Rule, zone: Zone) {
    this.#rule = rule;
    this.#zone = zone;
  }

  get candidateId(): string | null {
    return this.#candidateId;
  }

  /** Its account since the count was reached; null while it is not. */
  standing(now: EpochMs): { readonly stays: readonly Stay[]; readonly dwellMs: number } | null {
    if (this.#first === null) return null;
    return { stays: this.#members, dwellMs: totalMs(this.#ledger(this.#first, now), "observed") };
  }

  /**
   * Takes in one frame.
   * @param stays all that are there, seen in this frame or not; what left is no longer among them
   * @param since when the rule came into force, null while it is not
   */
  observe(stays: readonly Stay[], since: EpochMs | null, at: FrameTime): GroupTrigger | null {
    const present = since === null ? [] : stays.filter((stay) => this.#counts(stay, stays));
    if (since === null || present.length < this.#rule.minCount) {
      if (this.#candidateId === null) this.#reset();
      return null;
    }
    const starts = present
      .map((stay) => stay.firstSince(since))
      .sort((a, b) => a.at.capturedAt - b.at.capturedAt);
    // The count holds since the last of the first `minCount` came.
    if (this.#first === null || this.#first.at.capturedAt < since) {
      this.#first = starts[this.#rule.minCount - 1] ?? null;
    }
    const known = this.#members.filter((stay) => !stay.merged);
    this.#members = [...new Set([...known, ...present])].slice(-MAX_MEMBERS);
    if (this.#candidateId !== null || this.#first === null) return null;
    const seen = present.find((stay) => stay.last.at.capturedAt === at.capturedAt);
    if (seen === undefined) return null;
    const ledger = this.#ledger(this.#first, at.capturedAt);
    if (totalMs(ledger, "observed") < this.#rule.dwellSeconds * 1000) return null;
    return { stays: present, first: this.#first, trigger: seen.last, ledger };
  }

  fired(candidateId: string): void {
    this.#candidateId = candidateId;
  }

  /** Stays that are over; returns the candidate that ended with them and when, if too few are left. */
  leave(gone: readonly Stay[], stays: readonly Stay[]): { candidateId: string; endedAt: FrameTime } | null {
    const left = gone.filter((stay) => this.#members.includes(stay));
    const candidateId = this.#candidateId;
    if (candidateId === null || left.length === 0) return null;
    if (stays.filter((stay) => this.#members.includes(stay)).length >= this.#rule.minCount) return null;
    const last = left.reduce((a, b) => (b.last.at.capturedAt > a.last.at.capturedAt ? b : a));
    this.#reset();
    return { candidateId, endedAt: last.last.at };
  }

  #counts(stay: Stay, stays: readonly Stay[]): boolean {
    const counts = !stay.departing && isSubjectOf(this.#rule, this.#zone, stay);
    return counts && !isShadow(this.#rule, stay, stays, () => true);
  }

  #ledger(first: Sighting, to: EpochMs): DwellSpan[] {
    const ledgers = this.#members.map((stay) => stay.ledger);
    return atLeastObserved(ledgers, this.#rule.minCount, first.at.capturedAt, to);
  }

  #reset(): void {
    this.#members = [];
    this.#first = null;
    this.#candidateId = null;
  }
}

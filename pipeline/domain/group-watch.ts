import { atLeastObserved, DwellLedger, ledgerShape, totalMs } from "./dwell-ledger.ts";
import { type Retraction, retractedAgain, retractionShape } from "./retraction.ts";
import { isShadow, isSubjectOf } from "./rule-check.ts";
import { list, nullable, num, record, type ShapeOf, text } from "./shape.ts";
import { packSighting, sightingShape, unpackSighting } from "./sighting-state.ts";
import type { Stay } from "./stay.ts";
import type { DwellSpan, EpochMs, FrameTime, Rule, Sighting, Zone } from "./types.ts";

/** Members are kept up to here, and so are the accounts of those that left while the count still held. */
const MAX_MEMBERS = 64;

export const groupShape = record({
  ruleId: text,
  /** Members by their place in the book's list, and the accounts of those that left. */
  members: list(num),
  left: list(ledgerShape),
  first: nullable(sightingShape),
  candidateId: nullable(text),
  retraction: nullable(retractionShape),
});
export type GroupState = ShapeOf<typeof groupShape>;

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
  #members: readonly Stay[] = [];
  #left: readonly DwellLedger[] = [];
  #first: Sighting | null = null;
  #candidateId: string | null = null;
  #retraction: Retraction | null = null;

  constructor(rule: Rule, zone: Zone) {
    this.#rule = rule;
    this.#zone = zone;
  }

  state(stays: readonly Stay[]): GroupState {
    return {
      ruleId: this.#rule.id,
      members: this.#members.map((stay) => stays.indexOf(stay)).filter((index) => index >= 0),
      left: this.#left.map((ledger) => ledger.state()),
      first: this.#first === null ? null : packSighting(this.#first),
      candidateId: this.#candidateId,
      retraction: this.#retraction,
    };
  }

  /** Goes on from a state; `stays` is the book's list at that time. */
  resume(state: GroupState, stays: readonly Stay[]): void {
    this.#members = state.members.flatMap((index) => stays[index] ?? []);
    this.#left = state.left.map((ledger) => DwellLedger.from(ledger));
    this.#first = state.first === null ? null : unpackSighting(state.first);
    this.#candidateId = state.candidateId;
    this.#retraction = state.retraction;
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
    if (this.#retraction !== null && at.capturedAt < this.#retraction.until) return null;
    const seen = present.find((stay) => stay.last.at.capturedAt === at.capturedAt);
    if (seen === undefined) return null;
    const ledger = this.#ledger(this.#first, at.capturedAt);
    if (totalMs(ledger, "observed") < this.#rule.dwellSeconds * 1000) return null;
    return { stays: present, first: this.#first, trigger: seen.last, ledger };
  }

  fired(candidateId: string): void {
    this.#candidateId = candidateId;
  }

  /** Takes the candidate back; false when it is not this group's. */
  retract(candidateId: string, at: EpochMs): boolean {
    if (this.#candidateId !== candidateId) return false;
    this.#candidateId = null;
    this.#retraction = retractedAgain(this.#retraction ?? undefined, at);
    for (const stay of this.#members) {
      const index = stay.fired.findIndex((fired) => fired.candidateId === candidateId);
      if (index >= 0) stay.fired.splice(index, 1);
    }
    return true;
  }

  /** Begins anew. */
  forget(): void {
    this.#reset();
    this.#retraction = null;
  }

  /** Stays that are over; returns the candidate that ended with them and when, if too few are left. */
  leave(gone: readonly Stay[], stays: readonly Stay[]): { candidateId: string; endedAt: FrameTime } | null {
    const left = gone.filter((stay) => this.#members.includes(stay));
    this.#members = this.#members.filter((stay) => !gone.includes(stay));
    this.#left = [...this.#left, ...left.map((stay) => stay.ledger)].slice(-MAX_MEMBERS);
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
    const ledgers = [...this.#left, ...this.#members.map((stay) => stay.ledger)];
    return atLeastObserved(ledgers, this.#rule.minCount, first.at.capturedAt, to);
  }

  #reset(): void {
    this.#members = [];
    this.#left = [];
    this.#first = null;
    this.#candidateId = null;
  }
}

import {
  Absence,
  PATIENCE,
  PATIENCE_DEPARTING,
  PATIENCE_DEPARTING_FIRED,
  PATIENCE_FIRED,
  type Patience,
} from "./absence.ts";
import { iou } from "./box.ts";
import { DwellLedger } from "./dwell-ledger.ts";
import { LabelVotes } from "./label-votes.ts";
import { SightingReservoir } from "./sighting-reservoir.ts";
import type { Place } from "./stationary.ts";
import type { Box, EpochMs, Sighting } from "./types.ts";

/** Coverage looks back about this far: a stay of a day must be judged by its present, not by its dawn. */
const COVERAGE_MEMORY_MS = 600_000;
const ESTABLISHED_SIGHTINGS = 3;
const MAX_TRACK_IDS = 64;
const MAX_OPENINGS = 8;

/** A sighting together with who it is said to be. */
export interface TrackSighting {
  readonly trackId: string;
  readonly label: string;
  readonly sighting: Sighting;
}

/**
 * One object staying: at one place, or in one zone. Knows its ledger, its votes and what was kept for the
 * evidence; knows nothing of rules but which candidates it has become.
 */
export class Stay {
  readonly first: Sighting;
  /** False when its track was seen elsewhere before: it drove here, so it cannot be something lost here. */
  readonly appeared: boolean;
  readonly ledger: DwellLedger;
  readonly votes = new LabelVotes();
  readonly place: Place;
  /** Candidates made of this stay, by rule. */
  readonly fired: { readonly ruleId: string; readonly candidateId: string }[] = [];
  /** Its object was seen going away; the place only has to be seen empty. */
  departing = false;
  /** While it was not seen, another stood on part of its ground: it is gone, seen leaving or not. */
  displaced = false;
  /** Taken in by an earlier stay of the same object: this one no longer counts. */
  merged = false;
  /** Share of its place that others cover even while it is seen: a neighbour in perspective. */
  usualCover = 0;
  last: Sighting;
  absence = new Absence();
  #trackIds: string[] = [];
  #seenMs = 0;
  #missedMs = 0;
  readonly #reservoir = new SightingReservoir();
  readonly #openings = new Map<EpochMs, Sighting>();

  constructor(seen: TrackSighting, place: Place, appeared: boolean) {
    this.first = seen.sighting;
    this.last = seen.sighting;
    this.place = place;
    this.appeared = appeared;
    this.ledger = new DwellLedger(seen.sighting.at.capturedAt);
    this.#keep(seen);
  }

  /** Every track it had, in order of appearance. */
  get trackIds(): readonly string[] {
    return this.#trackIds;
  }

  get sightings(): number {
    return this.votes.total;
  }

  /** Seen often enough to be somebody who stands there, not somebody passing. */
  get isEstablished(): boolean {
    return this.sightings >= ESTABLISHED_SIGHTINGS;
  }

  get box(): Box {
    return this.place.box;
  }

  /** Share of the time in view during which the detector saw it, 0–1, over the last ten minutes or so. */
  get coverage(): number {
    const missed = this.#missedMs + this.absence.clearMs;
    return this.#seenMs + missed === 0 ? 1 : this.#seenMs / (this.#seenMs + missed);
  }

  /**
   * How alike its sightings are, 0–1: median overlap (IoU) of their boxes with its place. Something that stands
   * shows the same box again and again; one place that many drive through, or foliage taken for a car, does not.
   * Half of them may be cut by passers-by.
   */
  get steadiness(): number {
    const overlaps = this.#reservoir.boxes.map((box) => iou(box, this.box)).sort((a, b) => a - b);
    return overlaps[Math.floor(overlaps.length / 2)] ?? 0;
  }

  get patience(): Patience {
    if (this.fired.length > 0) return this.departing ? PATIENCE_DEPARTING_FIRED : PATIENCE_FIRED;
    return this.departing || this.displaced ? PATIENCE_DEPARTING : PATIENCE;
  }

  get isOver(): boolean {
    return this.absence.exhausts(this.patience);
  }

  /** Seen again at its place; `lookMs` is the time since the last frame. */
  see(seen: TrackSighting, lookMs: number, bridgeMs: number): void {
    const at = seen.sighting.at.capturedAt;
    this.#closeGap(at, bridgeMs);
    this.#seenMs += Math.min(lookMs, bridgeMs);
    this.last = seen.sighting;
    this.departing = false;
    this.displaced = false;
    this.#keep(seen);
    this.#forgetOldCoverage();
  }

  /** Takes in a later stay that turned out to be the same object. */
  absorb(other: Stay, bridgeMs: number): void {
    other.merged = true;
    if (other.last.at.capturedAt > this.last.at.capturedAt) {
      const gap = other.first.at.capturedAt - this.last.at.capturedAt;
      this.#missedMs += this.absence.clearMs;
      this.ledger.append(other.ledger, this.absence.kindOfGap(gap, bridgeMs));
      this.absence = other.absence;
      this.last = other.last;
      this.departing = other.departing;
    }
    this.votes.addAll(other.votes);
    this.#reservoir.append(other.#reservoir);
    this.#seenMs += other.#seenMs;
    this.#missedMs += other.#missedMs;
    for (const id of other.#trackIds) this.#addTrackId(id);
    for (const [from, sighting] of other.#openings) {
      if (!this.#openings.has(from)) this.#openings.set(from, sighting);
    }
    for (const candidate of other.fired) this.fired.push(candidate);
    this.#forgetOldCoverage();
  }

  /**
   * Its first sighting at or after `from`, the moment a rule came into force. Ask at every sighting while the
   * rule is in force: the first one after the opening is remembered when it is asked for.
   */
  firstSince(from: EpochMs): Sighting {
    if (this.first.at.capturedAt >= from) return this.first;
    const known = this.#openings.get(from) ?? this.#reservoir.firstSince(from) ?? this.last;
    this.#openings.set(from, known);
    for (const opening of this.#openings.keys()) {
      if (this.#openings.size > MAX_OPENINGS) this.#openings.delete(opening);
    }
    return known;
  }

  /** The kept sighting nearest to an instant, not before `from`. */
  sightingNear(at: EpochMs, from: EpochMs): Sighting {
    return this.#reservoir.closest(at, from) ?? this.last;
  }

  candidateOf(ruleId: string): string | null {
    return this.fired.find((candidate) => candidate.ruleId === ruleId)?.candidateId ?? null;
  }

  #closeGap(at: EpochMs, bridgeMs: number): void {
    this.ledger.extend(at, this.absence.kindOfGap(at - this.last.at.capturedAt, bridgeMs));
    this.#missedMs += this.absence.clearMs;
    this.absence = new Absence();
  }

  #keep({ trackId, label, sighting }: TrackSighting): void {
    this.place.add(sighting.box, sighting.at.capturedAt);
    this.votes.add(label, sighting.score);
    this.#reservoir.add(sighting);
    this.#addTrackId(trackId);
  }

  /** The first ones and the newest are kept: a stay of weeks may have had thousands. */
  #addTrackId(id: string): void {
    if (this.#trackIds.includes(id)) return;
    if (this.#trackIds.length >= MAX_TRACK_IDS) this.#trackIds.splice(MAX_TRACK_IDS - 1);
    this.#trackIds.push(id);
  }

  #forgetOldCoverage(): void {
    if (this.#seenMs + this.#missedMs < COVERAGE_MEMORY_MS) return;
    this.#seenMs /= 2;
    this.#missedMs /= 2;
  }
}

import {
  Absence,
  absenceShape,
  PATIENCE,
  PATIENCE_DEPARTING,
  PATIENCE_DEPARTING_FIRED,
  PATIENCE_FADED,
  PATIENCE_FIRED,
  type Patience,
} from "./absence.ts";
import { iou } from "./box.ts";
import { DwellLedger, ledgerShape } from "./dwell-ledger.ts";
import { LabelVotes, votesShape } from "./label-votes.ts";
import { type Retraction, retractedAgain, retractionShape } from "./retraction.ts";
import { flag, list, num, record, type ShapeOf, text, tuple } from "./shape.ts";
import { reservoirShape, SightingReservoir } from "./sighting-reservoir.ts";
import { packSighting, sightingShape, unpackSighting } from "./sighting-state.ts";
import { type Place, type PlaceState, placeShape } from "./stationary.ts";
import type { TrackSighting } from "./track-sighting.ts";
import type { Box, EpochMs, FrameTime, Sighting } from "./types.ts";
import { Visibility, visibilityShape } from "./visibility.ts";

/** Coverage looks back about this far: a stay of a day must be judged by its present, not by its dawn. */
const COVERAGE_MEMORY_MS = 600_000;
const ESTABLISHED_SIGHTINGS = 3;
const MAX_TRACK_IDS = 64;
const MAX_OPENINGS = 8;

/** Seen at its place for this long, and in its last box: it stands, and does so still if nothing moved since. */
const STOOD_MS = 1_500;
const STOOD_IOU = 0.6;

/**
 * After so long an outage another car may stand where one stood. It cannot be told from the first one for certain.
 * As long as nobody has been reported, a box that fits only roughly is another car: the dwell of one must not be
 * charged to the next. A candidate is the other way round: what stands there now counts as the one already reported,
 * because the same car twice is worse than the second car later, when the place has been seen empty.
 */
const DOUBTFUL_OUTAGE_MS = 60_000;
const SURE_RETURN_IOU = 0.7;

const firedShape = record({ ruleId: text, candidateId: text });

export const stayShape = record({
  first: sightingShape,
  last: sightingShape,
  appeared: flag,
  ledger: ledgerShape,
  votes: votesShape,
  place: placeShape,
  fired: list(firedShape),
  retractions: list(tuple(text, retractionShape)),
  departing: flag,
  displaced: flag,
  merged: flag,
  usualCover: num,
  absence: absenceShape,
  visibility: visibilityShape,
  trackIds: list(text),
  seenMs: num,
  missedMs: num,
  reservoir: reservoirShape,
  openings: list(tuple(num, sightingShape)),
});
export type StayState = ShapeOf<typeof stayShape>;

/**
 * One object staying: at one place, or in one zone. Knows its ledger, its votes and what was kept for the
 * evidence; knows nothing of rules but which candidates it has become.
 */
export class Stay {
  readonly first: Sighting;
  /** False when its track was seen elsewhere before: it drove here, so it cannot be something lost here. */
  readonly appeared: boolean;
  readonly ledger: DwellLedger;
  /** Candidates made of this stay, by rule. */
  readonly fired: ShapeOf<typeof firedShape>[] = [];
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
  #votes: LabelVotes;
  #place: Place;
  readonly #visibility: Visibility;
  readonly #retractions: Map<string, Retraction>;
  #trackIds: string[] = [];
  #seenMs = 0;
  #missedMs = 0;
  #reservoir: SightingReservoir;
  readonly #openings: Map<EpochMs, Sighting>;

  private constructor(first: Sighting, place: Place, appeared: boolean, from?: StayState) {
    this.first = first;
    this.last = first;
    this.#place = place;
    this.appeared = appeared;
    this.ledger = from === undefined ? new DwellLedger(first.at.capturedAt) : DwellLedger.from(from.ledger);
    this.#votes = from === undefined ? new LabelVotes() : LabelVotes.from(from.votes);
    this.#visibility = new Visibility(from?.visibility);
    this.#retractions = new Map(from?.retractions);
    this.#reservoir = from === undefined ? new SightingReservoir() : SightingReservoir.from(from.reservoir);
    this.#openings = new Map(from?.openings.map(([since, known]) => [since, unpackSighting(known)]));
  }

  static begin(seen: TrackSighting, place: Place, appeared: boolean): Stay {
    const stay = new Stay(seen.sighting, place, appeared);
    stay.#keep(seen, 0, 0);
    return stay;
  }

  static from(state: StayState, placeFrom: (place: PlaceState) => Place): Stay {
    const stay = new Stay(unpackSighting(state.first), placeFrom(state.place), state.appeared, state);
    stay.last = unpackSighting(state.last);
    stay.fired.push(...state.fired);
    stay.departing = state.departing;
    stay.displaced = state.displaced;
    stay.merged = state.merged;
    stay.usualCover = state.usualCover;
    stay.absence = new Absence(state.absence);
    stay.#trackIds = [...state.trackIds];
    stay.#seenMs = state.seenMs;
    stay.#missedMs = state.missedMs;
    return stay;
  }

  state(): StayState {
    return {
      first: packSighting(this.first),
      last: packSighting(this.last),
      appeared: this.appeared,
      ledger: this.ledger.state(),
      votes: this.votes.state(),
      place: this.#place.state(),
      fired: [...this.fired],
      retractions: [...this.#retractions],
      departing: this.departing,
      displaced: this.displaced,
      merged: this.merged,
      usualCover: this.usualCover,
      absence: this.absence.state(),
      visibility: this.#visibility.state(),
      trackIds: [...this.#trackIds],
      seenMs: this.#seenMs,
      missedMs: this.#missedMs,
      reservoir: this.#reservoir.state(),
      openings: [...this.#openings].map(([since, known]) => [since, packSighting(known)] as const),
    };
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

  /** What its sightings were called, and how surely. */
  get votes(): LabelVotes {
    return this.#votes;
  }

  get box(): Box {
    return this.#place.box;
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
    if (this.fired.length > 0) {
      if (this.departing) return PATIENCE_DEPARTING_FIRED;
      return this.#visibility.faded ? PATIENCE_FADED : PATIENCE_FIRED;
    }
    return this.departing || this.displaced ? PATIENCE_DEPARTING : PATIENCE;
  }

  get isOver(): boolean {
    return this.absence.exhausts(this.patience);
  }

  /** Seen again at its place; `lookMs` is the time since the last frame. */
  see(seen: TrackSighting, lookMs: number, bridgeMs: number): void {
    const at = seen.sighting.at.capturedAt;
    const missedMs = this.#closeGap(at, bridgeMs);
    this.#seenMs += Math.min(lookMs, bridgeMs);
    this.last = seen.sighting;
    this.departing = false;
    this.displaced = false;
    this.#keep(seen, Math.min(lookMs, bridgeMs), missedMs);
    this.#forgetOldCoverage();
  }

  /** It was seen standing in the last look and nothing has moved since: it still stands there at `at`. */
  remain(at: FrameTime, bridgeMs: number): void {
    this.#closeGap(at.capturedAt, bridgeMs);
    this.last = { ...this.last, at };
  }

  /** Seen standing still at its place, long enough to go on from there without looking. */
  get stood(): boolean {
    const seenForMs = this.last.at.capturedAt - this.first.at.capturedAt;
    return this.isEstablished && seenForMs >= STOOD_MS && iou(this.last.box, this.box) >= STOOD_IOU;
  }

  /** True when what is seen at `box` cannot be taken for this stay's object because of a long outage before. */
  isDoubtfulReturn(box: Box): boolean {
    const doubtful = this.absence.outageMs >= DOUBTFUL_OUTAGE_MS && this.fired.length === 0;
    return doubtful && iou(box, this.box) < SURE_RETURN_IOU;
  }

  /** Takes in a later stay that turned out to be the same object. */
  absorb(other: Stay, bridgeMs: number): void {
    other.merged = true;
    this.#takeLook(other);
    if (other.last.at.capturedAt > this.last.at.capturedAt) {
      const missedMs = this.#closeGap(other.first.at.capturedAt, bridgeMs);
      this.#visibility.see(other.votes.meanScore, other.#seenMs, missedMs);
      this.ledger.append(other.ledger, "unobserved");
      this.absence = other.absence;
      this.last = other.last;
      this.departing = other.departing;
    }
    this.#seenMs += other.#seenMs;
    this.#missedMs += other.#missedMs;
    for (const id of other.#trackIds) this.#addTrackId(id);
    for (const [from, sighting] of other.#openings) {
      if (!this.#openings.has(from)) this.#openings.set(from, sighting);
    }
    for (const candidate of other.fired) this.fired.push(candidate);
    for (const [ruleId, retraction] of other.#retractions) {
      if (!this.#retractions.has(ruleId)) this.#retractions.set(ruleId, retraction);
    }
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

  /** Takes back a candidate; false when it is none of this stay's. */
  retract(candidateId: string, at: EpochMs): boolean {
    const index = this.fired.findIndex((candidate) => candidate.candidateId === candidateId);
    const [candidate] = index < 0 ? [] : this.fired.splice(index, 1);
    if (candidate === undefined) return false;
    this.#retractions.set(candidate.ruleId, retractedAgain(this.#retractions.get(candidate.ruleId), at));
    return true;
  }

  /** True while a candidate of this rule was taken back so short ago that it is not suspected anew. */
  isRetracted(ruleId: string, at: EpochMs): boolean {
    return at < (this.#retractions.get(ruleId)?.until ?? Number.NEGATIVE_INFINITY);
  }

  /**
   * One after the other, both looks are the object's. Side by side one of them was a worse box of the same thing: part
   * of it, or it with a neighbour. It says nothing about the object, so the surer one alone is kept.
   */
  #takeLook(other: Stay): void {
    if (other.first.at.capturedAt > this.last.at.capturedAt) {
      this.#votes.addAll(other.#votes);
      this.#reservoir.append(other.#reservoir);
    } else if (other.#votes.scoreSum > this.#votes.scoreSum) {
      this.#votes = other.#votes;
      this.#reservoir = other.#reservoir;
      this.#place = other.#place;
    }
  }

  /** Returns for how long it was missed in clear view. */
  #closeGap(at: EpochMs, bridgeMs: number): number {
    const { clearMs } = this.absence;
    for (const { kind, to } of this.absence.account(this.last.at.capturedAt, at, bridgeMs)) {
      this.ledger.extend(to, kind);
    }
    this.#missedMs += clearMs;
    this.absence = new Absence();
    return clearMs;
  }

  #keep({ trackId, label, sighting }: TrackSighting, lookMs: number, missedMs: number): void {
    this.#place.add(sighting.box, sighting.at.capturedAt);
    this.votes.add(label, sighting.score);
    this.#visibility.see(sighting.score, lookMs, missedMs);
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

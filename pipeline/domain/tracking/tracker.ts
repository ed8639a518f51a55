import type { Box, Detection, EpochMs } from "../types.ts";
import { associate } from "./association.ts";
import { LookInterval } from "./look-interval.ts";
import { DEFAULT_TRACKER_OPTIONS, type TrackerOptions } from "./options.ts";
import { prepareDetections } from "./prepare.ts";
import {
  awaitLook,
  believedBox,
  type Instant,
  majorityLabel,
  seeTrack,
  startTrack,
  type Track,
} from "./track.ts";
import { packTrack, type TrackerState, unpackTrack } from "./tracker-state.ts";

export type { TrackerOptions } from "./options.ts";

/** One object as the tracker knows it after a look. */
export interface TrackedObject {
  /** "1", "2", … in order of birth, per tracker. */
  readonly id: string;
  /** The label with the largest sum of scores so far. */
  readonly label: string;
  /** Score of the last sighting. */
  readonly score: number;
  /** Where it is believed to be: the settled full box while it stands (even half hidden or unseen), else smoothed by the filter. */
  readonly box: Box;
  /** The detector's own box in this look; null when not seen. */
  readonly measured: Box | null;
  /** Seen in this look. */
  readonly observed: boolean;
  /** Seen often enough to be believed. */
  readonly confirmed: boolean;
  readonly firstSeenAt: EpochMs;
  readonly lastSeenAt: EpochMs;
}

export interface TrackerUpdate {
  /** Everything remembered, lost ones included (`observed: false`), in order of birth. */
  readonly active: readonly TrackedObject[];
  /** Ids forgotten in this look. They never come back. */
  readonly removed: readonly string[];
}

/** Looks after which a track that has not come back is given up, when that is longer than its memory in seconds. */
const PATIENCE_LOOKS = 3;

/**
 * Follows objects from look to look by where they are, never by what they look like. Everything runs on the
 * looks' own timestamps, so the sampling rate may be anything and change. The same looks give the same tracks;
 * the order of detections inside a look does not matter.
 *
 * A timestamp that repeats or goes back counts as no time passed: the look is used, and ages go on from there
 * by the differences that follow. A look without a finite timestamp is not used.
 */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #interval: LookInterval;
  #tracks: readonly Track[];
  #born: number;
  #clockSec: number;
  #lookSec: number;
  #lastAt: EpochMs | null;
  #lookAt: EpochMs | null;

  constructor(options: Partial<TrackerOptions> = {}, from?: TrackerState) {
    this.#options = { ...DEFAULT_TRACKER_OPTIONS, ...options };
    this.#interval = new LookInterval(from?.gapsSec);
    this.#tracks = from?.tracks.map(unpackTrack) ?? [];
    this.#born = from?.born ?? 0;
    this.#clockSec = from?.clockSec ?? 0;
    this.#lookSec = from?.lookSec ?? 0;
    this.#lastAt = from?.lastAt ?? null;
    this.#lookAt = from?.lookAt ?? null;
  }

  state(): TrackerState {
    return {
      tracks: this.#tracks.map(packTrack),
      gapsSec: this.#interval.gapsSec,
      born: this.#born,
      clockSec: this.#clockSec,
      lookSec: this.#lookSec,
      lastAt: this.#lastAt,
      lookAt: this.#lookAt,
    };
  }

  /**
   * Takes in one look: what the detector saw at `at` (all detections of the frame, any label, any score).
   * @param isExpected what a track may start with however doubtful it is: something known to stand there
   */
  update(
    detections: readonly Detection[],
    at: EpochMs,
    isExpected: (detection: Detection) => boolean = () => false,
  ): TrackerUpdate {
    if (!Number.isFinite(at)) return { active: this.#tracks.map(describe), removed: [] };
    const sinceLookSec = secondsBetween(this.#lookAt, at);
    if (sinceLookSec > 0) this.#interval.add(sinceLookSec);
    const previousLookSec = this.#lookSec;
    const dtSec = this.#goOn(at);
    this.#lookSec = this.#clockSec;
    this.#lookAt = at;
    const now: Instant = { sec: this.#clockSec, at };

    const awaited = this.#tracks.map((track) => awaitLook(track, dtSec));
    const remembered = awaited.filter((track) => now.sec - track.last.sec <= this.#memorySec(track));
    const removed = awaited.filter((track) => !remembered.includes(track)).map((track) => track.id);

    const wasSeen = (track: Track) => track.last.sec >= previousLookSec;
    const prepared = prepareDetections(detections, this.#options.lowScore);
    const { matched, unmatched } = associate(remembered, prepared, this.#options.highScore, wasSeen);
    const kept = remembered.map((track) => {
      const detection = matched.get(track.id);
      return detection === undefined
        ? track
        : seeTrack(track, detection, now, !wasSeen(track), this.#options);
    });
    const born = unmatched
      .filter((detection) => detection.score >= this.#options.birthScore || isExpected(detection))
      .map((detection) => startTrack(String(++this.#born), detection, now, this.#options));
    this.#tracks = [...kept, ...born];
    return { active: this.#tracks.map(describe), removed };
  }

  /**
   * Nothing has moved since the last look, says whoever calls: who was seen in it is not forgotten, and nobody
   * has gone further by `at`. Not a sighting.
   */
  hold(at: EpochMs): void {
    if (!Number.isFinite(at)) return;
    this.#goOn(at);
    const now: Instant = { sec: this.#clockSec, at };
    this.#tracks = this.#tracks.map((track) => (track.measured === null ? track : { ...track, last: now }));
  }

  #goOn(at: EpochMs): number {
    const dtSec = secondsBetween(this.#lastAt, at);
    this.#lastAt = at;
    this.#clockSec += dtSec;
    return dtSec;
  }

  #memorySec(track: Track): number {
    const patience = PATIENCE_LOOKS * this.#interval.sec + 1e-3;
    if (!track.confirmed) return patience;
    return Math.max(
      patience,
      track.standing ? this.#options.standingMemorySec : this.#options.movingMemorySec,
    );
  }
}

function secondsBetween(from: EpochMs | null, to: EpochMs): number {
  return from === null ? 0 : Math.max(0, to - from) / 1000;
}

function describe(track: Track): TrackedObject {
  return {
    id: track.id,
    label: majorityLabel(track),
    score: track.score,
    box: believedBox(track),
    measured: track.measured,
    observed: track.measured !== null,
    confirmed: track.confirmed,
    firstSeenAt: track.first.at,
    lastSeenAt: track.last.at,
  };
}

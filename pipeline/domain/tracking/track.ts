import type { Box, Detection, EpochMs } from "../types.ts";
import { type BoxState, correct, predict, startState, stateBox } from "./kalman.ts";
import { groupOf } from "./label-groups.ts";
import type { TrackerOptions } from "./options.ts";
import { afterSighting, isStanding, type Place, placeAt, viewOf } from "./place.ts";

/** When something was seen: by the tracker's own clock, which never goes back, and by the caller's. */
export interface Instant {
  readonly sec: number;
  readonly at: EpochMs;
}

/** One object as it is remembered. Immutable: every step gives a new one. */
export interface Track {
  readonly id: string;
  readonly group: string;
  /** Label → sum of its scores. */
  readonly votes: ReadonlyMap<string, number>;
  readonly state: BoxState;
  readonly place: Place;
  readonly standing: boolean;
  readonly hits: number;
  readonly confirmed: boolean;
  readonly score: number;
  readonly first: Instant;
  readonly last: Instant;
  /** Box of this look; null when this look did not see it. */
  readonly measured: Box | null;
}

export function startTrack(
  id: string,
  { box, label, score }: Detection,
  now: Instant,
  options: TrackerOptions,
): Track {
  return {
    id,
    group: groupOf(label),
    votes: new Map([[label, score]]),
    state: startState(box),
    place: placeAt(box, now.sec),
    standing: false,
    hits: 1,
    confirmed: options.confirmHits <= 1,
    score,
    first: now,
    last: now,
    measured: box,
  };
}

/** Moves the track to the time of a look, before anything is known of that look. */
export function awaitLook(track: Track, dtSec: number): Track {
  return { ...track, state: predict(track.state, dtSec), measured: null };
}

/** The track after it was seen in the look it awaited. */
export function seeTrack(
  track: Track,
  { box, label, score }: Detection,
  now: Instant,
  missedLook: boolean,
  options: TrackerOptions,
): Track {
  const view = track.standing ? viewOf(track.place, box) : "full";
  const place = afterSighting(track.place, box, now.sec, track.standing);
  const hits = track.hits + 1;
  return {
    ...track,
    votes: new Map(track.votes).set(label, (track.votes.get(label) ?? 0) + score),
    state: nextState(track, box, view === "part", missedLook),
    place,
    standing: isStanding(place, options.standAfterSec),
    hits,
    confirmed: track.confirmed || hits >= options.confirmHits,
    score,
    last: now,
    measured: box,
  };
}

/** A piece of a standing object says nothing about motion; after a loss a standing one starts again at rest. */
function nextState(track: Track, box: Box, part: boolean, missedLook: boolean): BoxState {
  if (part) return track.state;
  return track.standing && missedLook ? startState(box) : correct(track.state, box);
}

/** Where the object is believed to be now: its place while it stands, else the filter's box. */
export function believedBox(track: Track): Box {
  return track.standing && track.place.elsewhere === 0 ? track.place.box : stateBox(track.state);
}

/** The label with the largest sum of scores; among equals the first in the alphabet. */
export function majorityLabel(track: Track): string {
  let best = "";
  let most = Number.NEGATIVE_INFINITY;
  for (const [label, sum] of track.votes) {
    if (sum > most || (sum === most && label < best)) {
      best = label;
      most = sum;
    }
  }
  return best;
}

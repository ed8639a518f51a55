import type { Box } from "../types.ts";
import { type BoxState, correct, predict, smooth, startState, stateBox } from "./kalman.ts";
import { type MotRow, normaliseScores, rowsByFrame, scoreQuantile } from "./mot-challenge.ts";
import { Tracker } from "./tracker.ts";

interface Sighting {
  readonly frame: number;
  readonly box: Box;
  readonly score: number;
}

export interface OfflineOptions {
  /** Frames a second of the sequence. */
  readonly fps: number;
  /** Called after every frame. */
  readonly onFrame?: (frame: number, frames: number) => void;
}

/** Longest gap of a re-found track that is filled. */
const LONGEST_FILL_SEC = 0.5;
/** Shorter tracks are a detector's flicker. */
const SHORTEST_TRACK_SEC = 0.3;
/**
 * What counts as a high score differs from detector to detector, so the thresholds are shares of the
 * file's upper quartile (a good sighting's score): for taking part in the first association, for starting a track, and for a whole track's mean.
 */
const HIGH_SHARE = 0.7;
const BIRTH_SHARE = 0.8;
const MEAN_SHARE = 0.85;

/**
 * Runs the tracker over a whole MOTChallenge detection file. Knowing the end, it can do what a live camera
 * cannot: it writes back the first sightings of tracks confirmed later, smooths every track in the light of
 * what followed, fills its short gaps, and drops tracks too short or too doubtful to be anything.
 * @returns result rows of the confirmed tracks, by track
 */
export function trackSequence(detections: readonly MotRow[], options: OfflineOptions): MotRow[] {
  const rows = normaliseScores(detections);
  const good = scoreQuantile(rows, 0.75);
  const tracker = new Tracker({
    highScore: HIGH_SHARE * good,
    birthScore: BIRTH_SHARE * good,
    lowScore: 0.1 * good,
    confirmHits: 3,
  });
  return collectTracks(tracker, rows, options)
    .filter((track) => isBelievable(track.sightings, MEAN_SHARE * good, options.fps))
    .flatMap(({ id, sightings }) =>
      smoothAndFill(sightings, options.fps).map(({ frame, box, score }) => ({
        frame,
        id,
        box,
        confidence: score,
      })),
    );
}

/** Every sighting of every track that was confirmed at some time. */
function collectTracks(tracker: Tracker, rows: readonly MotRow[], { fps, onFrame }: OfflineOptions) {
  const byFrame = rowsByFrame(rows);
  const frames = rows.reduce((last, row) => Math.max(last, row.frame), 0);
  const sightings = new Map<string, Sighting[]>();
  const confirmed = new Set<string>();
  for (let frame = 1; frame <= frames; frame++) {
    const seen = (byFrame.get(frame) ?? []).map(({ box, confidence }) => ({
      box,
      label: "person",
      score: confidence,
    }));
    for (const { id, measured, score, confirmed: isConfirmed } of tracker.update(
      seen,
      ((frame - 1) / fps) * 1000,
    ).active) {
      if (isConfirmed) confirmed.add(id);
      if (measured === null) continue;
      const own = sightings.get(id);
      if (own === undefined) sightings.set(id, [{ frame, box: measured, score }]);
      else own.push({ frame, box: measured, score });
    }
    onFrame?.(frame, frames);
  }
  return [...confirmed].map((id) => ({ id: Number(id), sightings: sightings.get(id) ?? [] }));
}

function isBelievable(sightings: readonly Sighting[], leastMean: number, fps: number): boolean {
  const sum = sightings.reduce((total, sighting) => total + sighting.score, 0);
  const frames = (sightings.at(-1)?.frame ?? 0) - (sightings[0]?.frame ?? 0);
  return sum / sightings.length >= leastMean && frames / fps >= SHORTEST_TRACK_SEC;
}

function smoothAndFill(sightings: readonly Sighting[], fps: number): Sighting[] {
  const [first, ...later] = sightings;
  if (first === undefined) return [];
  const steps: { sighting: Sighting | null; state: BoxState }[] = [
    { sighting: first, state: startState(first.box) },
  ];
  let previous = first;
  for (const next of later) {
    const fill = next.frame - previous.frame <= LONGEST_FILL_SEC * fps;
    const score = Math.min(previous.score, next.score);
    for (let frame = previous.frame + 1; frame <= next.frame; frame++) {
      const state = predict(steps.at(-1)?.state ?? startState(first.box), 1 / fps);
      if (frame === next.frame) steps.push({ sighting: next, state: correct(state, next.box) });
      else steps.push({ sighting: fill ? { frame, box: stateBox(state), score } : null, state });
    }
    previous = next;
  }
  const smoothed = smooth(
    steps.map((step) => step.state),
    steps.map(() => 1 / fps),
  );
  return steps.flatMap(({ sighting }, index) => {
    const state = smoothed[index];
    return sighting === null || state === undefined ? [] : [{ ...sighting, box: stateBox(state) }];
  });
}

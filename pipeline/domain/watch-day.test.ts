import { describe, expect, it } from "vitest";
import { type DayPlan, day } from "../../test-fixtures/tracks/day.ts";
import { makeCamera, makeRule, newWatch, passedOn, SCENE_START } from "../../test-fixtures/watch-scene.ts";
import { iou } from "./box.ts";
import type { Candidate, WatchEvent } from "./types.ts";

const HOUR = 3_600;

/** The scene begins at 10:00; it is dark from 18:30 to 6:30. */
const PLAN: Omit<DayPlan, "seed"> = {
  startMs: SCENE_START,
  stepSec: 2,
  sec: 24 * HOUR,
  night: [8.5 * HOUR, 20.5 * HOUR],
  busStop: [0.22, 0.3, 0.7, 0.82],
  parked: [
    { name: "all day", box: [0.1, 0.45, 0.26, 0.58], from: 0, to: 25 * HOUR, score: 0.8 },
    {
      name: "behind the bus stop",
      box: [0.32, 0.45, 0.48, 0.58],
      from: 0.5 * HOUR,
      to: 25 * HOUR,
      score: 0.6,
    },
    { name: "beside it", box: [0.46, 0.46, 0.62, 0.59], from: 1 * HOUR, to: 25 * HOUR, score: 0.5 },
    { name: "two hours", box: [0.74, 0.5, 0.92, 0.64], from: 1 * HOUR, to: 3 * HOUR, score: 0.7 },
    { name: "after it", box: [0.745, 0.5, 0.925, 0.64], from: 3.5 * HOUR, to: 6 * HOUR, score: 0.6 },
  ],
};
const CAMERA = {
  ...makeCamera([makeRule({ dwellSeconds: 300 })]),
  zones: [
    {
      id: "pavement",
      polygon: [
        [0.02, 0.4],
        [0.98, 0.4],
        [0.98, 0.68],
        [0.02, 0.68],
      ] as const,
    },
  ],
};

interface Lived {
  readonly events: readonly WatchEvent[];
  /** Bytes of the state at every passing on. */
  readonly stateBytes: readonly number[];
  readonly stays: readonly number[];
  readonly tracks: readonly number[];
}

function live(seed: number): Lived {
  let watch = newWatch(CAMERA);
  const events: WatchEvent[] = [];
  const stateBytes: number[] = [];
  const stays: number[] = [];
  const tracks: number[] = [];
  for (const frame of day({ ...PLAN, seed })) {
    if (frame.passedOn) {
      const state = watch.state();
      stateBytes.push(JSON.stringify(state).length);
      stays.push(state.desks.reduce((sum, { book }) => sum + book.stays.length, 0));
      tracks.push(state.tracker.tracks.length);
      watch = passedOn(watch, CAMERA);
    }
    events.push(...watch.observe(frame.detections, frame.at));
  }
  return { events, stateBytes, stays, tracks };
}

/** Whose place a candidate is at, by name and hour: two cars may have the same place one after the other. */
function nameOf({ box, startedAt }: Candidate): string {
  const sec = (startedAt.capturedAt - SCENE_START) / 1000;
  const at = PLAN.parked.filter(
    (parked) => iou(parked.box, box) >= 0.5 && sec >= parked.from && sec < parked.to,
  );
  return at.map(({ name }) => name).join() || `nobody at ${(sec / HOUR).toFixed(2)} h`;
}

describe("24 hours through night, buses, reconnects, new workers and new models", () => {
  it.each([1, 5])("make exactly one candidate of each parked car (%d)", (seed) => {
    const { events, stateBytes, stays, tracks } = live(seed);
    const named = events.flatMap((event) => (event.type === "triggered" ? [nameOf(event.candidate)] : []));
    expect(named.sort()).toEqual(PLAN.parked.map(({ name }) => name).sort());
    const ended = events.filter(({ type }) => type === "ended");
    expect(ended).toHaveLength(2);
    expect(stateBytes.length).toBeGreaterThan(20);
    expect(Math.max(...stateBytes)).toBeLessThan(150_000);
    // What a frame costs depends on these, so it does not grow either.
    expect(Math.max(...stays)).toBeLessThan(40);
    expect(Math.max(...tracks)).toBeLessThan(40);
  });
});

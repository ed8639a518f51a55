import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Actor,
  actor,
  candidatesOf,
  film,
  frameTimes,
  makeCamera,
  makeRule,
  moved,
  newWatch,
  sceneSec,
  sceneTime,
  seeded,
  watchFrames,
} from "../../test-fixtures/watch-scene.ts";
import type { Box, Candidate, WatchEvent } from "./types.ts";
import type { CameraWatch } from "./watch.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const HEARTBEAT_SEC = 5;
const FPS = 5;

/** Looks while something moves and once in a heartbeat, as a motion gate does; all else is passed as unchanged. */
function gated(
  watch: CameraWatch,
  actors: readonly Actor[],
  seconds: readonly number[],
  moves: (sec: number) => boolean,
): { events: WatchEvent[]; looks: number } {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looks = 0;
  const events = seconds.flatMap((sec) => {
    if (!moves(sec) && sec - lookedAt < HEARTBEAT_SEC - 0.01) return watch.unchanged(sceneTime(sec));
    lookedAt = sec;
    looks++;
    return watchFrames(watch, film(actors, [sec]));
  });
  return { events, looks };
}

const only = (candidates: readonly Candidate[]): Candidate => {
  const [candidate, ...more] = candidates;
  if (candidate === undefined || more.length > 0) throw new Error(`${candidates.length} candidates`);
  return candidate;
};

const endOf = (events: readonly WatchEvent[]) =>
  events.flatMap((event) => (event.type === "ended" ? [sceneSec(event.endedAt)] : []))[0];

describe("frames in which nothing moved", () => {
  it("let the dwell of what stands go on: trigger and end as with every frame looked at, to a heartbeat", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 3, max: 30, noNaN: true }),
        fc.double({ min: 100, max: 150, noNaN: true }),
        (seed, stopsAt, leavesAt) => {
          const place = (sec: number) => {
            if (sec < stopsAt) return moved(SPOT, -0.08 * (stopsAt - sec));
            return sec < leavesAt ? SPOT : moved(SPOT, 0.06 * (sec - leavesAt));
          };
          const scene = () => [
            actor(place, { to: leavesAt + 8, jitter: 0.05, random: seeded(seed) }),
            actor([0.7, 0.6, 0.8, 0.7], { jitter: 0.03, random: seeded(seed + 1) }),
          ];
          const moves = (sec: number) => sec < stopsAt + 0.2 || (sec > leavesAt && sec < leavesAt + 8.3);
          const times = frameTimes(FPS, 320);
          const camera = makeCamera([makeRule({ zone: "pavement" })]);
          const all = watchFrames(newWatch(camera), film(scene(), times));
          const { events, looks } = gated(newWatch(camera), scene(), times, moves);
          const ofCar = (from: readonly WatchEvent[]) =>
            only(candidatesOf(from).filter(({ box }) => box[0] < 0.6));
          const [full, held] = [ofCar(all), ofCar(events)];
          const apartSec = Math.abs(sceneSec(full.triggeredAt) - sceneSec(held.triggeredAt));
          expect(apartSec).toBeLessThanOrEqual(HEARTBEAT_SEC + 0.01);
          const trueDwellSec = sceneSec(held.triggeredAt) - Math.max(stopsAt, 0);
          expect(Math.abs(held.dwellMs / 1000 - trueDwellSec)).toBeLessThanOrEqual(HEARTBEAT_SEC);
          expect(Math.abs((endOf(events) ?? 0) - (endOf(all) ?? 0))).toBeLessThanOrEqual(
            HEARTBEAT_SEC + 0.01,
          );
          expect(looks).toBeLessThan(0.35 * times.length);
        },
      ),
      { numRuns: 30, seed: 20_260_302 },
    );
  });

  it("trigger at the very second for a car that stands from the start in a street without motion", () => {
    const { events, looks } = gated(newWatch(), [actor(SPOT)], frameTimes(FPS, 90), () => false);
    const candidate = only(candidatesOf(events));
    expect(candidate).toMatchObject({ dwellMs: 60_000, unobservedMs: 0, triggeredAt: { ptsSec: 60 } });
    expect(looks).toBe(19);
  });

  it("bridge what the detector misses at a heartbeat", () => {
    const { events } = gated(
      newWatch(),
      [actor(SPOT, { seen: 0.7, jitter: 0.05, random: seeded(8) })],
      frameTimes(FPS, 120),
      (sec) => sec < 3,
    );
    const candidate = only(candidatesOf(events));
    expect(candidate.unobservedMs).toBe(0);
    expect(sceneSec(candidate.triggeredAt)).toBeLessThanOrEqual(60 + 2 * HEARTBEAT_SEC);
  });

  it("pretend nothing of what moves: no dwell from a gate that does not notice it", () => {
    const driving = (sec: number) => moved(SPOT, 0.03 * (sec % 20) - 0.3);
    const { events } = gated(newWatch(), [actor(driving)], frameTimes(FPS, 300), () => false);
    expect(candidatesOf(events)).toEqual([]);
  });

  it("end what left without the gate noticing with the last frame before the next look", () => {
    const { events } = gated(newWatch(), [actor(SPOT, { to: 101 })], frameTimes(FPS, 400), () => false);
    const ended = endOf(events) ?? 0;
    expect(ended).toBeGreaterThanOrEqual(100);
    expect(ended).toBeLessThanOrEqual(105);
  });

  it("say nothing across a gap, after a suspension, or before the first look", () => {
    const watch = newWatch();
    expect(watch.unchanged(sceneTime(0))).toEqual([]);
    watchFrames(watch, film([actor(SPOT)], frameTimes(FPS, 20)));
    watch.unchanged(sceneTime(40));
    watch.suspend();
    watch.unchanged(sceneTime(20.2));
    watch.unchanged(sceneTime(19));
    expect(watch.standing().standing).toMatchObject([{ dwellMs: 20_000 }]);
    const later = frameTimes(FPS, 60).map((sec) => sec + 40);
    const candidate = only(candidatesOf(watchFrames(watch, film([actor(SPOT)], later))));
    expect(candidate).toMatchObject({ dwellMs: 60_000, unobservedMs: 20_000, triggeredAt: { ptsSec: 80 } });
  });
});

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
  passedOn,
  sceneSec,
  sceneTime,
  seeded,
  watchFrames,
} from "../../test-fixtures/watch-scene.ts";
import { BadSnapshotError } from "./shape.ts";
import type { Box, Candidate } from "./types.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const AWAY: Box = [0.62, 0.6, 0.8, 0.75];
const BIKES = makeRule({ id: "bikes", labels: ["bicycle"], minCount: 3 });
const STALL = makeRule({ id: "stall", labels: ["umbrella"], stationary: false });
const CAMERA = makeCamera([makeRule(), BIKES, STALL]);

/** A street with everything rules look at: cars that come and go, a bus in front, traffic, bikes, a wandering stall. */
function street(seed: number): Actor[] {
  const random = seeded(seed);
  const between = (from: number, to: number) => from + (to - from) * random();
  const noise = (seen: number) => ({ seen, jitter: between(0.02, 0.06), random: seeded(seed + 17) });
  const busFrom = between(40, 120);
  const busTo = busFrom + between(5, 40);
  const behindBus = (sec: number) => sec >= busFrom && sec < busTo;
  const car = actor(SPOT, { from: between(0, 60), to: between(150, 400), ...noise(between(0.75, 1)) });
  const bus = actor([0.2, 0.3, 0.6, 0.7], { from: busFrom, to: busTo, label: "bus", score: 0.9 });
  const passing = (sec: number) => {
    const x = ((sec % 30) - 10) * 0.07;
    return actor([x, 0.72, x + 0.2, 0.88], { score: 0.7 })(sec);
  };
  const bike = (index: number) =>
    actor([0.1 + index * 0.07, 0.8, 0.15 + index * 0.07, 0.9], {
      label: "bicycle",
      from: between(0, 80),
      ...noise(between(0.8, 1)),
    });
  const stall = (sec: number) =>
    actor(moved(AWAY, 0.06 * Math.sin(sec / 9)), { label: "umbrella", from: 30, jitter: 0.03 })(sec);
  return [(sec) => (behindBus(sec) ? null : car(sec)), bus, passing, bike(0), bike(1), bike(2), stall];
}

const byRule = (candidates: readonly Candidate[]) =>
  [...candidates].sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1));

const later = (actors: readonly Actor[], fromSec: number, forSec: number) =>
  film(
    actors,
    frameTimes(2, forSec).map((sec) => sec + fromSec),
  );

describe("a watch passed on", () => {
  it("makes the same candidates as one that was not, dwell less by one interval at most", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom(0.5, 1, 2, 5),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, fps, share) => {
          const frames = film(street(seed), frameTimes(fps, 300));
          const cut = Math.floor(share * frames.length);
          const whole = newWatch(CAMERA);
          const all = candidatesOf(watchFrames(whole, frames));
          const before = newWatch(CAMERA);
          const early = candidatesOf(watchFrames(before, frames.slice(0, cut)));
          const after = passedOn(before, CAMERA);
          const late = candidatesOf(watchFrames(after, frames.slice(cut)));
          const passed = byRule([...early, ...late]);
          expect(passed.map(({ candidateId }) => candidateId)).toEqual(
            byRule(all).map(({ candidateId }) => candidateId),
          );
          for (const [index, candidate] of byRule(all).entries()) {
            const other = passed[index];
            const lateMs = (other?.triggeredAt.capturedAt ?? 0) - candidate.triggeredAt.capturedAt;
            expect(lateMs).toBeGreaterThanOrEqual(0);
            expect(lateMs).toBeLessThanOrEqual(1000 / fps);
          }
        },
      ),
      { numRuns: 25, seed: 20_260_302 },
    );
  });

  it("knows afterwards what it knew before, to the last byte", () => {
    const watch = newWatch(CAMERA);
    watchFrames(watch, film(street(5), frameTimes(2, 200)));
    expect(passedOn(watch, CAMERA).state()).toEqual(watch.state());
    expect(JSON.stringify(watch.state()).length).toBeLessThan(200_000);
  });

  it("counts the time in which nobody looked as unobserved, however short", () => {
    const frames = film([actor(SPOT)], frameTimes(2, 120));
    const watch = newWatch();
    watchFrames(watch, frames.slice(0, 41));
    const [candidate] = candidatesOf(watchFrames(passedOn(watch), frames.slice(45)));
    expect(candidate).toMatchObject({ dwellMs: 60_000, unobservedMs: 2_500, triggeredAt: { ptsSec: 62.5 } });
    expect(candidate?.ledger.map(({ kind }) => kind)).toEqual(["observed", "unobserved", "observed"]);
  });

  it("gives a candidate the id it had when the worker died after its trigger, however many frames were lost", () => {
    const scene = [0, 1, 2].map((index) =>
      actor([0.1 + index * 0.1, 0.8, 0.18 + index * 0.1, 0.9], {
        label: "bicycle",
        from: index * 10,
        jitter: 0.04,
      }),
    );
    const frames = film([actor(SPOT, { from: 5, jitter: 0.04 }), ...scene], frameTimes(2, 240));
    const watch = newWatch(CAMERA);
    watchFrames(watch, frames.slice(0, 80));
    const saved = JSON.parse(JSON.stringify(watch.state()));
    const first = candidatesOf(watchFrames(watch, frames.slice(80)));
    const again = candidatesOf(watchFrames(newWatch(CAMERA, saved), frames.slice(137)));
    expect(first.map(({ ruleId }) => ruleId).sort()).toEqual(["bikes", "parking"]);
    expect(again.map(({ candidateId }) => candidateId).sort()).toEqual(
      first.map(({ candidateId }) => candidateId).sort(),
    );
    expect(again[0]?.triggeredAt).not.toEqual(first[0]?.triggeredAt);
  });

  it("keeps track ids apart across a clock that jumped back", () => {
    const watch = newWatch();
    watchFrames(watch, later([actor(SPOT)], 200, 10));
    watchFrames(watch, later([actor(SPOT)], 50, 10));
    const next = passedOn(watch);
    watchFrames(next, later([actor(SPOT), actor(AWAY)], 61, 60));
    const ids = next.standing().standing.flatMap(({ trackIds }) => trackIds);
    expect(ids).toEqual(["1-1", "1-2"]);
  });

  it.each([
    ["no object", 7],
    ["another schema", { ...newWatch().state(), schema: 0 }],
    ["another camera", { ...newWatch().state(), cameraId: "cam-other" }],
    ["other rules", { ...newWatch().state(), desks: [] }],
    ["a part missing", { ...newWatch().state(), tracker: {} }],
  ])("refuses %s", (_, snapshot) => {
    expect(() => newWatch(makeCamera(), snapshot)).toThrow(BadSnapshotError);
    expect(() => newWatch(makeCamera(), snapshot)).toThrow(/Begin the watch anew/);
  });

  it("refuses whatever is left of a snapshot when any part of it is lost, or goes on; it never breaks", () => {
    const watch = newWatch(CAMERA);
    watchFrames(watch, film(street(5), frameTimes(2, 100)));
    const text = JSON.stringify(watch.state());
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("null", "-1", '"x"', "[]", "{}"), (at, other) => {
        const values = [...text.matchAll(/(?<=[:[,])(?:-?\d[\d.e+-]*|true|false|null|"[^"]*"(?!:))/g)];
        const hit = values[at % values.length];
        if (hit === undefined) throw new Error("nothing to damage");
        const damaged = JSON.parse(text.slice(0, hit.index) + other + text.slice(hit.index + hit[0].length));
        try {
          watchFrames(newWatch(CAMERA, damaged), film(street(5), [101, 102]));
        } catch (err) {
          expect(err).toBeInstanceOf(BadSnapshotError);
        }
      }),
      { numRuns: 150, seed: 20_260_302 },
    );
  });
});

describe("what is there after a time without a watch", () => {
  const reported = () => {
    const watch = newWatch();
    const [candidate] = candidatesOf(watchFrames(watch, film([actor(SPOT)], frameTimes(2, 100))));
    return { watch, candidateId: candidate?.candidateId };
  };

  it.each([105, 400, 1_000, 3_700])("the same car, at second %d: no second candidate", (fromSec) => {
    const { watch } = reported();
    const next = passedOn(watch);
    expect(watchFrames(next, later([actor(SPOT, { jitter: 0.05 })], fromSec, 300))).toEqual([]);
  });

  it.each([105, 400, 1_000, 3_700])("an empty place, at second %d: it has ended", (fromSec) => {
    const { watch, candidateId } = reported();
    const events = watchFrames(passedOn(watch), later([actor(AWAY)], fromSec, 300));
    expect(events.filter(({ type }) => type === "ended")).toMatchObject([{ candidateId }]);
  });

  it("another car at the place of a candidate: no second one until the place was seen empty", () => {
    const { watch } = reported();
    const next = passedOn(watch);
    const other = moved(SPOT, 0.03);
    expect(watchFrames(next, later([actor(other)], 1_000, 200))).toEqual([]);
    const events = watchFrames(next, later([actor(other, { from: 1_500 })], 1_201, 500));
    expect(events.map(({ type }) => type)).toEqual(["ended", "triggered"]);
  });

  it("another car where one stood that was not reported: the dwell of the first is not charged to it", () => {
    const watch = newWatch();
    watchFrames(watch, film([actor(SPOT)], frameTimes(2, 50)));
    const events = watchFrames(passedOn(watch), later([actor(moved(SPOT, 0.05))], 350, 100));
    expect(candidatesOf(events).map(({ startedAt }) => sceneSec(startedAt))).toEqual([350]);
  });
});

describe("a watch that is suspended", () => {
  it("says unobserved for that time, however short", () => {
    const watch = newWatch();
    watchFrames(watch, film([actor(SPOT)], frameTimes(2, 20)));
    watch.suspend();
    const [candidate] = candidatesOf(
      watchFrames(
        watch,
        film(
          [actor(SPOT)],
          frameTimes(2, 100).map((sec) => sec + 23),
        ),
      ),
    );
    expect(candidate).toMatchObject({ dwellMs: 60_000, unobservedMs: 3_000, triggeredAt: { ptsSec: 63 } });
  });

  it("fires nothing from the time before, once the view has moved, and ends what there was", () => {
    const watch = newWatch(CAMERA);
    const scene = [actor(SPOT), actor(AWAY, { from: 60 }), ...street(3).slice(3, 6)];
    const before = candidatesOf(watchFrames(watch, film(scene, frameTimes(2, 200))));
    expect(new Set(before.map(({ ruleId }) => ruleId))).toEqual(new Set(["parking", "bikes"]));
    const ended = watch.forgetPlaces();
    expect(ended.map((event) => (event.type === "ended" ? event.candidateId : "")).sort()).toEqual(
      before.map(({ candidateId }) => candidateId).sort(),
    );
    expect(watch.standing().standing).toEqual([]);
    const after = watchFrames(
      watch,
      film(
        scene,
        frameTimes(2, 100).map((sec) => sec + 201),
      ),
    );
    const anew = candidatesOf(after);
    expect(anew.length).toBeGreaterThan(0);
    for (const candidate of anew) {
      expect(sceneSec(candidate.startedAt)).toBeGreaterThanOrEqual(201);
      expect(sceneSec(candidate.triggeredAt)).toBeGreaterThanOrEqual(261);
      expect(before.map(({ candidateId }) => candidateId)).not.toContain(candidate.candidateId);
    }
  });
});

describe("a candidate that is taken back", () => {
  it("comes again under its id after 60 s, then after twice as long, also when the watch was passed on", () => {
    let watch = newWatch();
    const seconds: number[] = [];
    const ids = new Set<string>();
    for (const frame of film([actor(SPOT, { jitter: 0.04 })], frameTimes(2, 700))) {
      for (const candidate of candidatesOf(watchFrames(watch, [frame]))) {
        seconds.push(sceneSec(candidate.triggeredAt));
        ids.add(candidate.candidateId);
        expect(watch.retract(candidate.candidateId, candidate.triggeredAt.capturedAt)).toBe(true);
        watch = passedOn(watch);
      }
    }
    expect(ids.size).toBe(1);
    const pauses = seconds.slice(1).map((sec, index) => sec - (seconds[index] ?? 0));
    expect(pauses).toEqual([60, 120, 240]);
  });

  it("pauses an hour at most", () => {
    const watch = newWatch();
    const seconds: number[] = [];
    for (const frame of film([actor(SPOT)], frameTimes(0.5, 6 * 3_600))) {
      for (const candidate of candidatesOf(watchFrames(watch, [frame]))) {
        seconds.push(sceneSec(candidate.triggeredAt));
        watch.retract(candidate.candidateId, candidate.triggeredAt.capturedAt);
      }
    }
    const pauses = seconds.slice(1).map((sec, index) => sec - (seconds[index] ?? 0));
    expect(pauses.slice(-3)).toEqual([3_600, 3_600, 3_600]);
  });

  it("leaves the others alone, and has no end", () => {
    const watch = newWatch(CAMERA);
    const scene = street(3).slice(3, 6);
    const events = watchFrames(watch, film([actor(SPOT), ...scene], frameTimes(2, 200)));
    const group = candidatesOf(events).find(({ ruleId }) => ruleId === "bikes");
    if (group === undefined) throw new Error("no group");
    expect(watch.retract("cnd_unknown", 0)).toBe(false);
    expect(watch.retract(group.candidateId, sceneTime(200).capturedAt)).toBe(true);
    expect(watch.retract(group.candidateId, sceneTime(200).capturedAt)).toBe(false);
    const after = watchFrames(
      watch,
      film(
        [actor(SPOT), ...scene],
        frameTimes(2, 100).map((sec) => sec + 201),
      ),
    );
    expect(candidatesOf(after).map(({ candidateId }) => candidateId)).toEqual([group.candidateId]);
    const gone = watchFrames(
      watch,
      film(
        [],
        frameTimes(2, 300).map((sec) => sec + 302),
      ),
    );
    expect(gone.filter(({ type }) => type === "ended")).toHaveLength(2);
  });
});

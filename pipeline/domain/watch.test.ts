import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  actor,
  frameTimes,
  makeCamera,
  makeRule,
  moved,
  play,
  SCENE_START,
  sceneSec,
  seeded,
  sha256,
} from "../../test-fixtures/watch-scene.ts";
import type { Box } from "./types.ts";
import { CameraWatch } from "./watch.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const LIMIT_SEC = 60;

describe("one standing car", () => {
  it("is one candidate, at the limit, with its account and its sightings", () => {
    const { candidates, events } = play([actor(SPOT, { from: 10, jitter: 0.05 })], frameTimes(2, 200));
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({
      cameraId: "cam-test",
      ruleId: "parking",
      zoneId: "pavement",
      violation: "vehicle_sidewalk",
      trackIds: ["1"],
      label: "car",
      score: 0.8,
      startedAt: { ptsSec: 10 },
      triggeredAt: { ptsSec: 70 },
      endedAt: null,
      dwellMs: 60_000,
      unobservedMs: 0,
      ledger: [{ kind: "observed", from: SCENE_START + 10_000, to: SCENE_START + 70_000 }],
      keySightings: {
        first: { at: { ptsSec: 10 } },
        middle: { at: { ptsSec: 40 } },
        trigger: { at: { ptsSec: 70 } },
      },
    });
    expect(candidates[0]?.candidateId).toMatch(/^cnd_[0-9a-f]{26}$/);
    expect(candidates[0]?.ruleVersion).toMatch(/^[0-9a-f]{12}$/);
    expect(events).toHaveLength(1);
  });

  it("gives the same events byte for byte when played again", () => {
    const scene = () =>
      play(
        [
          actor(SPOT, { seen: 0.7, jitter: 0.1, random: seeded(4) }),
          actor(moved(SPOT, 0.3), { from: 20, seen: 0.8, jitter: 0.1, random: seeded(5) }),
        ],
        frameTimes(2, 200),
      ).events;
    expect(JSON.stringify(scene())).toBe(JSON.stringify(scene()));
    expect(scene().length).toBeGreaterThan(0);
  });

  it("ends with its last sighting, and a car that parks anew is a new candidate", () => {
    const leaves = (sec: number) => moved(SPOT, sec < 100 ? 0 : (sec - 100) * 0.05);
    const comes = (sec: number) => moved(SPOT, sec > 140 ? 0 : (sec - 140) * 0.05);
    const { events } = play([actor(leaves, { to: 108 }), actor(comes, { from: 134 })], frameTimes(2, 260));
    expect(events.map(({ type }) => type)).toEqual(["triggered", "ended", "triggered"]);
    const [first, ended, second] = events;
    if (first?.type !== "triggered" || ended?.type !== "ended" || second?.type !== "triggered") return;
    expect(ended.candidateId).toBe(first.candidate.candidateId);
    expect(sceneSec(ended.endedAt)).toBeGreaterThanOrEqual(100);
    expect(sceneSec(ended.endedAt)).toBeLessThanOrEqual(102);
    expect(sceneSec(second.candidate.startedAt)).toBeGreaterThanOrEqual(138);
    expect(sceneSec(second.candidate.startedAt)).toBeLessThanOrEqual(140);
  });

  it("does not fire when it leaves before the limit", () => {
    const stop = (sec: number) => moved(SPOT, sec < 55 ? 0 : (sec - 55) * 0.05);
    expect(play([actor(stop, { to: 65 })], frameTimes(2, 200)).candidates).toEqual([]);
  });

  it("does not fire outside the zone, with another label, or with low scores only", () => {
    const times = frameTimes(2, 120);
    expect(play([actor(moved(SPOT, 0, -0.3))], times).candidates).toEqual([]);
    expect(play([actor(SPOT, { label: "person" })], times).candidates).toEqual([]);
    const faint = (sec: number) => actor(SPOT, { score: sec < 1 ? 0.9 : 0.2 })(sec);
    expect(play([faint], times).candidates).toEqual([]);
  });

  it("survives a label that flickers between car and truck", () => {
    const random = seeded(3);
    const flicker = (sec: number) =>
      actor(SPOT, { label: random() < 0.4 ? "truck" : "car", jitter: 0.05 })(sec);
    const { candidates } = play([flicker], frameTimes(2, 300));
    expect(candidates.map(({ label }) => label)).toEqual(["car"]);
  });

  it("stays one candidate when its track is lost again and again", () => {
    const blinking = (sec: number) =>
      sec % 36 < 25 ? actor(SPOT, { jitter: 0.08, random: seeded(sec) })(sec) : null;
    const { candidates } = play([blinking], frameTimes(2, 1200));
    expect(candidates).toHaveLength(1);
    expect(candidates[0]?.unobservedMs).toBe(0);
  });
});

describe("occlusion and outage", () => {
  it("keeps apart the 30 s a bus stands in front, and fires later by just that", () => {
    const bus: Box = [0.2, 0.3, 0.6, 0.7];
    const { candidates } = play(
      [
        (sec) => (sec >= 20 && sec < 50 ? null : actor(SPOT)(sec)),
        actor(bus, { from: 20, to: 50, label: "bus", score: 0.9 }),
      ],
      frameTimes(2, 200),
    );
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({ dwellMs: 60_000, unobservedMs: 30_500 });
    expect(candidates[0]?.triggeredAt.ptsSec).toBe(90.5);
    expect(candidates[0]?.ledger.map(({ kind }) => kind)).toEqual(["observed", "unobserved", "observed"]);
  });

  it("stays one candidate when buses stop in front of it and their tracks go over to it and back", () => {
    const van: Box = [0.435, 0.472, 0.543, 0.577];
    const stop: Box = [0.4, 0.42, 0.56, 0.7];
    const drive = (sec: number) => 0.06 * (Math.min(0, (sec % 900) - 308) + Math.max(0, (sec % 900) - 592));
    const passes = (sec: number) => sec > 900 && Math.abs(drive(sec)) < 0.6;
    const hides = (sec: number) => passes(sec) && Math.abs(drive(sec)) < 0.09;
    const seesVan = actor(van, { score: 0.45, jitter: 0.02, random: seeded(3) });
    const seesBus = actor((sec) => moved(stop, drive(sec)), { label: "bus", score: 0.85, jitter: 0.01 });
    const { events } = play(
      [(sec) => (hides(sec) ? null : seesVan(sec)), (sec) => (passes(sec) ? seesBus(sec) : null)],
      frameTimes(0.5, 9_000),
      {
        ...makeCamera(),
        zones: [
          {
            id: "pavement",
            polygon: [
              [0, 0.4],
              [1, 0.4],
              [1, 0.6],
              [0, 0.6],
            ],
          },
        ],
      },
    );
    expect(events.map(({ type }) => type)).toEqual(["triggered"]);
  });

  it("reports a hole in the stream as unobserved", () => {
    const times = frameTimes(2, 200).filter((sec) => sec < 30 || sec >= 55);
    const { candidates } = play([actor(SPOT)], times);
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({ dwellMs: 60_000, unobservedMs: 25_500 });
  });

  it("starts anew when nobody can say what stood there for an hour", () => {
    const times = frameTimes(2, 3_800).filter((sec) => sec < 50 || sec >= 3_650);
    const { candidates } = play([actor(SPOT)], times);
    expect(candidates.map(({ startedAt }) => startedAt.ptsSec)).toEqual([3_650]);
  });

  it("takes a car seen by the detector in a cut box for the same car", () => {
    const cut: Box = [0.3, 0.45, 0.42, 0.6];
    const half = (sec: number) => actor(sec >= 20 && sec < 40 ? cut : SPOT, { jitter: 0.03 })(sec);
    const { candidates } = play([half], frameTimes(5, 100));
    expect(candidates.map(({ triggeredAt }) => triggeredAt.ptsSec)).toEqual([60]);
  });
});

describe("how surely it must be seen", () => {
  it("fires within dwell + 3 s when 60 % of the frames show it", () => {
    const late: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed);
      const { candidates } = play(
        [actor(SPOT, { seen: 0.62, jitter: 0.05, score: 0.45, random })],
        frameTimes(2, 120),
      );
      expect(candidates).toHaveLength(1);
      late.push(sceneSec(candidates[0]?.triggeredAt ?? { capturedAt: 0 }) - LIMIT_SEC);
    }
    expect(Math.max(...late)).toBeLessThanOrEqual(3);
  });

  it("does not wait for a detector that misses it for twelve seconds on end", () => {
    const blind = (sec: number) => (sec >= 20 && sec < 32 ? null : actor(SPOT)(sec));
    const { candidates } = play([blind], frameTimes(2, 120));
    expect(candidates.map(({ triggeredAt }) => triggeredAt.ptsSec)).toEqual([60]);
  });

  it("does not fire at what is seen in a tenth of the frames", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seeded(seed);
      const ghost = actor(SPOT, { seen: 0.1, score: 0.7, random });
      expect(play([ghost], frameTimes(2, 600)).candidates).toEqual([]);
    }
  });
});

describe("sampling", () => {
  it("keeps dwell true at 25, 5 and 0.5 fps with lost frames and a hole of 20 s", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(25, 5, 0.5),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 10, max: 40 }),
        (fps, seed, holeFrom) => {
          const random = seeded(seed);
          const limit = fps === 25 ? 60 : 120;
          const times = frameTimes(fps, limit + 90).filter(
            (sec) => random() >= 0.3 && !(sec > holeFrom && sec < holeFrom + 20),
          );
          const rules = [makeRule({ dwellSeconds: limit })];
          const [candidate] = play(
            [actor(SPOT, { jitter: 0.04, random: seeded(seed + 1) })],
            times,
            makeCamera(rules),
          ).candidates;
          if (candidate === undefined) throw new Error("no candidate");
          const until = sceneSec(candidate.triggeredAt);
          const gaps = times
            .slice(1)
            .map((sec, index) => ({ sec, length: sec - (times[index] ?? 0) }))
            .filter(({ sec }) => sec <= until);
          const hole = Math.max(...gaps.map(({ length }) => length));
          const ordinary = gaps.map(({ length }) => length).filter((length) => length < hole);
          const trueDwell = until - sceneSec(candidate.startedAt) - hole;
          expect(Math.abs(candidate.dwellMs / 1000 - trueDwell)).toBeLessThanOrEqual(Math.max(...ordinary));
          expect(candidate.dwellMs + candidate.unobservedMs).toBe(
            candidate.triggeredAt.capturedAt - candidate.startedAt.capturedAt,
          );
          expect(candidate.unobservedMs).toBeGreaterThanOrEqual(20_000 - 1);
        },
      ),
      { numRuns: 60, seed: 20_260_302 },
    );
  });

  it("moves no trigger by more than an interval and a second at half the rate", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 15, max: 90, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (fps, seed, limit, from) => {
          const rules = [makeRule({ dwellSeconds: limit })];
          const triggerAt = (rate: number) => {
            const parked = actor(SPOT, { from, jitter: 0.05, random: seeded(seed) });
            const [candidate] = play([parked], frameTimes(rate, 150), makeCamera(rules)).candidates;
            return sceneSec(candidate?.triggeredAt ?? { capturedAt: 0 });
          };
          expect(Math.abs(triggerAt(fps) - triggerAt(fps / 2))).toBeLessThanOrEqual(2 / fps + 1);
        },
      ),
      { numRuns: 40, seed: 20_260_302 },
    );
  });
});

describe("time that does not run", () => {
  it("ignores frames that repeat, come late or have no time", () => {
    const watch = new CameraWatch(makeCamera(), { hash: sha256 });
    const at = (sec: number) => ({ capturedAt: SCENE_START + sec * 1000, ptsSec: sec });
    const seen = [{ label: "car", score: 0.9, box: SPOT }];
    for (const sec of [0, 1, 1, 0.5, 2, Number.NaN, 3]) watch.observe(seen, at(sec));
    expect(watch.standing().standing).toMatchObject([{ dwellMs: 3_000, visible: true }]);
  });

  it("begins anew when the stream jumps back, without a second candidate for what stands", () => {
    const watch = new CameraWatch(makeCamera(), { hash: sha256 });
    const at = (sec: number) => ({ capturedAt: SCENE_START + sec * 1000, ptsSec: sec });
    const seen = (box: Box) => ({ label: "car", score: 0.9, box });
    const parked = seen(SPOT);
    const newcomer = seen(moved(SPOT, 0.3));
    const first = frameTimes(2, 100).flatMap((sec) =>
      watch.observe(sec > 50 ? [parked, newcomer] : [parked], at(1_000 + sec)),
    );
    const second = frameTimes(2, 70).flatMap((sec) => watch.observe([parked, newcomer], at(sec)));
    expect(first.map(({ type }) => type)).toEqual(["triggered"]);
    expect(second).toMatchObject([
      { type: "triggered", candidate: { dwellMs: 60_000, unobservedMs: 0, startedAt: { ptsSec: 0 } } },
    ]);
  });
});

describe("a day of it", () => {
  it("is one candidate: lost at random, dark at night, reconnecting, and memory stays small", () => {
    const random = seeded(99);
    const reconnects = (sec: number) => sec % 3_600 > 3_500 && sec % 3_600 < 3_560;
    const night = (sec: number) => sec > 12 * 3_600 && sec < 20 * 3_600;
    const times = frameTimes(0.5, 24 * 3_600).filter((sec) => !night(sec) && !reconnects(sec));
    const lost = (sec: number) => sec % 900 < 100 && sec > 1_000;
    const parked = actor(SPOT, { from: 600, seen: 0.8, jitter: 0.08, random });
    const { candidates, watch, events } = play([(sec) => (lost(sec) ? null : parked(sec))], times);
    expect(candidates).toHaveLength(1);
    expect(events).toHaveLength(1);
    const [standing, ...more] = watch.standing().standing;
    expect(more).toEqual([]);
    expect(standing?.trackIds.length).toBeLessThanOrEqual(64);
  });
});

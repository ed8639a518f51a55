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
import { InvalidInputError } from "./errors.ts";
import type { Box, Rule } from "./types.ts";
import { CameraWatch } from "./watch.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const cameraWith = (changes: Partial<Rule>) => makeCamera([makeRule(changes)]);

describe("when a rule is in force", () => {
  // The scene begins on Monday at 10:00 in Shanghai.
  const opensAt = (minute: number) => [{ days: [1], fromMinute: 600 + minute, toMinute: 720 }];

  it("counts dwell only from the opening of its window", () => {
    const camera = cameraWith({ schedule: opensAt(2) });
    const [candidate] = play([actor(SPOT, { jitter: 0.03 })], frameTimes(2, 300), camera).candidates;
    expect(candidate).toMatchObject({ dwellMs: 60_000, keySightings: { first: { at: { ptsSec: 120 } } } });
    expect(candidate?.startedAt.ptsSec).toBe(120);
    expect(candidate?.triggeredAt.ptsSec).toBe(180);
    expect(candidate?.keySightings.middle.at.ptsSec).toBeGreaterThan(130);
    expect(candidate?.keySightings.middle.at.ptsSec).toBeLessThan(170);
  });

  it("does not fire in a window that closes before the limit, nor by adding up windows", () => {
    const schedule = [
      { days: [1], fromMinute: 600, toMinute: 600.75 },
      { days: [1], fromMinute: 602, toMinute: 602.75 },
    ];
    expect(play([actor(SPOT)], frameTimes(2, 300), cameraWith({ schedule })).candidates).toEqual([]);
  });

  it("is silent before its first day and from its last day on", () => {
    const at = (changes: Partial<Rule>) =>
      play([actor(SPOT)], frameTimes(2, 120), cameraWith(changes)).candidates.length;
    expect(at({ effectiveFrom: "2026-03-02" })).toBe(1);
    expect(at({ effectiveFrom: "2026-03-03" })).toBe(0);
    expect(at({ effectiveTo: "2026-03-02" })).toBe(0);
    expect(at({ effectiveTo: "2026-03-03" })).toBe(1);
  });
});

describe("a model that knows only coarse classes", () => {
  it("serves a rule that names the kinds", () => {
    const camera = cameraWith({ labels: ["car", "truck"] });
    const { candidates } = play([actor(SPOT, { label: "vehicle" })], frameTimes(2, 150), camera);
    expect(candidates.map(({ label }) => label)).toEqual(["vehicle"]);
  });

  it("does not serve a rule about something else", () => {
    const camera = cameraWith({ labels: ["bicycle"] });
    expect(play([actor(SPOT, { label: "vehicle" })], frameTimes(2, 150), camera).candidates).toEqual([]);
  });
});

describe("a minimum count", () => {
  const bikes = { labels: ["bicycle"], minCount: 3, zone: "pavement" };
  const bike = (index: number, from: number, to?: number) =>
    actor([0.1 + index * 0.15, 0.5, 0.18 + index * 0.15, 0.62], {
      label: "bicycle",
      from,
      jitter: 0.05,
      random: seeded(index + 1),
      ...(to === undefined ? {} : { to }),
    });

  it("fires once for the group, from the moment the count was reached", () => {
    const { candidates } = play(
      [bike(0, 0), bike(1, 20), bike(2, 40), bike(3, 70)],
      frameTimes(2, 300),
      cameraWith(bikes),
    );
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({ label: "bicycle", startedAt: { ptsSec: 40 }, unobservedMs: 0 });
    expect(candidates[0]?.triggeredAt.ptsSec).toBe(100);
    expect(candidates[0]?.trackIds).toHaveLength(4);
    expect(candidates[0]?.box[0]).toBeLessThan(0.12);
    expect(candidates[0]?.box[2]).toBeGreaterThan(0.6);
  });

  it("does not fire for fewer, and a member that leaves breaks the count", () => {
    const camera = cameraWith(bikes);
    expect(play([bike(0, 0), bike(1, 0)], frameTimes(2, 200), camera).candidates).toEqual([]);
    const broken = play([bike(0, 0), bike(1, 0), bike(2, 0, 40)], frameTimes(2, 200), camera);
    expect(broken.candidates).toEqual([]);
  });

  it("goes on when one leaves and another had come before", () => {
    const scene = [bike(0, 0), bike(1, 0), bike(2, 0, 40), bike(3, 20)];
    const { candidates } = play(scene, frameTimes(2, 200), cameraWith(bikes));
    expect(candidates.map(({ triggeredAt }) => triggeredAt.ptsSec)).toEqual([60]);
  });

  it("ends when too few are left", () => {
    const scene = [bike(0, 0), bike(1, 0), bike(2, 0, 100)];
    const { events } = play(scene, frameTimes(2, 400), cameraWith(bikes));
    expect(events.map(({ type }) => type)).toEqual(["triggered", "ended"]);
    const ended = events[1];
    expect(ended?.type === "ended" && sceneSec(ended.endedAt)).toBe(99.5);
  });
});

describe("rules for what may move about in its zone", () => {
  const stall = { stationary: false, labels: ["umbrella"], dwellSeconds: 60 };
  const look = { label: "umbrella", jitter: 0.05 };

  it("fire at presence, not at standing still", () => {
    const wandering = (sec: number) => moved(SPOT, 0.15 * Math.sin(sec / 10), 0.05 * Math.cos(sec / 7));
    const { candidates } = play([actor(wandering, look)], frameTimes(2, 150), cameraWith(stall));
    expect(candidates).toHaveLength(1);
    expect(candidates[0]?.triggeredAt.ptsSec).toBe(60);
    expect(
      play([actor(wandering, look)], frameTimes(2, 150), cameraWith({ ...stall, stationary: true }))
        .candidates,
    ).toEqual([]);
  });

  it("do not start anew while a box jitters over the line", () => {
    // The lower edge of the zone is at 0.95: the ground point is in and out by a hundredth.
    const random = seeded(8);
    const edge = (): Box => [0.3, 0.8, 0.45, 0.945 + 0.02 * (random() - 0.5)];
    const { candidates } = play([actor(edge, { label: "umbrella" })], frameTimes(2, 150), cameraWith(stall));
    expect(candidates).toHaveLength(1);
    expect(sceneSec(candidates[0]?.triggeredAt ?? { capturedAt: 0 })).toBeLessThan(64);
  });

  it("end when it is seen leaving, and begin again with its return", () => {
    // Every minute it moves up out of the zone and comes back.
    const away = (sec: number) => Math.max(0, Math.min(1, (sec - 40) / 5, (60 - sec) / 5));
    const inAndOut = (sec: number) => moved(SPOT, 0, -0.35 * away(sec % 60));
    expect(play([actor(inAndOut, look)], frameTimes(2, 300), cameraWith(stall)).candidates).toEqual([]);
  });
});

describe("the watch", () => {
  it("judges every rule on its own", () => {
    const camera = makeCamera([
      makeRule({ id: "short", dwellSeconds: 30 }),
      makeRule({ id: "long", dwellSeconds: 90 }),
      makeRule({ id: "bikes", labels: ["bicycle"] }),
    ]);
    const { candidates } = play([actor(SPOT)], frameTimes(2, 120), camera);
    expect(candidates.map(({ ruleId, dwellMs }) => [ruleId, dwellMs])).toEqual([
      ["short", 30_000],
      ["long", 90_000],
    ]);
  });

  it("refuses a rule without its zone", () => {
    const camera = cameraWith({ zone: "nowhere" });
    expect(() => new CameraWatch(camera, { hash: sha256 })).toThrow(InvalidInputError);
  });

  it("tells what stands where, and how far it is", () => {
    const watch = new CameraWatch(makeCamera(), { hash: sha256 });
    expect(watch.standing()).toEqual({ at: null, objects: 0, standing: [] });
    for (const sec of frameTimes(2, 30)) {
      watch.observe([{ label: "car", score: 0.9, box: SPOT }], {
        capturedAt: SCENE_START + sec * 1000,
        ptsSec: sec,
      });
    }
    expect(watch.standing()).toMatchObject({
      objects: 1,
      standing: [
        {
          ruleId: "parking",
          zoneId: "pavement",
          label: "car",
          dwellMs: 30_000,
          limitMs: 60_000,
          candidateId: null,
        },
      ],
    });
  });

  it("gives versions that change with the zone or the rule, and only with them", () => {
    const versions = (rule: Partial<Rule>, shift = 0) => {
      const camera = cameraWith(rule);
      const zones = camera.zones.map((zone) => ({
        ...zone,
        polygon: zone.polygon.map(([x, y]) => [x + shift, y] as const),
      }));
      const [candidate] = play([actor(SPOT)], frameTimes(2, 120), { ...camera, zones }).candidates;
      return [candidate?.zoneVersion, candidate?.ruleVersion];
    };
    const [zone, rule] = versions({});
    expect(versions({})).toEqual([zone, rule]);
    expect(versions({}, 0.01)).toEqual([expect.not.stringMatching(zone ?? ""), rule]);
    expect(versions({ graceSeconds: 60 })).toEqual([zone, expect.not.stringMatching(rule ?? "")]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Actor, jittered, playScene } from "../../../test-fixtures/tracks/scene.ts";
import { iou } from "../box.ts";
import type { Box, Detection } from "../types.ts";
import { Tracker } from "./tracker.ts";

const PARKED: Box = [0.4, 0.6, 0.5, 0.67];
const NEIGHBOUR: Box = [0.49, 0.6, 0.59, 0.67];
const RATES = [0.5, 2, 5, 25];

const car = (box: Box, score = 0.7, label = "car"): Detection => ({ box, score, label });
const shifted = ([x1, y1, x2, y2]: Box, dx: number, dy = 0): Box => [x1 + dx, y1 + dy, x2 + dx, y2 + dy];

/** Stands from the start; the detector misses it while `hidden` says so. */
function parked(name: string, box: Box, hidden: (sec: number) => boolean = () => false): Actor {
  return { name, see: (sec, random) => (hidden(sec) ? null : car(jittered(box, random))) };
}

/** A bus crossing in front from left to right, four times the size of the parked car, stopping before it. */
const bus: Actor = {
  name: "bus",
  see: (sec, random) => {
    if (sec < 26 || sec > 66) return null;
    const x = sec < 30 ? 0.05 + 0.065 * (sec - 26) : sec < 60 ? 0.31 : 0.31 + 0.1 * (sec - 60);
    return car(jittered([x, 0.5, x + 0.3, 0.72], random), 0.9, "bus");
  },
};
const behindBus = (sec: number) => sec >= 29 && sec < 61.5;

describe("a standing object", () => {
  it.each(RATES)("keeps its id behind a bus for 30 s, and the bus gets another (%d fps)", (fps) => {
    const scene = [parked("car", PARKED, behindBus), bus];
    const { idsOf, actorsOf } = playScene(new Tracker(), scene, { fps, sec: 120 });
    expect(idsOf.get("car")).toHaveLength(1);
    expect([...actorsOf.values()].every((actors) => actors.length === 1)).toBe(true);
  });

  it.each(RATES)("is remembered at its place for two minutes, without drifting (%d fps)", (fps) => {
    const tracker = new Tracker();
    playScene(tracker, [parked("car", PARKED)], { fps, sec: 20 });
    for (let sec = 22; sec <= 140; sec += 2) {
      const [lost] = tracker.update([], sec * 1000).active;
      expect(lost).toMatchObject({ id: "1", observed: false, measured: null });
      expect(iou(lost?.box ?? [0, 0, 0, 0], PARKED)).toBeGreaterThan(0.9);
    }
    expect(tracker.update([car(PARKED)], 141_000).active).toMatchObject([{ id: "1", observed: true }]);
  });

  it("is forgotten at last, and what stands there then is somebody else", () => {
    const tracker = new Tracker({ standingMemorySec: 60 });
    playScene(tracker, [parked("car", PARKED)], { fps: 2, sec: 20 });
    const later = tracker.update([car(PARKED)], 90_000);
    expect(later.removed).toEqual(["1"]);
    expect(later.active.map(({ id }) => id)).toEqual(["2"]);
  });

  it.each(RATES)("does not swap with the one beside it, however often either is missed (%d fps)", (fps) => {
    const flickering = (name: string, box: Box): Actor => ({
      name,
      see: (_, random) => (random() < 0.4 ? null : car(jittered(box, random, 0.05), 0.15 + 0.7 * random())),
    });
    for (let seed = 1; seed <= 20; seed++) {
      const scene = [flickering("left", PARKED), flickering("right", NEIGHBOUR)];
      const { idsOf } = playScene(new Tracker(), scene, { fps, sec: 120, seed });
      const [left, right] = [idsOf.get("left"), idsOf.get("right")];
      expect(left?.filter((id) => right?.includes(id))).toEqual([]);
    }
  });

  it.each(RATES)("keeps id and box while half of it is covered (%d fps)", (fps) => {
    const halfCovered: Actor = {
      name: "car",
      see: (sec, random) => {
        const [x1, y1, x2, y2] = jittered(PARKED, random);
        return car(
          sec > 20 && sec < 60 ? [x1, y1, x1 + (x2 - x1) * 0.4, y1 + (y2 - y1) * 0.9] : [x1, y1, x2, y2],
        );
      },
    };
    const tracker = new Tracker();
    playScene(tracker, [halfCovered], { fps, sec: 50 });
    const [half, ...others] = tracker.update([], 50_500).active;
    expect(others).toEqual([]);
    expect(iou(half?.box ?? [0, 0, 0, 0], PARKED)).toBeGreaterThan(0.85);
    const { idsOf } = playScene(new Tracker(), [halfCovered], { fps, sec: 90 });
    expect(idsOf.get("car")).toHaveLength(1);
  });

  it("stays where it is when one detection joins it with its neighbour", () => {
    const tracker = new Tracker();
    playScene(tracker, [parked("car", PARKED)], { fps: 2, sec: 20 });
    const joined = tracker.update([car([0.4, 0.6, 0.59, 0.67])], 20_500);
    expect(joined.active[0]?.id).toBe("1");
    const after = tracker.update([car(PARKED)], 21_000);
    expect(after.active[0]).toMatchObject({ id: "1", observed: true });
    expect(iou(after.active[0]?.box ?? [0, 0, 0, 0], PARKED)).toBeGreaterThan(0.9);
  });

  it("is followed under its id when it drives off", () => {
    const leaving: Actor = {
      name: "car",
      see: (sec, random) => car(jittered(shifted(PARKED, sec < 20 ? 0 : 0.005 * (sec - 20) ** 2), random)),
    };
    const { idsOf } = playScene(new Tracker(), [leaving], { fps: 5, sec: 28 });
    expect(idsOf.get("car")).toEqual(["1"]);
  });
});

describe("moving objects", () => {
  it.each([0.5, 2, 5])("never swap where two lanes cross (%d fps)", (fps) => {
    for (let seed = 1; seed <= 20; seed++) {
      const driving = (name: string, y: number, from: number, speed: number): Actor => ({
        name,
        see: (sec, random) => {
          const x = from + speed * sec;
          return x < 0 || x > 0.9 ? null : car(jittered([x, y, x + 0.1, y + 0.07], random, 0.02));
        },
      });
      const scene = [driving("east", 0.55, 0, 0.05), driving("west", 0.6, 0.9, -0.05)];
      const { actorsOf } = playScene(new Tracker(), scene, { fps, sec: 18, seed });
      expect([...actorsOf.values()].filter((actors) => actors.length > 1)).toEqual([]);
    }
  });

  it("are forgotten a few seconds after they were last seen", () => {
    const driving: Actor = { name: "car", see: (sec) => (sec > 5 ? null : car(shifted(PARKED, 0.04 * sec))) };
    const tracker = new Tracker();
    playScene(tracker, [driving], { fps: 5, sec: 7 });
    expect(tracker.update([], 7_200).active.map(({ id }) => id)).toEqual(["1"]);
    expect(tracker.update([], 8_400).removed).toEqual(["1"]);
  });

  it("are found again across a short occlusion, further along their way", () => {
    const driving: Actor = {
      name: "car",
      see: (sec) => (sec > 3 && sec < 4 ? null : car(shifted([0.1, 0.6, 0.2, 0.67], 0.06 * sec))),
    };
    const { idsOf } = playScene(new Tracker(), [driving], { fps: 10, sec: 8 });
    expect(idsOf.get("car")).toEqual(["1"]);
  });
});

describe("labels and scores", () => {
  it("keeps one track while the label flickers among vehicles, and calls it by the majority", () => {
    const labels = ["car", "truck", "car", "bus", "car", "van"];
    const tracker = new Tracker();
    const last = labels.map((label, index) => tracker.update([car(PARKED, 0.6, label)], index * 500)).at(-1);
    expect(last?.active).toMatchObject([{ id: "1", label: "car", confirmed: true }]);
  });

  it("takes two boxes of two classes on one object for one", () => {
    const tracker = new Tracker();
    const both = [car(PARKED, 0.6), car(shifted(PARKED, 0.004), 0.5, "truck")];
    tracker.update(both, 0);
    expect(tracker.update(both, 500).active).toHaveLength(1);
  });

  it("never joins a person and a vehicle", () => {
    const tracker = new Tracker();
    tracker.update([car(PARKED)], 0);
    tracker.update([car(PARKED)], 500);
    const { active } = tracker.update([car(PARKED, 0.9, "person")], 1000);
    expect(active.map(({ id, label, observed }) => [id, label, observed])).toEqual([
      ["1", "car", false],
      ["2", "person", true],
    ]);
  });

  it("follows an object on doubtful scores, but is born and confirmed only as told", () => {
    const tracker = new Tracker({ birthScore: 0.5 });
    expect(tracker.update([car(PARKED, 0.49)], 0).active).toEqual([]);
    expect(tracker.update([car(PARKED, 0.5)], 500).active).toMatchObject([{ confirmed: false }]);
    expect(tracker.update([car(PARKED, 0.12)], 1000).active).toMatchObject([{ id: "1", confirmed: true }]);
    expect(tracker.update([car(PARKED, 0.05)], 1500).active).toMatchObject([{ id: "1", observed: false }]);
  });

  it.each([0.5, 5])("confirms on a second sighting within three looks, not later (%d fps)", (fps) => {
    const stepMs = 1000 / fps;
    const sightings = (looks: readonly number[]) => {
      const tracker = new Tracker();
      for (let look = 0; look < 10; look++) tracker.update([], look * stepMs);
      return looks.map((look) =>
        tracker.update(look < 0 ? [] : [car(PARKED)], (10 + Math.abs(look)) * stepMs),
      );
    };
    expect(sightings([0, -1, -2, 3]).at(-1)?.active).toMatchObject([{ id: "1", confirmed: true }]);
    expect(sightings([0, -1, -2, -3, 4]).at(-1)?.active).toMatchObject([{ id: "2", confirmed: false }]);
  });
});

describe("any input", () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  const detection = fc.record({
    box: fc
      .tuple(coordinate, coordinate, coordinate, coordinate)
      .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]),
    label: fc.constantFrom("car", "truck", "person"),
    score: coordinate,
  });
  const looks = fc.array(fc.array(detection, { maxLength: 8 }), { maxLength: 12 });

  it("gives the same tracks whatever the order of detections", () => {
    fc.assert(
      fc.property(looks, (frames) => {
        const [forth, back] = [new Tracker(), new Tracker()];
        frames.forEach((frame, index) => {
          const reversed = [...frame].reverse();
          expect(back.update(reversed, index * 400)).toEqual(forth.update(frame, index * 400));
        });
      }),
    );
  });

  it("is the same in pixels as in a 0–1 picture", () => {
    fc.assert(
      fc.property(looks, (frames) => {
        const [unit, pixels] = [new Tracker(), new Tracker()];
        frames.forEach((frame, index) => {
          const scaled = frame.map((one) => ({
            ...one,
            box: one.box.map((v) => v * 1024) as unknown as Box,
          }));
          const ids = (tracker: Tracker, input: readonly Detection[]) =>
            tracker.update(input, index * 400).active.map(({ id, observed }) => [id, observed]);
          expect(ids(pixels, scaled)).toEqual(ids(unit, frame));
        });
      }),
    );
  });

  it("survives timestamps that stand still, go back, leap or are none", () => {
    const stamp = fc.oneof(fc.integer({ min: -1e12, max: 1e13 }), fc.constantFrom(0, Number.NaN, Infinity));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stamp, fc.array(detection, { maxLength: 5 })), { maxLength: 12 }),
        (script) => {
          const tracker = new Tracker();
          for (const [at, seen] of script) {
            for (const { box } of tracker.update(seen, at).active)
              expect(box.every(Number.isFinite)).toBe(true);
          }
        },
      ),
    );
  });

  it("counts a step back as no time passed and goes on from there", () => {
    const tracker = new Tracker();
    playScene(tracker, [parked("car", PARKED)], { fps: 2, sec: 20 });
    tracker.update([], -3_600_000);
    expect(tracker.update([car(PARKED)], -3_599_500).active).toMatchObject([{ id: "1", observed: true }]);
  });

  it("ignores boxes without area and with numbers that are none", () => {
    const broken: Box[] = [
      [0.1, 0.1, 0.1, 0.5],
      [0.5, 0.1, 0.1, 0.5],
      [Number.NaN, 0, 1, 1],
      [0, 0, Infinity, 1],
    ];
    const tracker = new Tracker();
    expect(
      tracker.update(
        broken.map((box) => car(box)),
        0,
      ).active,
    ).toEqual([]);
    expect(tracker.update([car(PARKED, Number.NaN)], 1).active).toEqual([]);
  });
});

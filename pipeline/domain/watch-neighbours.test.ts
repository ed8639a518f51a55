import { describe, expect, it } from "vitest";
import {
  actor,
  frameTimes,
  makeCamera,
  makeRule,
  moved,
  play,
  sceneSec,
  seeded,
} from "../../test-fixtures/watch-scene.ts";
import type { Box } from "./types.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const LIMIT_SEC = 60;

describe("neighbours and traffic", () => {
  it("makes two candidates of two overlapping standing cars", () => {
    const beside = moved(SPOT, 0.1, 0.02);
    const { candidates } = play(
      [
        actor(SPOT, { seen: 0.9, jitter: 0.04, random: seeded(1) }),
        actor(beside, { seen: 0.9, jitter: 0.04, random: seeded(2) }),
      ],
      frameTimes(2, 300),
    );
    expect(candidates).toHaveLength(2);
    expect(new Set(candidates.map(({ candidateId }) => candidateId)).size).toBe(2);
  });

  it("does not take a weak box inside a car, or around a row of cars, for another vehicle", () => {
    const steady = (score: number, seed: number) => ({ score, jitter: 0.02, random: seeded(seed) });
    const { candidates } = play(
      [
        actor(SPOT, steady(0.8, 1)),
        actor(moved(SPOT, 0.22), steady(0.7, 2)),
        actor([0.36, 0.46, 0.44, 0.52], steady(0.4, 3)),
        actor([0.3, 0.44, 0.72, 0.61], steady(0.4, 4)),
      ],
      frameTimes(2, 150),
    );
    expect(candidates.map(({ score }) => score).sort()).toEqual([0.7, 0.8]);
  });

  it("judges a car by the surest of the boxes around it", () => {
    // One that is half beside the car was the surer one at first; its track comes first ever after.
    const weak = (sec: number) =>
      actor([0.3, 0.45, 0.5, Math.floor(sec) % 2 === 0 ? 0.72 : 0.68], { score: sec < 1 ? 0.5 : 0.2 })(sec);
    const car = (sec: number) => actor(SPOT, { score: sec < 1 ? 0.45 : 0.7 })(sec);
    const { candidates } = play([weak, car], frameTimes(2, 100));
    expect(candidates).toHaveLength(1);
    expect(candidates[0]?.triggeredAt.ptsSec).toBeLessThanOrEqual(LIMIT_SEC + 3);
  });

  it("is not kept quiet by a box around several things that stands nowhere in the zone", () => {
    const pile: Box = [0.1, 0.42, 0.7, 0.99];
    const { candidates } = play(
      [actor(SPOT, { score: 0.4, jitter: 0.02 }), actor(pile, { label: "truck", score: 0.45 })],
      frameTimes(2, 100),
    );
    expect(candidates.map(({ label }) => label)).toEqual(["car"]);
  });

  it("waits for a look that shows it where it stands", () => {
    // At the limit a neighbour is taken for part of it.
    const grown: Box = [0.3, 0.45, 0.5, 0.76];
    const seen = (sec: number) => actor(sec >= 58 && sec < 62 ? grown : SPOT)(sec);
    const { candidates } = play([seen], frameTimes(2, 100));
    expect(candidates.map(({ triggeredAt }) => sceneSec(triggeredAt))).toEqual([62]);
  });

  it("does not take a large box that changes all the time for a vehicle", () => {
    const changing = (scale: number) => {
      const random = seeded(5);
      return (sec: number) => {
        const left = 0.3 + scale * 0.3 * random();
        return actor([left, 0.8 - scale / 2, 0.3 + scale * (0.7 + 0.3 * random()), 0.8], { score: 0.5 })(sec);
      };
    };
    expect(play([changing(0.6)], frameTimes(2, 200)).candidates).toEqual([]);
    // Of a small one, as many pixels to and fro are all that can be asked.
    expect(play([changing(0.1)], frameTimes(2, 200)).candidates).toHaveLength(1);
  });

  it("counts a car in front of a lorry as well as the lorry", () => {
    // What stands in front reaches lower in the picture.
    const lorry: Box = [0.25, 0.3, 0.65, 0.57];
    const { candidates } = play(
      [actor(SPOT, { score: 0.7 }), actor(lorry, { score: 0.8, label: "truck" })],
      frameTimes(2, 150),
    );
    expect(candidates.map(({ label }) => label).sort()).toEqual(["car", "truck"]);
  });

  it.each([0.5, 2, 5, 25])("never fires at vehicles that drive through, at %d fps", (fps) => {
    const lane = (offset: number) => (sec: number) => {
      const x = ((sec * 0.12 + offset) % 1.4) - 0.2;
      return actor([x, 0.5, x + 0.18, 0.62], { random: seeded(7), jitter: 0.03 })(sec);
    };
    const { candidates } = play([0, 0.4, 0.8, 1.1].map(lane), frameTimes(fps, 200));
    expect(candidates).toEqual([]);
  });

  // At 0.5 fps such a queue cannot be told from cars that stand: a track sees one odd box in ten.
  it.each([1, 2, 5])("never fires at a queue that creeps on, at %d fps", (fps) => {
    // Every 25 s each car moves up one length; a place is never empty for long, a car never stays.
    const queue = (index: number) => (sec: number) => {
      const step = Math.floor(sec / 25) + Math.min(1, (sec % 25) / 4);
      const x = 1.2 - 0.22 * (step - index);
      return x > -0.3 && x < 1.1 ? actor([x, 0.5, x + 0.2, 0.62], { jitter: 0.03 })(sec) : null;
    };
    const cars = Array.from({ length: 12 }, (_, index) => queue(index));
    const rules = [makeRule({ dwellSeconds: 30 })];
    expect(play(cars, frameTimes(fps, 250), makeCamera(rules)).candidates).toEqual([]);
  });

  it("never fires at a car that creeps all the time", () => {
    const creeping = (sec: number) => actor(moved(SPOT, sec * 0.004), { jitter: 0.03 })(sec);
    expect(play([creeping], frameTimes(2, 110)).candidates).toEqual([]);
  });

  it("does not let a passing car end or take over what stands", () => {
    const passing = (sec: number) => {
      const x = ((sec % 30) - 10) * 0.06;
      return actor([x, 0.5, x + 0.2, 0.66], { score: 0.9 })(sec);
    };
    const { candidates } = play(
      [actor(SPOT, { seen: 0.8, jitter: 0.05, random: seeded(11) }), passing],
      frameTimes(5, 200),
    );
    expect(candidates).toHaveLength(1);
    expect(sceneSec(candidates[0]?.triggeredAt ?? { capturedAt: 0 })).toBeLessThan(75);
  });
});

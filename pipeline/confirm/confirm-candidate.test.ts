import { describe, expect, it } from "vitest";
import type { Box, Detection } from "../domain/types.ts";
import { isConfirmed, type Look } from "./confirm-candidate.ts";

const SPOT: Box = [0.3, 0.45, 0.5, 0.6];
const RULE = { labels: ["car", "truck"], stationary: true, minCount: 1 };

function candidateAt(box: Box) {
  const sighting = { at: { capturedAt: 0, ptsSec: 0 }, box, score: 0.8 };
  return { box, keySightings: { first: sighting, middle: sighting, trigger: sighting } };
}

const shifted = ([x1, y1, x2, y2]: Box, dx: number): Box => [x1 + dx, y1, x2 + dx, y2];
const car = (box: Box, label = "car"): Detection => ({ box, label, score: 0.5 });

/** Fifteen looks in three seconds. */
function looks(see: (index: number) => readonly Detection[]): Look[] {
  return Array.from({ length: 15 }, (_, index) => ({ at: index * 200, detections: see(index) }));
}

describe("a closer look at one object", () => {
  it("bears it out when it is at its place, however the detector calls it", () => {
    const names = ["car", "truck", "vehicle"];
    const seen = looks((index) => [
      car(shifted(SPOT, 0.006 * (index % 3)), names[index % 3]),
      car(shifted(SPOT, 0.4)),
    ]);
    expect(isConfirmed(candidateAt(SPOT), RULE, seen)).toBe(true);
  });

  it("asks for 60 % of the looks", () => {
    const inLooks = (count: number) => looks((index) => (index < count ? [car(SPOT)] : []));
    expect(isConfirmed(candidateAt(SPOT), RULE, inLooks(9))).toBe(true);
    expect(isConfirmed(candidateAt(SPOT), RULE, inLooks(8))).toBe(false);
  });

  it("bears out nothing on too few looks, another object, or another place", () => {
    expect(isConfirmed(candidateAt(SPOT), RULE, [])).toBe(false);
    expect(isConfirmed(candidateAt(SPOT), RULE, looks(() => [car(SPOT)]).slice(0, 2))).toBe(false);
    expect(
      isConfirmed(
        candidateAt(SPOT),
        RULE,
        looks(() => [car(SPOT, "person")]),
      ),
    ).toBe(false);
    expect(
      isConfirmed(
        candidateAt(SPOT),
        RULE,
        looks(() => [car(shifted(SPOT, 0.12))]),
      ),
    ).toBe(false);
  });

  it("does not take a queue that rolls for one that stands, whatever the order of the looks", () => {
    const rolling = looks((index) => [car(shifted(SPOT, -0.05 + 0.0075 * index))]);
    expect(isConfirmed(candidateAt(SPOT), RULE, rolling)).toBe(false);
    expect(isConfirmed(candidateAt(SPOT), RULE, [...rolling].reverse())).toBe(false);
    expect(isConfirmed(candidateAt(SPOT), { ...RULE, stationary: false }, rolling)).toBe(true);
  });
});

describe("a closer look at a group", () => {
  const bikes = { labels: ["bicycle"], stationary: true, minCount: 3 };
  const bike = (index: number) => car([0.1 + 0.15 * index, 0.5, 0.18 + 0.15 * index, 0.62], "bicycle");
  const group: Box = [0.1, 0.5, 0.48, 0.62];

  it("counts those inside the group's box", () => {
    const three = looks(() => [bike(0), bike(1), bike(2)]);
    const twoAndFar = looks(() => [bike(0), bike(1), bike(4)]);
    expect(isConfirmed(candidateAt(group), bikes, three)).toBe(true);
    expect(isConfirmed(candidateAt(group), bikes, twoAndFar)).toBe(false);
  });

  it("lets single looks miss one", () => {
    const missing = (every: number) =>
      looks((index) => (index % every === 0 ? [bike(0), bike(1)] : [bike(0), bike(1), bike(2)]));
    expect(isConfirmed(candidateAt(group), bikes, missing(3))).toBe(true);
    expect(isConfirmed(candidateAt(group), bikes, missing(2))).toBe(false);
  });
});

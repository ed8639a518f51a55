import { describe, expect, it } from "vitest";
import { moved, seeded } from "../../test-fixtures/watch-scene.ts";
import { Anchor, isAtPlace, mayBeReturn, takesGroundOf } from "./stationary.ts";
import type { Box } from "./types.ts";

const CAR: Box = [0.3, 0.4, 0.5, 0.5];

describe("standing", () => {
  it("allows jitter, scale noise and cut boxes", () => {
    expect(isAtPlace(moved(CAR, 0.03, 0.01), CAR)).toBe(true);
    expect(isAtPlace([0.28, 0.39, 0.52, 0.51], CAR)).toBe(true);
    expect(isAtPlace([0.3, 0.4, 0.4, 0.5], CAR)).toBe(true);
    expect(isAtPlace([0.25, 0.35, 0.55, 0.52], CAR)).toBe(true);
  });

  it("does not allow half a car's length, or a small thing in front", () => {
    expect(isAtPlace(moved(CAR, 0.1), CAR)).toBe(false);
    expect(isAtPlace([0.38, 0.44, 0.42, 0.5], CAR)).toBe(false);
  });

  it("asks less of a track that comes back", () => {
    const shifted = moved(CAR, 0.08);
    expect(isAtPlace(shifted, CAR)).toBe(false);
    expect(mayBeReturn(shifted, CAR)).toBe(true);
    expect(mayBeReturn(moved(CAR, 0.12), CAR)).toBe(false);
  });

  it("knows a car that has taken part of another's ground from one in front of it", () => {
    expect(takesGroundOf(moved(CAR, 0.12), CAR)).toBe(true);
    expect(takesGroundOf(moved(CAR, 0.12, 0.03), CAR)).toBe(false);
    expect(takesGroundOf(moved(CAR, 0.19), CAR)).toBe(false);
    expect(takesGroundOf(moved(CAR, 0.02), CAR)).toBe(false);
  });

  it("anchors at the median of the first half minute, unmoved by what comes after", () => {
    const random = seeded(5);
    const anchor = new Anchor();
    const jitter = () => (random() - 0.5) * 0.04;
    for (let second = 0; second <= 30; second++) {
      const odd = second % 7 === 0;
      anchor.add(odd ? [0.1, 0.1, 0.9, 0.9] : moved(CAR, jitter(), jitter()), second * 1000);
    }
    const settled = anchor.box;
    for (const [side, value] of settled.entries()) expect(value).toBeCloseTo(CAR[side] ?? 0, 1);
    for (let second = 31; second < 500; second++) anchor.add(moved(CAR, 0.1), second * 1000);
    expect(anchor.box).toEqual(settled);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceToPolygon, findSelfIntersection, isInPolygon, polygonArea, unionBox } from "./geometry.ts";
import type { Polygon } from "./types.ts";
import { isInZone, remainsInZone, standsInZone } from "./zone-presence.ts";

const SQUARE: Polygon = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.8, 0.8],
  [0.2, 0.8],
];
/** A U: the notch between its arms is outside. */
const NOTCHED: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0.6, 1],
  [0.6, 0.4],
  [0.4, 0.4],
  [0.4, 1],
  [0, 1],
];

describe("geometry", () => {
  it("knows inside, outside and the border, also of a polygon with a notch", () => {
    expect(isInPolygon([0.5, 0.5], SQUARE)).toBe(true);
    expect(isInPolygon([0.2, 0.5], SQUARE)).toBe(true);
    expect(isInPolygon([0.8, 0.8], SQUARE)).toBe(true);
    expect(isInPolygon([0.81, 0.5], SQUARE)).toBe(false);
    expect(isInPolygon([0.5, 0.7], NOTCHED)).toBe(false);
    expect(isInPolygon([0.2, 0.7], NOTCHED)).toBe(true);
  });

  it("agrees with arithmetic for a rectangle, whichever way round it is drawn", () => {
    const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        const within = x >= 0.2 && x <= 0.8 && y >= 0.2 && y <= 0.8;
        // Within a rounding of the border either answer is right.
        const near = [x - 0.2, x - 0.8, y - 0.2, y - 0.8].some((gap) => Math.abs(gap) < 1e-9);
        if (near) return;
        expect(isInPolygon([x, y], SQUARE)).toBe(within);
        expect(isInPolygon([x, y], [...SQUARE].reverse())).toBe(within);
        expect(distanceToPolygon([x, y], SQUARE) === 0).toBe(within);
      }),
      { seed: 7 },
    );
  });

  it("measures distance and area", () => {
    expect(distanceToPolygon([0.9, 0.5], SQUARE)).toBeCloseTo(0.1, 12);
    expect(distanceToPolygon([0.83, 0.84], SQUARE)).toBeCloseTo(0.05, 12);
    expect(polygonArea(SQUARE)).toBeCloseTo(0.36, 12);
  });

  it("finds polygons that cross themselves", () => {
    expect(findSelfIntersection(SQUARE)).toBeNull();
    expect(findSelfIntersection(NOTCHED)).toBeNull();
    const [a, b, c, d] = SQUARE;
    if (a === undefined || b === undefined || c === undefined || d === undefined)
      throw new Error("no square");
    expect(findSelfIntersection([a, c, b, d])).toEqual([0, 2]);
  });

  it("puts one box around many", () => {
    expect(
      unionBox([
        [0.1, 0.2, 0.3, 0.4],
        [0.2, 0.1, 0.25, 0.5],
      ]),
    ).toEqual([0.1, 0.1, 0.3, 0.5]);
  });

  it("lets an object in at the line and out beyond a margin", () => {
    const standsAt = (y: number) => [0.4, y - 0.1, 0.6, y] as const;
    expect(isInZone(standsAt(0.79), SQUARE)).toBe(true);
    expect(isInZone(standsAt(0.81), SQUARE)).toBe(false);
    expect(remainsInZone(standsAt(0.81), SQUARE)).toBe(true);
    expect(remainsInZone(standsAt(0.83), SQUARE)).toBe(false);
  });

  it("places what stands no more exactly than its box is known", () => {
    expect(standsInZone([0.4, 0.604, 0.6, 0.804], SQUARE)).toBe(true);
    expect(standsInZone([0.4, 0.63, 0.6, 0.83], SQUARE)).toBe(false);
  });
});

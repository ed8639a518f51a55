import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  area,
  centre,
  coveredShare,
  groundPoint,
  intersectionArea,
  iou,
  isUsableBox,
  overlapOfSmaller,
} from "./box.ts";
import type { Box } from "./types.ts";

const unit: Box = [0, 0, 1, 1];
const half: Box = [0.5, 0, 1, 1];
const box = fc
  .tuple(
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
  )
  .map(([x, y, width, height]): Box => [x, y, x + width, y + height]);

describe("box maths", () => {
  it("knows area, centre and ground point", () => {
    expect(area([0.1, 0.2, 0.3, 0.6])).toBeCloseTo(0.08);
    expect(area([1, 0, 0, 1])).toBe(0);
    expect(centre([0, 0, 2, 4])).toEqual([1, 2]);
    expect(groundPoint([0, 0, 2, 4])).toEqual([1, 4]);
  });

  it("tells overlap over union, over the smaller and over one of the two apart", () => {
    expect(iou(unit, half)).toBe(0.5);
    expect(overlapOfSmaller(unit, half)).toBe(1);
    expect(coveredShare(unit, half)).toBe(0.5);
    expect(coveredShare(half, unit)).toBe(1);
  });

  it("finds no overlap in boxes that only touch, are apart or have no area", () => {
    expect(iou(unit, [1, 0, 2, 1])).toBe(0);
    expect(iou(unit, [3, 3, 4, 4])).toBe(0);
    expect(iou([0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5])).toBe(0);
    expect(overlapOfSmaller(unit, [0.5, 0.2, 0.5, 0.8])).toBe(0);
  });

  it("refuses boxes that are empty, inverted or not finite", () => {
    expect(isUsableBox(unit)).toBe(true);
    for (const bad of [
      [0, 0, 0, 1],
      [1, 0, 0, 1],
      [0, 0, Number.NaN, 1],
      [0, 0, Infinity, 1],
    ] as Box[]) {
      expect(isUsableBox(bad)).toBe(false);
    }
  });

  it("is symmetric and ordered: IoU ≤ share of the smaller ≤ 1, and 1 with itself", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(iou(a, b)).toBe(iou(b, a));
        expect(intersectionArea(a, b)).toBe(intersectionArea(b, a));
        expect(iou(a, b)).toBeLessThanOrEqual(overlapOfSmaller(a, b));
        expect(overlapOfSmaller(a, b)).toBeLessThanOrEqual(1);
        expect(iou(a, a)).toBe(1);
      }),
    );
  });
});

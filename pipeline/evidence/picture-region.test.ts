import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointsInRegion, regionOfBox } from "./picture-region.ts";

describe("regionOfBox", () => {
  it("widens by the margin on every side", () => {
    expect(regionOfBox([0.4, 0.4, 0.6, 0.8], 0.25, { width: 1000, height: 500 })).toEqual({
      left: 350,
      top: 150,
      width: 300,
      height: 300,
    });
  });

  it("is always a real rectangle inside the picture, whatever the box", () => {
    const number = fc.double({ min: -2, max: 3 });
    fc.assert(
      fc.property(number, number, number, number, fc.integer({ min: 1, max: 4000 }), (a, b, c, d, width) => {
        const region = regionOfBox([a, b, c, d], 0.25, { width, height: 100 });
        expect(region.left).toBeGreaterThanOrEqual(0);
        expect(region.top).toBeGreaterThanOrEqual(0);
        expect(region.width).toBeGreaterThanOrEqual(1);
        expect(region.height).toBeGreaterThanOrEqual(1);
        expect(region.left + region.width).toBeLessThanOrEqual(width);
        expect(region.top + region.height).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe("pointsInRegion", () => {
  it("maps picture coordinates to enlarged pixels of the cut-out", () => {
    const region = { left: 100, top: 50, width: 50, height: 50 };
    expect(pointsInRegion([[0.12, 0.6]], { width: 1000, height: 100 }, region, 3)).toBe("60,30");
  });
});

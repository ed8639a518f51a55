import { describe, expect, it } from "vitest";
import { fitLine, growth, median, spread } from "./maths.ts";

describe("the figures of the benchmark", () => {
  it("takes the middle, which one bad run does not move", () => {
    expect(median([3, 1, 1000])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
    const values = [10, 9, 2];
    median(values);
    expect(values).toEqual([10, 9, 2]);
  });

  it("says how far the runs lie apart", () => {
    expect(spread([10, 10, 10])).toBe(0);
    expect(spread([9, 10, 12])).toBeCloseTo(0.2);
  });

  it("finds the line through points that lie on one, and the nearest to those that do not", () => {
    expect(fitLine([8, 16, 32].map((x) => [x, 5 + 16 * x] as const))).toEqual({ slope: 16, intercept: 5 });
    const { slope, intercept } = fitLine([
      [0, 1],
      [1, 1],
      [2, 4],
    ]);
    expect(slope).toBeCloseTo(1.5);
    expect(intercept).toBeCloseTo(0.5);
    expect(fitLine([[3, 1]]).slope).toBeNaN();
  });

  it("calls growth linear when each one more costs the same, whatever there is without any", () => {
    expect(growth(50, { count: 8, cost: 130 }, { count: 32, cost: 370 })).toBeCloseTo(1);
    expect(growth(0, { count: 8, cost: 80 }, { count: 32, cost: 352 })).toBeCloseTo(1.1);
  });
});

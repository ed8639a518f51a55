import { expect, it } from "vitest";
import { medianPerUnit, slopeOf } from "./slope.ts";

it("finds the slope of a line, and how sure it is", () => {
  const line = Array.from({ length: 10 }, (_, x) => ({ x, y: 3 + 2 * x }));
  expect(slopeOf(line)).toEqual({ slope: 2, plusMinus: 0 });
  const noisy = line.map(({ x, y }) => ({ x, y: y + (x % 2 === 0 ? 1 : -1) }));
  const { slope, plusMinus } = slopeOf(noisy);
  expect(Math.abs(slope - 2)).toBeLessThan(plusMinus);
  expect(plusMinus).toBeLessThan(0.5);
});

it("does not call a flat line with noise growing", () => {
  const flat = Array.from({ length: 60 }, (_, x) => ({ x, y: 100 + ((x * 7919) % 13) }));
  const { slope, plusMinus } = slopeOf(flat);
  expect(Math.abs(slope)).toBeLessThan(plusMinus);
});

it("takes the median of each whole number", () => {
  const points = [3, 1, 2, 9, 7].map((y, index) => ({ x: index < 3 ? 0.1 * index : 4.5, y }));
  expect(medianPerUnit(points)).toEqual([
    { x: 0, y: 2 },
    { x: 4, y: 9 },
  ]);
});

import { expect, it } from "vitest";
import { confidenceOf, LEAST_PROBABILITY, WIDE_PLATE } from "./confidence.ts";

it("says nothing of what is too unsure, however wide the plate", () => {
  expect(confidenceOf(LEAST_PROBABILITY - 0.001, 400)).toBeNull();
  expect(confidenceOf(0, 400)).toBeNull();
  expect(confidenceOf(Number.NaN, 400)).toBeNull();
});

it("trusts a sure reading of a narrow plate less than the same of a wide one", () => {
  const narrow = confidenceOf(0.99, WIDE_PLATE - 1);
  const wide = confidenceOf(0.99, WIDE_PLATE);
  expect(narrow).not.toBeNull();
  expect(wide).toBeGreaterThan(narrow ?? 1);
});

it("never falls when the probability rises, and never says that it is certain", () => {
  for (const width of [40, 100]) {
    const all = Array.from({ length: 31 }, (_, step) => confidenceOf(0.7 + step / 100, width) ?? 0);
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(Math.max(...all)).toBeLessThan(1);
  }
});

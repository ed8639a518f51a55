import { expect, it } from "vitest";
import { isInForce, isOrdered, overlap } from "./validity.ts";

const from = (validFrom: string | null, validTo: string | null) => ({ validFrom, validTo });

it("is in force from the first day through the last", () => {
  const year = from("2026-01-01", "2026-12-31");
  expect(["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"].map((day) => isInForce(year, day))).toEqual(
    [false, true, true, false],
  );
  expect(isInForce(from(null, null), "1990-01-01")).toBe(true);
});

it.each([
  [from("2026-01-01", "2026-06-30"), from("2026-07-01", null), false],
  [from("2026-01-01", "2026-07-01"), from("2026-07-01", null), true],
  [from(null, "2025-12-31"), from("2026-01-01", null), false],
  [from(null, null), from("2026-01-01", "2026-01-01"), true],
  [from("2026-03-01", "2026-03-02"), from("2026-01-01", "2026-12-31"), true],
])("%j and %j overlap: %s", (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
  expect(overlap(other, one)).toBe(expected);
});

it("ends no earlier than it begins", () => {
  expect(isOrdered(from("2026-01-02", "2026-01-01"))).toBe(false);
  expect(isOrdered(from("2026-01-01", "2026-01-01"))).toBe(true);
});

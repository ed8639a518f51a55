import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lateDays, surchargeFen } from "./surcharge.ts";

const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
const count = fc.integer({ min: 0, max: 500 });

describe("the surcharge", () => {
  it.each([
    [0, 0],
    [1, 3_000],
    [33, 99_000],
    [34, 100_000],
    [40, 100_000],
  ])("of 1,000.00 yuan after %i days is %i fen", (days, fen) => {
    expect(surchargeFen({ fineFen: 100_000, permillePerDay: 30, lateDays: days })).toBe(fen);
  });

  it("drops what is less than a fen, once", () => {
    expect(surchargeFen({ fineFen: 33, permillePerDay: 30, lateDays: 1 })).toBe(0);
    expect(surchargeFen({ fineFen: 33, permillePerDay: 30, lateDays: 2 })).toBe(1);
    expect(surchargeFen({ fineFen: 1_999, permillePerDay: 30, lateDays: 1 })).toBe(59);
  });

  it("is whole, never above the fine, and never falls with time", () => {
    fc.assert(
      fc.property(amount, count, (fineFen, days) => {
        const of = (late: number) => surchargeFen({ fineFen, permillePerDay: 30, lateDays: late });
        expect(Number.isSafeInteger(of(days))).toBe(true);
        expect(of(days)).toBeLessThanOrEqual(fineFen);
        expect(of(days)).toBeLessThanOrEqual(of(days + 1));
        expect(BigInt(of(days))).toBe(
          days * 30 >= 1000 ? BigInt(fineFen) : (BigInt(fineFen) * BigInt(days * 30)) / 1000n,
        );
      }),
    );
  });

  it("refuses what is no amount of money and no number of days", () => {
    for (const wrong of [-1, 0.5, Number.NaN]) {
      expect(() => surchargeFen({ fineFen: wrong, permillePerDay: 30, lateDays: 1 })).toThrow(RangeError);
      expect(() => surchargeFen({ fineFen: 100, permillePerDay: 30, lateDays: wrong })).toThrow(RangeError);
    }
  });
});

describe("days of delay", () => {
  const payDue = "2026-03-10";
  const late = (asOf: string, pauses: { from: string; to: string | null }[] = []) =>
    lateDays({ payDue, asOf, pauses });

  it("run from the day after the last day to pay", () => {
    expect(late("2026-03-09")).toBe(0);
    expect(late("2026-03-10")).toBe(0);
    expect(late("2026-03-11")).toBe(1);
    expect(late("2026-04-12")).toBe(33);
  });

  it("stand still during a review or a suit, both its days included", () => {
    expect(late("2026-03-20", [{ from: "2026-03-13", to: "2026-03-15" }])).toBe(7);
    expect(late("2026-03-20", [{ from: "2026-03-13", to: null }])).toBe(2);
    expect(late("2026-03-20", [{ from: "2026-03-01", to: "2026-03-11" }])).toBe(9);
    expect(late("2026-03-20", [{ from: "2026-03-21", to: null }])).toBe(10);
  });

  it("count a day once that two reasons take out", () => {
    const overlapping = [
      { from: "2026-03-13", to: "2026-03-16" },
      { from: "2026-03-15", to: "2026-03-18" },
    ];
    expect(late("2026-03-20", overlapping)).toBe(4);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  addMonths,
  addYears,
  daysBetween,
  formatDateZh,
  isLocalDate,
  weekday,
  yearOf,
} from "./date.ts";

const anyDate = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays("1990-01-01", days));

describe("dates", () => {
  it("knows which days exist", () => {
    for (const text of ["2026-03-10", "2028-02-29", "2026-12-31"]) expect(isLocalDate(text), text).toBe(true);
    for (const text of [
      "2026-02-29",
      "2026-13-01",
      "2026-3-10",
      "2026-03-10T00:00",
      "",
      "+02026-03-10",
      "heute",
    ])
      expect(isLocalDate(text), text).toBe(false);
  });

  it("refuses to count from what is no date, or by parts of a day", () => {
    expect(() => addDays("2026-02-30", 1)).toThrow(RangeError);
    expect(() => weekday("2026")).toThrow(RangeError);
    expect(() => addDays("2026-03-10", 0.5)).toThrow(RangeError);
    expect(() => addMonths("2026-03-10", Number.NaN)).toThrow(RangeError);
    expect(() => addYears("9999-03-10", 1)).toThrow(RangeError);
  });

  it.each([
    ["2026-12-31", 1, "2027-01-01"],
    ["2028-02-28", 1, "2028-02-29"],
    ["2026-03-01", -1, "2026-02-28"],
    ["2026-03-10", 0, "2026-03-10"],
  ])("%s and %i days", (from, days, to) => {
    expect(addDays(from, days)).toBe(to);
    expect(daysBetween(from, to)).toBe(days);
  });

  it.each([
    ["2026-03-10", 6, "2026-09-10"],
    ["2026-09-10", 3, "2026-12-10"],
    ["2026-08-31", 6, "2027-02-28"],
    ["2027-08-31", 6, "2028-02-29"],
    ["2026-11-30", 2, "2027-01-30"],
    ["2026-12-31", 1, "2027-01-31"],
    ["2026-03-31", -1, "2026-02-28"],
  ])("%s and %i months", (from, months, to) => expect(addMonths(from, months)).toBe(to));

  it("takes 29 February to the 28th where there is none", () => {
    expect(addYears("2028-02-29", 2)).toBe("2030-02-28");
    expect(addYears("2028-02-29", 4)).toBe("2032-02-29");
  });

  it("tells the day of the week, Monday first, and the year", () => {
    expect(weekday("2026-11-02")).toBe(1);
    expect(weekday("2027-01-31")).toBe(7);
    expect(yearOf("2027-01-31")).toBe(2027);
  });

  it("is written as people in China write it", () =>
    expect(formatDateZh("2026-03-10")).toBe("2026年3月10日"));

  it("goes there and back", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        expect(addDays(addDays(date, days), -days)).toBe(date);
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
    );
  });

  it("stays in the month it was sent to", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 60 }), (date, months) => {
        const there = addMonths(date, months);
        const [year = 0, month = 0] = date.split("-").map(Number);
        const [yearThere = 0, monthThere = 0] = there.split("-").map(Number);
        expect(yearThere * 12 + monthThere - (year * 12 + month)).toBe(months);
        expect(there.slice(8) <= date.slice(8)).toBe(true);
      }),
    );
  });
});

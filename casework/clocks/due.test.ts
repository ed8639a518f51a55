import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClockUnit, type LocalDate, MissingCalendarError, type Period } from "./clock.ts";
import { addDays } from "./date.ts";
import {
  dueAfter,
  endClock,
  extendClock,
  isLate,
  latestNotice,
  runningClock,
  shiftClock,
  startClock,
} from "./due.ts";
import { fixtureCalendar } from "./testing/fixture-calendar.ts";

const due = (from: LocalDate, count: number, unit: ClockUnit) =>
  dueAfter(from, { count, unit }, fixtureCalendar);

describe("the end of a period", () => {
  it.each([
    ["2026-09-29", 5, "WD", "2026-10-12", "2026-10-12"],
    ["2026-11-16", 5, "WD", "2026-11-23", "2026-11-23"],
    ["2026-09-30", 7, "WD", "2026-10-15", "2026-10-15"],
    ["2026-08-20", 10, "WD", "2026-09-03", "2026-09-03"],
    ["2026-11-02", 90, "CD", "2027-01-31", "2027-02-01"],
    ["2026-03-10", 60, "CD", "2026-05-09", "2026-05-09"],
    ["2026-03-10", 6, "MO", "2026-09-10", "2026-09-10"],
    ["2026-09-10", 3, "MO", "2026-12-10", "2026-12-10"],
    ["2026-08-31", 6, "MO", "2027-02-28", "2027-03-01"],
    ["2025-04-04", 1, "YR", "2026-04-04", "2026-04-07"],
  ] as const)("%s + %i %s: %s, in law %s", (from, count, unit, strictDue, legalDue) => {
    expect(due(from, count, unit)).toEqual({ strictDue, legalDue });
  });

  it("does not count the day of the event, whatever day that is", () => {
    expect(due("2026-10-03", 1, "WD").legalDue).toBe("2026-10-08");
    expect(due("2026-10-09", 1, "WD").legalDue).toBe("2026-10-10");
    expect(due("2026-03-10", 1, "CD").legalDue).toBe("2026-03-11");
  });

  it("fails loudly for working days of a year without a calendar, and rolls nothing into one", () => {
    expect(() => due("2027-12-31", 1, "WD")).toThrow(MissingCalendarError);
    expect(due("2027-12-29", 30, "CD")).toEqual({ strictDue: "2028-01-28", legalDue: null });
    // 31 October 2027 is a Sunday of a known year: only what lies beyond it would be unknown.
    expect(due("2027-07-31", 3, "MO")).toEqual({ strictDue: "2027-10-31", legalDue: "2027-11-01" });
  });

  it("refuses a period that is none", () => {
    for (const count of [0, -1, 1.5]) expect(() => due("2026-03-10", count, "CD")).toThrow(RangeError);
  });

  it("is late only after the legal end, or after the strict one where nobody knows the legal one", () => {
    const decision = due("2026-11-02", 90, "CD");
    expect([isLate(decision, "2027-02-01"), isLate(decision, "2027-02-02")]).toEqual([false, true]);
    const unknown = { strictDue: "2028-01-28", legalDue: null };
    expect([isLate(unknown, "2028-01-28"), isLate(unknown, "2028-01-29")]).toEqual([false, true]);
  });
});

describe("working days before an event", () => {
  it("is the n-th working day before it", () => {
    expect(latestNotice("2026-10-12", 7, fixtureCalendar)).toBe("2026-09-24");
    expect(latestNotice("2026-11-23", 5, fixtureCalendar)).toBe("2026-11-16");
  });

  it("gives no less time where the event is on a day off", () => {
    expect(latestNotice("2026-10-11", 7, fixtureCalendar)).toBe(
      latestNotice("2026-10-10", 7, fixtureCalendar),
    );
  });

  it("is the other side of the same count", () => {
    fc.assert(
      fc.property(workdays, fc.integer({ min: 1, max: 20 }), (event, count) => {
        const told = latestNotice(event, count, fixtureCalendar);
        expect(fixtureCalendar.isWorkday(told)).toBe(true);
        expect(due(told, count, "WD").legalDue).toBe(event);
      }),
    );
  });
});

describe("any period", () => {
  it("ends on a working day, never before its strict end", () => {
    fc.assert(
      fc.property(dates, periods, (from, period) => {
        const { strictDue, legalDue } = dueAfter(from, period, fixtureCalendar);
        expect(legalDue).not.toBeNull();
        if (legalDue === null) return;
        expect(fixtureCalendar.isWorkday(legalDue)).toBe(true);
        expect(from < strictDue && strictDue <= legalDue).toBe(true);
        for (let day = strictDue; day < legalDue; day = addDays(day, 1))
          expect(fixtureCalendar.isWorkday(day)).toBe(false);
      }),
    );
  });

  it("of working days holds just so many", () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const { strictDue } = due(from, count, "WD");
        let worked = 0;
        for (let day = addDays(from, 1); day <= strictDue; day = addDays(day, 1))
          worked += fixtureCalendar.isWorkday(day) ? 1 : 0;
        expect(worked).toBe(count);
      }),
    );
  });

  it("ends no earlier when it begins later or is longer", () => {
    const endOf = (from: LocalDate, period: Period) => dueAfter(from, period, fixtureCalendar).legalDue ?? "";
    fc.assert(
      fc.property(dates, periods, (from, period) => {
        expect(endOf(from, period) <= endOf(addDays(from, 1), period)).toBe(true);
        expect(endOf(from, period) <= endOf(from, { ...period, count: period.count + 1 })).toBe(true);
      }),
    );
  });
});

describe("the clocks of a case", () => {
  const clock = startClock(
    {
      kind: "decision",
      subject: "case",
      startedOn: "2026-11-02",
      period: { count: 90, unit: "CD" },
      basis: "xzcf:60",
      duty: "agency",
    },
    fixtureCalendar,
  );
  const order = { ...clock, kind: "correction" as const, subject: "ord_1" };
  const otherOrder = { ...order, subject: "ord_2" };
  const clocks = [clock, order, otherOrder];

  it("start running, with both ends", () => {
    expect(clock).toEqual({
      kind: "decision",
      subject: "case",
      startedOn: "2026-11-02",
      strictDue: "2027-01-31",
      legalDue: "2027-02-01",
      basis: "xzcf:60",
      duty: "agency",
      state: "running",
      endedOn: null,
    });
  });

  it("end one by one", () => {
    const after = endClock(clocks, "correction", "ord_1", "met", "2026-11-09");
    expect(after).toEqual([clock, { ...order, state: "met", endedOn: "2026-11-09" }, otherOrder]);
    expect(runningClock(after, "correction")).toBe(otherOrder);
    expect(runningClock(after, "correction", "ord_1")).toBeUndefined();
    expect(endClock(after, "correction", "ord_1", "lapsed", "2026-12-01")).toEqual(after);
  });

  it("are extended from the strict end", () => {
    const extended = extendClock(clock, { count: 30, unit: "CD" }, fixtureCalendar);
    expect(extended).toEqual({ ...clock, ...due("2026-11-02", 120, "CD") });
    expect(extended.strictDue).toBe("2027-03-02");
  });

  it("move by the days that did not count, and say so where the calendar ends", () => {
    expect(shiftClock(clock, 6, fixtureCalendar)).toMatchObject({
      strictDue: "2027-02-06",
      legalDue: "2027-02-08",
    });
    expect(shiftClock(clock, 400, fixtureCalendar).legalDue).toBeNull();
  });
});

const dates = fc.integer({ min: 0, max: 600 }).map((days) => addDays("2025-01-01", days));
const workdays = fc
  .integer({ min: 60, max: 900 })
  .map((days) => addDays("2025-01-01", days))
  .filter((date) => fixtureCalendar.isWorkday(date));
const periods = fc.record({
  count: fc.integer({ min: 1, max: 12 }),
  unit: fc.constantFrom<ClockUnit>("WD", "CD", "MO"),
});

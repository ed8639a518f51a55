import { expect, it } from "vitest";
import { MissingCalendarError } from "./clock.ts";
import { fixtureCalendar } from "./testing/fixture-calendar.ts";
import { workCalendar } from "./work-calendar.ts";

it.each([
  ["2026-03-10", true, "a Tuesday"],
  ["2026-03-14", false, "a Saturday"],
  ["2026-03-15", false, "a Sunday"],
  ["2026-10-01", false, "a Thursday in the holidays"],
  ["2026-10-10", true, "a Saturday that is worked"],
  ["2026-09-20", true, "a Sunday that is worked"],
])("%s: %s, %s", (date, isWorked) => expect(fixtureCalendar.isWorkday(date)).toBe(isWorked));

it("says which year it lacks instead of guessing", () => {
  expect(fixtureCalendar.covers(2027)).toBe(true);
  expect(fixtureCalendar.covers(2028)).toBe(false);
  expect(() => fixtureCalendar.isWorkday("2028-01-03")).toThrow(MissingCalendarError);
  expect(() => fixtureCalendar.isWorkday("2028-01-03")).toThrow(/2028/);
});

it("takes the later word about a year", () => {
  const calendar = workCalendar([
    { year: 2026, off: ["2026-03-10"], makeup: [] },
    { year: 2026, off: ["2026-03-11"], makeup: [] },
  ]);
  expect(calendar.isWorkday("2026-03-10")).toBe(true);
  expect(calendar.isWorkday("2026-03-11")).toBe(false);
});

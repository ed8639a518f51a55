import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { addDays, weekday } from "../casework/clocks/date.ts";
import { fixtureCalendar } from "../casework/clocks/testing/fixture-calendar.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { calendarYearFromUnknown, loadCalendar, loadCalendarYears } from "./calendar.ts";

const folders: string[] = [];
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "forewarn-calendar-"));
  folders.push(dir);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const year = (changes: object = {}) => ({
  year: 2027,
  source: "a notice",
  tag: "M",
  off: ["2027-01-01"],
  makeup: [],
  ...changes,
});
const put = (name: string, value: unknown) =>
  writeFileSync(join(dir, name), typeof value === "string" ? value : JSON.stringify(value));

describe("the calendar that comes along", () => {
  it("has 2025 and 2026, and no other year", () => {
    const calendar = loadCalendar(null);
    expect([2024, 2025, 2026, 2027].map((each) => calendar.covers(each))).toEqual([false, true, true, false]);
  });

  it("makes up for every weekday off beyond the law's thirteen holidays", () => {
    // 全国年节及纪念日放假办法 since 2025: a holiday on a weekend is given back, so a notice nets thirteen weekdays.
    for (const { year: each, off, makeup } of loadCalendarYears(null)) {
      const weekdaysOff = off.filter((day) => weekday(day) <= 5).length;
      expect({ each, net: weekdaysOff - makeup.length }).toEqual({ each, net: 13 });
    }
  });

  it("agrees with the golden dates' calendar for 2026", () => {
    const calendar = loadCalendar(null);
    for (let day = "2026-01-01"; day <= "2026-12-31"; day = addDays(day, 1))
      expect(calendar.isWorkday(day), day).toBe(fixtureCalendar.isWorkday(day));
  });
});

describe("a folder of years", () => {
  it("adds a year, and counts instead of ours", () => {
    put("2027.json", year());
    put("2026-corrected.json", year({ year: 2026, off: ["2026-01-01"], makeup: [] }));
    put("README.txt", "no year");
    const calendar = loadCalendar(dir);
    expect(calendar.isWorkday("2027-01-01")).toBe(false);
    expect(calendar.isWorkday("2026-10-01")).toBe(true);
    expect(calendar.isWorkday("2025-10-01")).toBe(false);
  });

  it("may be missing", () => expect(loadCalendar(join(dir, "none")).covers(2026)).toBe(true));

  it("is refused with its file and every fault in it", () => {
    put("2027.json", year({ off: ["2027-02-30", "2026-01-01"], tag: "X" }));
    expect(() => loadCalendar(dir)).toThrow(InvalidInputError);
    expect(() => loadCalendar(dir)).toThrow(/2027\.json[\s\S]*tag[\s\S]*off\[0\]/);
    put("2027.json", "{");
    expect(() => loadCalendar(dir)).toThrow(/2027\.json[\s\S]*readable JSON/);
  });

  it("may not name a year twice", () => {
    put("a.json", year());
    put("b.json", year());
    expect(() => loadCalendar(dir)).toThrow(/b\.json[\s\S]*year: 2027 is in .*a\.json too/);
  });
});

it.each([
  ["off[0]", { off: ["2026-12-31"] }],
  ["off", { off: [] }],
  ["off", { off: ["2027-01-01", "2027-01-01"] }],
  ["makeup[0]", { makeup: ["2027-01-04"] }],
  ["makeup[0]", { makeup: ["2028-01-01"] }],
  ["makeup[0]", { off: ["2027-01-02"], makeup: ["2027-01-02"] }],
  ["year", { year: 2027.5 }],
  ["source", { source: "" }],
])("finds the fault at %s", (path, changes) => {
  const faults = (() => {
    try {
      calendarYearFromUnknown(year(changes), "test");
      return [];
    } catch (error) {
      return error instanceof InvalidInputError ? error.faults.map((fault) => fault.path) : [String(error)];
    }
  })();
  expect(faults).toContain(path);
});

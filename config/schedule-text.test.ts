import { describe, expect, it } from "vitest";
import { parseSchedule, scheduleText } from "./schedule-text.ts";

describe("schedule text", () => {
  it.each([
    ["Mon-Sun 06:00-22:00", [1, 2, 3, 4, 5, 6, 7], 360, 1320],
    ["Mon,Wed 22:00-06:00", [1, 3], 1320, 360],
    ["Sat-Mon,Wed 00:00-24:00", [1, 3, 6, 7], 0, 1440],
    ["Fri 12:30-12:45", [5], 750, 765],
  ])("reads %s", (text, days, fromMinute, toMinute) => {
    const window = parseSchedule(text);
    expect(window).toEqual({ days, fromMinute, toMinute });
    if (window !== null) expect(parseSchedule(scheduleText(window))).toEqual(window);
  });

  it.each([
    "",
    "06:00-22:00",
    "Mon 6:00-22:00",
    "Mo 06:00-22:00",
    "Mon 06:00-25:00",
    "Mon 06:60-07:00",
    "Mon 24:00-01:00",
  ])("refuses %j", (text) => {
    expect(parseSchedule(text)).toBeNull();
  });
});

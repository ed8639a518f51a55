import { describe, expect, it } from "vitest";
import { localDate, localWeekday, startOfLocalDate } from "./local-time.ts";
import { inForceSince } from "./schedule.ts";
import type { ScheduleWindow } from "./types.ts";

/** An instant by its Shanghai wall clock. */
const shanghai = (text: string) => Date.parse(`${text}:00+08:00`);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const window = (days: readonly number[], from: number, to: number): ScheduleWindow => ({
  days,
  fromMinute: from * 60,
  toMinute: to * 60,
});

describe("local time", () => {
  it("is eight hours ahead of UTC, dates and weekdays included", () => {
    expect(localDate(Date.parse("2026-03-01T15:59:59Z"))).toBe("2026-03-01");
    expect(localDate(Date.parse("2026-03-01T16:00:00Z"))).toBe("2026-03-02");
    expect(localWeekday(shanghai("2026-03-02T00:00"))).toBe(1);
    expect(localWeekday(shanghai("2026-03-01T23:59"))).toBe(7);
    expect(localWeekday(shanghai("1969-12-31T12:00"))).toBe(3);
    expect(startOfLocalDate("2026-03-02")).toBe(shanghai("2026-03-02T00:00"));
    expect(startOfLocalDate("2026-02-30")).toBeNaN();
    expect(startOfLocalDate("2 March")).toBeNaN();
  });
});

describe("schedule", () => {
  it("is always in force when empty", () => {
    expect(inForceSince({ schedule: [] }, 0)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("opens and closes at local times; the end is exclusive", () => {
    const schedule = [window(everyDay, 6, 22)];
    expect(inForceSince({ schedule }, shanghai("2026-03-02T05:59"))).toBeNull();
    expect(inForceSince({ schedule }, shanghai("2026-03-02T06:00"))).toBe(shanghai("2026-03-02T06:00"));
    expect(inForceSince({ schedule }, shanghai("2026-03-02T21:59"))).toBe(shanghai("2026-03-02T06:00"));
    expect(inForceSince({ schedule }, shanghai("2026-03-02T22:00"))).toBeNull();
  });

  it("runs past midnight into a day that is not its own", () => {
    const schedule = [window([1], 22, 6)];
    const opened = shanghai("2026-03-02T22:00");
    expect(inForceSince({ schedule }, shanghai("2026-03-02T05:00"))).toBeNull();
    expect(inForceSince({ schedule }, shanghai("2026-03-03T05:59"))).toBe(opened);
    expect(inForceSince({ schedule }, shanghai("2026-03-03T06:00"))).toBeNull();
    expect(inForceSince({ schedule }, shanghai("2026-03-03T23:00"))).toBeNull();
  });

  it("takes windows that touch for one", () => {
    const schedule = [window([1], 22, 6), window([2], 6, 12)];
    expect(inForceSince({ schedule }, shanghai("2026-03-03T11:00"))).toBe(shanghai("2026-03-02T22:00"));
    expect(inForceSince({ schedule: [window(everyDay, 0, 24)] }, shanghai("2026-03-03T11:00"))).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });

  it("holds from the first effective day up to, not including, the last", () => {
    const rule = { schedule: [], effectiveFrom: "2026-03-02", effectiveTo: "2026-03-04" };
    expect(inForceSince(rule, shanghai("2026-03-01T23:59"))).toBeNull();
    expect(inForceSince(rule, shanghai("2026-03-03T23:59"))).toBe(shanghai("2026-03-02T00:00"));
    expect(inForceSince(rule, shanghai("2026-03-04T00:00"))).toBeNull();
  });
});

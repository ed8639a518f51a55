import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { WorkCalendar } from "../casework/clocks/clock.ts";
import { weekday, yearOf } from "../casework/clocks/date.ts";
import { workCalendar } from "../casework/clocks/work-calendar.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { localDateSchema } from "./validity.ts";

const dates = z
  .array(localDateSchema)
  .refine((days) => new Set(days).size === days.length, "names a day twice");

const calendarYear = z
  .strictObject({
    year: z.int().min(2000).max(2100),
    /** The State Council's notice it was taken from. */
    source: z.string().min(1),
    /** T: compared with the notice itself. S: secondary source. M: from memory. */
    tag: z.enum(["T", "S", "M"]),
    off: dates.min(1, "a year without holidays is no calendar"),
    makeup: dates,
  })
  .superRefine(({ year, off, makeup }, context) => {
    const fault = (list: "off" | "makeup", index: number, message: string) =>
      context.addIssue({ code: "custom", path: [list, index], message });
    off.forEach((day, index) => {
      if (yearOf(day) !== year) fault("off", index, `is not in ${year}`);
    });
    makeup.forEach((day, index) => {
      if (yearOf(day) !== year) fault("makeup", index, `is not in ${year}`);
      if (weekday(day) <= 5) fault("makeup", index, "is no weekend day, so it is worked anyway");
      if (off.includes(day)) fault("makeup", index, "is among the days off too");
    });
  });

const catalogue = z.strictObject({
  years: z
    .array(calendarYear)
    .min(1)
    .refine((years) => new Set(years.map(({ year }) => year)).size === years.length, "names a year twice"),
});

/** One year of the working-day calendar with where it comes from. */
export type CalendarYearFile = z.infer<typeof calendarYear>;

/** Checks one year, as a file or the API brings it. Throws `InvalidInputError` with every fault. */
export function calendarYearFromUnknown(value: unknown, source: string): CalendarYearFile {
  const parsed = calendarYear.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data;
}

/**
 * The years that come with this software, and those in `dir`: one year a file, `*.json`, which count instead of ours for
 * the same year. A folder that does not exist adds none. Throws `InvalidInputError` naming the file and every fault in it.
 */
export function loadCalendarYears(dir: string | null): CalendarYearFile[] {
  const years = new Map(shipped().map((year) => [year.year, year]));
  for (const year of added(dir)) years.set(year.year, year);
  return [...years.values()].sort((a, b) => a.year - b.year);
}

/** The working-day calendar of `loadCalendarYears`. It lacks every year nobody has loaded, and says so when asked. */
export function loadCalendar(dir: string | null): WorkCalendar {
  return workCalendar(loadCalendarYears(dir));
}

function shipped(): CalendarYearFile[] {
  const parsed = catalogue.safeParse(readCatalogue("holidays.json"));
  if (!parsed.success) throw new InvalidInputError("config/catalogue/holidays.json", faultsOf(parsed.error));
  return parsed.data.years;
}

function added(dir: string | null): CalendarYearFile[] {
  if (dir === null || !existsSync(dir)) return [];
  const byYear = new Map<number, { file: string; year: CalendarYearFile }>();
  for (const name of readdirSync(dir)
    .filter((file) => file.endsWith(".json"))
    .sort()) {
    const file = join(dir, name);
    const year = calendarYearFromUnknown(readJson(file), file);
    const earlier = byYear.get(year.year);
    // Which of two counts must not hang on their names.
    if (earlier !== undefined)
      throw new InvalidInputError(file, [
        { path: "year", message: `${year.year} is in ${earlier.file} too` },
      ]);
    byYear.set(year.year, { file, year });
  }
  return [...byYear.values()].map(({ year }) => year);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new InvalidInputError(file, [{ path: "", message: "is no readable JSON" }], { cause });
  }
}

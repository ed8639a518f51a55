import { type LocalDate, MissingCalendarError, type WorkCalendar } from "./clock.ts";
import { weekday, yearOf } from "./date.ts";

/** What the State Council's notice says of a year. Weekends are off without being named. */
export interface CalendarYear {
  readonly year: number;
  /** Days off; weekends among them change nothing. */
  readonly off: readonly LocalDate[];
  /** 调休上班: weekend days that are worked. */
  readonly makeup: readonly LocalDate[];
}

/** The calendar of these years and no others. Of a year that comes twice the later one counts. */
export function workCalendar(years: readonly CalendarYear[]): WorkCalendar {
  const known = new Map(
    years.map(({ year, off, makeup }) => [year, { off: new Set(off), makeup: new Set(makeup) }]),
  );
  return {
    covers: (year) => known.has(year),
    isWorkday(date) {
      const year = yearOf(date);
      const days = known.get(year);
      if (days === undefined) throw new MissingCalendarError(year);
      if (days.makeup.has(date)) return true;
      return weekday(date) <= 5 && !days.off.has(date);
    },
  };
}

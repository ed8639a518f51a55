import { type Due, type LocalDate, MissingCalendarError, type WorkCalendar } from "../clocks/clock.ts";
import { addDays, yearOf } from "../clocks/date.ts";
import { dueAfter } from "../clocks/due.ts";

/**
 * The legal last day of a period, worked out now where it was not known when the clock began. Throws
 * `MissingCalendarError` while the calendar of its year is missing: what rests on this day must not be guessed.
 */
export function legalEnd({ strictDue, legalDue }: Due, calendar: WorkCalendar): LocalDate {
  if (legalDue !== null) return legalDue;
  const rolled = dueAfter(addDays(strictDue, -1), { count: 1, unit: "CD" }, calendar).legalDue;
  if (rolled === null) throw new MissingCalendarError(yearOf(strictDue));
  return rolled;
}

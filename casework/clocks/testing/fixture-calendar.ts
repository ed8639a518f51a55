import type { LocalDate, WorkCalendar } from "../clock.ts";
import { addDays } from "../date.ts";
import { workCalendar } from "../work-calendar.ts";

/**
 * Calendar of the tests: 2026 as the golden dates need it, 2025 and 2027 with nothing but weekends off, every other year
 * missing.
 */
export const fixtureCalendar: WorkCalendar = workCalendar([
  { year: 2025, off: [], makeup: [] },
  {
    year: 2026,
    off: [
      ...days("2026-01-01", 3),
      ...days("2026-02-15", 9),
      ...days("2026-04-04", 3),
      ...days("2026-05-01", 5),
      ...days("2026-06-19", 3),
      ...days("2026-09-25", 3),
      ...days("2026-10-01", 7),
    ],
    makeup: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
  },
  { year: 2027, off: [], makeup: [] },
]);

function days(first: LocalDate, count: number): LocalDate[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

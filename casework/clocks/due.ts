import {
  type CaseClock,
  type ClockKind,
  type Due,
  type LocalDate,
  MissingCalendarError,
  type Period,
  type WorkCalendar,
} from "./clock.ts";
import { addDays, addMonths, addYears } from "./date.ts";

/**
 * When a period ends that begins with an event on `from`. That day is not counted; a period of working days counts only
 * those; one that ends on a day off runs on to the next working day (民事诉讼法 85, 民法典 201–203). Throws
 * `MissingCalendarError` for working days in a year without a calendar: nobody guesses.
 */
export function dueAfter(from: LocalDate, period: Period, calendar: WorkCalendar): Due {
  const { count, unit } = period;
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`a period of ${count} ${unit}: it has to be a whole number above 0`);
  switch (unit) {
    case "WD": {
      const due = stepWorkdays(from, count, 1, calendar);
      return { strictDue: due, legalDue: due };
    }
    case "CD":
      return rolled(addDays(from, count), calendar);
    case "MO":
      return rolled(addMonths(from, count), calendar);
    case "YR":
      return rolled(addYears(from, count), calendar);
  }
}

/**
 * Last day to tell somebody so many working days before an event: the n-th working day before it, the event's own day not
 * counted. A hearing on 12 October with seven working days: told on 24 September at the latest. The working days that
 * follow that day, with the event's, are then n. Where the event's day is a day off, the working day before stands for it,
 * so that nobody gets less time.
 */
export function latestNotice(event: LocalDate, workdays: number, calendar: WorkCalendar): LocalDate {
  return stepWorkdays(lastWorkday(event, calendar), workdays, -1, calendar);
}

/** After the legal end; after the strict one where the calendar of the legal one is missing. */
export function isLate(due: Due, today: LocalDate): boolean {
  return today > lastDay(due);
}

/** The last day on which it is still in time. */
export function lastDay({ strictDue, legalDue }: Due): LocalDate {
  return legalDue ?? strictDue;
}

export interface ClockStart extends Pick<CaseClock, "kind" | "subject" | "startedOn" | "basis" | "duty"> {
  readonly period: Period;
}

/** A running clock. Throws `MissingCalendarError` as `dueAfter` does. */
export function startClock(start: ClockStart, calendar: WorkCalendar): CaseClock {
  const { period, ...rest } = start;
  return { ...rest, ...dueAfter(start.startedOn, period, calendar), state: "running", endedOn: null };
}

/** The clocks with the running one of this kind and subject stopped. Without such a clock nothing changes. */
export function endClock(
  clocks: readonly CaseClock[],
  kind: ClockKind,
  subject: string,
  state: Exclude<CaseClock["state"], "running">,
  on: LocalDate,
): CaseClock[] {
  return clocks.map((clock) => (isRunning(clock, kind, subject) ? { ...clock, state, endedOn: on } : clock));
}

/** The running clock of this kind, of any subject where none is named. */
export function runningClock(
  clocks: readonly CaseClock[],
  kind: ClockKind,
  subject?: string,
): CaseClock | undefined {
  return clocks.find((clock) => isRunning(clock, kind, subject));
}

/**
 * More time, counted on from the strict end: a weekend at the old end is no gift, and 90 days with 30 more are 120 from the
 * start. Throws `MissingCalendarError` as `dueAfter` does.
 */
export function extendClock(clock: CaseClock, by: Period, calendar: WorkCalendar): CaseClock {
  return { ...clock, ...dueAfter(clock.strictDue, by, calendar) };
}

/** The end moved by so many calendar days in which the time did not run: a hearing, a suspension. */
export function shiftClock(clock: CaseClock, days: number, calendar: WorkCalendar): CaseClock {
  return { ...clock, ...rolled(addDays(clock.strictDue, days), calendar) };
}

function isRunning(clock: CaseClock, kind: ClockKind, subject: string | undefined): boolean {
  return (
    clock.state === "running" && clock.kind === kind && (subject === undefined || clock.subject === subject)
  );
}

function rolled(strictDue: LocalDate, calendar: WorkCalendar): Due {
  try {
    let legalDue = strictDue;
    while (!calendar.isWorkday(legalDue)) legalDue = addDays(legalDue, 1);
    return { strictDue, legalDue };
  } catch (error) {
    if (error instanceof MissingCalendarError) return { strictDue, legalDue: null };
    throw error;
  }
}

function lastWorkday(date: LocalDate, calendar: WorkCalendar): LocalDate {
  let day = date;
  while (!calendar.isWorkday(day)) day = addDays(day, -1);
  return day;
}

function stepWorkdays(from: LocalDate, count: number, step: 1 | -1, calendar: WorkCalendar): LocalDate {
  let day = from;
  for (let left = count; left > 0; ) {
    day = addDays(day, step);
    if (calendar.isWorkday(day)) left -= 1;
  }
  return day;
}

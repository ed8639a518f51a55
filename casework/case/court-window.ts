import type { Due, LocalDate } from "../clocks/clock.ts";
import { addDays } from "../clocks/date.ts";
import { dueAfter, lastDay } from "../clocks/due.ts";
import type { CaseFile } from "./case-file.ts";
import { legalEnd } from "./legal-end.ts";
import { suingPeriod } from "./litigation-deadline.ts";
import type { StepFacts } from "./step-facts.ts";

type WindowFacts = Pick<StepFacts, "calendar" | "parameters">;

/** When the agency may ask the court to enforce, both days included. */
export interface CourtWindow {
  readonly opensOn: LocalDate;
  readonly closesOn: LocalDate;
}

/**
 * 行政强制法 53, 行诉解释 156: three months from the day after the time to sue ended; after a deferral, from the day after its last
 * instalment where that is later (行政处罚法 72(2)). Null while nobody can say when the time to sue ends. Throws
 * `MissingCalendarError` where one of the days cannot be known.
 */
export function courtWindow(file: CaseFile, facts: WindowFacts): CourtWindow | null {
  const { calendar, parameters } = facts;
  const end = waitingEnd(file, facts, (due) => legalEnd(due, calendar));
  if (end === null) return null;
  const closing = dueAfter(end, parameters.get("court.window"), calendar);
  return { opensOn: addDays(end, 1), closesOn: legalEnd(closing, calendar) };
}

/** The day the window's three months are counted from, as far as the loaded calendars tell: for warnings, not for judging. */
export function courtWindowStart(file: CaseFile, facts: WindowFacts): LocalDate | null {
  return waitingEnd(file, facts, lastDay);
}

function waitingEnd(file: CaseFile, facts: WindowFacts, endOf: (due: Due) => LocalDate): LocalDate | null {
  const period = suingPeriod(file, facts);
  if (period.state !== "dated") return null;
  const suingEnd = endOf(period.due);
  const lastInstalment = file.payment?.deferral?.instalments.at(-1);
  // Still within the time to sue, whatever its last working day is.
  if (lastInstalment === undefined || lastInstalment.dueOn <= suingEnd) return suingEnd;
  return endOf({ strictDue: lastInstalment.dueOn, legalDue: null });
}

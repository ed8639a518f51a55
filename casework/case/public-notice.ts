import type { Due } from "../clocks/clock.ts";
import { dueAfter } from "../clocks/due.ts";
import type { ServiceRecord } from "./case-file.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * Last day of a service by public notice (民事诉讼法 95): it is complete when that day is over. Counted from the day it was
 * posted. Throws `MissingCalendarError` where the last day cannot be known.
 */
export function publicNoticeDue(
  { details, attemptedOn }: ServiceRecord,
  { parameters, calendar }: Pick<StepFacts, "parameters" | "calendar">,
): Due {
  return dueAfter(details.postedOn ?? attemptedOn, parameters.get("service.publicNotice"), calendar);
}

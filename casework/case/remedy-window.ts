import type { Due, LocalDate } from "../clocks/clock.ts";
import { dueAfter } from "../clocks/due.ts";
import type { CaseFile } from "./case-file.ts";
import { suingPeriod } from "./litigation-deadline.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * The last day on which the party can still apply for review or sue (行政复议法 20, 行政诉讼法 45–46). Null where there is nothing
 * to challenge, it has not been served, a remedy runs, or a court has judged. `endOf` says which end of a period counts.
 */
export function remedyWindowEnd(
  file: CaseFile,
  facts: Pick<StepFacts, "calendar" | "parameters">,
  endOf: (due: Due) => LocalDate,
): LocalDate | null {
  const period = suingPeriod(file, facts);
  if (period.state !== "dated") return null;
  const suing = endOf(period.due);
  if (period.basis === "litigation.afterReview") return suing;
  const { calendar, parameters } = facts;
  const review = endOf(dueAfter(period.from, parameters.get("reconsideration.window"), calendar));
  return [suing, review].toSorted().at(-1) ?? suing;
}

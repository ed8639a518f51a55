import type { Due, LocalDate } from "../clocks/clock.ts";
import { dueAfter } from "../clocks/due.ts";
import type { CaseFile } from "./case-file.ts";
import { decisionServedOn } from "./decision-in-force.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * The party's time to sue. Without a day while the decision in force has not been served, while a review or a suit runs, and
 * for good once a court has judged: a judgment is enforced by another route.
 */
export type SuingPeriod =
  | { readonly state: "not_served" | "in_review" | "in_litigation" | "judged" }
  | {
      readonly state: "dated";
      /** The day of the event: not counted itself. */
      readonly from: LocalDate;
      readonly basis: "litigation.period" | "litigation.afterReview";
      readonly due: Due;
    };

/**
 * 行政诉讼法 45–46: six months after the decision was served; where a review was decided, fifteen days after its decision was
 * received. A review or suit that was taken back leaves the period as it was.
 */
export function suingPeriod(
  file: CaseFile,
  { calendar, parameters }: Pick<StepFacts, "calendar" | "parameters">,
): SuingPeriod {
  const served = decisionServedOn(file);
  if (served === null) return { state: "not_served" };
  if (file.reviews.some((review) => review.outcome === null)) return { state: "in_review" };
  if (file.litigations.some((suit) => suit.outcome === null)) return { state: "in_litigation" };
  if (file.litigations.some(({ outcome }) => outcome !== null && outcome.kind !== "withdrawn"))
    return { state: "judged" };
  const decidedOn = file.reviews.findLast(({ outcome }) => outcome?.kind !== "withdrawn")?.outcome
    ?.receivedOn;
  // A decision that the agency itself changed after the review can be sued against anew.
  if (decidedOn !== undefined && decidedOn >= served) return dated(decidedOn, "litigation.afterReview");
  return dated(served, "litigation.period");

  function dated(from: LocalDate, basis: "litigation.period" | "litigation.afterReview"): SuingPeriod {
    return { state: "dated", from, basis, due: dueAfter(from, parameters.get(basis), calendar) };
  }
}

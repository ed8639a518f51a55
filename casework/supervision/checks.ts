import type { CaseFile } from "../case/case-file.ts";
import { MissingCalendarError } from "../clocks/clock.ts";
import { actChecks } from "./act-checks.ts";
import { discretionChecks } from "./discretion-checks.ts";
import type { Check, Finding, SupervisionFacts } from "./finding.ts";
import { moneyChecks } from "./money-checks.ts";
import { noticeChecks } from "./notice-checks.ts";
import { peopleChecks } from "./people-checks.ts";
import { publicityChecks } from "./publicity-checks.ts";
import { reviewChecks } from "./review-checks.ts";
import { serviceChecks } from "./service-checks.ts";
import { timeChecks } from "./time-checks.ts";

/** Every check of single-case supervision (个案监督), by code. */
export const checks: readonly Check[] = [
  ...peopleChecks,
  ...noticeChecks,
  ...reviewChecks,
  ...timeChecks,
  ...serviceChecks,
  ...actChecks,
  ...moneyChecks,
  ...discretionChecks,
  ...publicityChecks,
].toSorted((a, b) => (a.code < b.code ? -1 : 1));

/** Undefined for a code that is no check's: `manual` above all. */
export function findCheck(code: string): Check | undefined {
  return checks.find((check) => check.code === code);
}

/** Everything that any check finds. One that needs the calendar of a year nobody has loaded finds nothing: nobody guesses. */
export function runChecks(file: CaseFile, facts: SupervisionFacts): Finding[] {
  return checks.flatMap(({ check }) => {
    try {
      return check(file, facts);
    } catch (error) {
      if (error instanceof MissingCalendarError) return [];
      throw error;
    }
  });
}

import type { CaseClock } from "../clocks/clock.ts";
import { startClock } from "../clocks/due.ts";
import type { StepFacts } from "./step-facts.ts";

/** 行政处罚法 61(1): what decides about the party reaches it in seven working days. `subject`: the document, or the case's decision. */
export function serviceClock(subject: string, { today, calendar, parameters }: StepFacts): CaseClock {
  return startClock(
    {
      ...{ kind: "service", subject, startedOn: today, duty: "agency" },
      period: parameters.get("service.decision"),
      basis: "xzcf:61(1)",
    },
    calendar,
  );
}

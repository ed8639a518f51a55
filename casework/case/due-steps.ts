import { type CaseClock, clockKinds, MissingCalendarError } from "../clocks/clock.ts";
import { isLate } from "../clocks/due.ts";
import type { CaseFile } from "./case-file.ts";
import { publicNoticeDue } from "./public-notice.ts";
import type { StepFacts } from "./step-facts.ts";
import type { CaseStep } from "./step-input.ts";
import { takeStep } from "./take-step.ts";

const system = { kind: "system", name: "clock" } as const;

/**
 * Steps that no person takes and whose day has come: a public notice that has run its time, a fine nobody paid. One after
 * the other, each on the file the one before has left: ask again until there is none.
 */
export function nextDueStep(file: CaseFile, facts: StepFacts): CaseStep | null {
  const completing = file.services
    .filter(
      (service) => service.outcome === "running" && isOver(() => publicNoticeDue(service, facts), facts),
    )
    .map(({ serviceId }): CaseStep => ({ step: "complete_public_notice", serviceId }));
  // What the file's state does not let through is not due, and nothing behind it waits for it.
  const steps: readonly CaseStep[] = [...completing, { step: "mark_overdue" }];
  return steps.find((step) => takeStep(file, step, system, facts).ok) ?? null;
}

/** A deadline that ran out unmet: the party's windows simply close; what an agency misses stays open and is pursued. */
export interface LapsedClock {
  readonly clock: CaseClock;
  readonly zh: string;
}

/**
 * The file with the party's clocks that ran out marked as lapsed, and which they are. An agency's or a court's clock goes
 * on running, late, until what it waits for is done. Payment lapses with its own step.
 */
export function lapsePartyClocks(
  file: CaseFile,
  facts: Pick<StepFacts, "today">,
): { file: CaseFile; lapsed: readonly LapsedClock[] } {
  const lapsed = file.clocks.filter(
    (clock) =>
      clock.state === "running" &&
      clock.duty === "party" &&
      clock.kind !== "payment" &&
      // Without the calendar of its year nobody can say that it is over.
      clock.legalDue !== null &&
      isLate(clock, facts.today),
  );
  if (lapsed.length === 0) return { file, lapsed: [] };
  const clocks = file.clocks.map((clock) =>
    lapsed.includes(clock) ? { ...clock, state: "lapsed" as const, endedOn: facts.today } : clock,
  );
  return {
    file: { ...file, clocks },
    lapsed: lapsed.map((clock) => ({ clock, zh: `${clockKinds[clock.kind]}期限届满` })),
  };
}

function isOver(due: () => Parameters<typeof isLate>[0], facts: Pick<StepFacts, "today">): boolean {
  try {
    return isLate(due(), facts.today);
  } catch (error) {
    // Nobody guesses: it is asked again when the calendar of that year is loaded.
    if (error instanceof MissingCalendarError) return false;
    throw error;
  }
}

import type { CaseClock } from "../clocks/clock.ts";
import { lastDay, startClock } from "../clocks/due.ts";
import type { CaseFile } from "./case-file.ts";
import { courtWindowStart } from "./court-window.ts";
import { endClocks } from "./end-clocks.ts";
import { type SuingPeriod, suingPeriod } from "./litigation-deadline.ts";
import { remedyWindowEnd } from "./remedy-window.ts";
import type { StepFacts } from "./step-facts.ts";

type Facts = Pick<StepFacts, "calendar" | "parameters" | "today">;

/**
 * The clocks with the time to sue and the court window as the file now has them: both move when a review is brought or
 * decided, a suit filed, a payment deferred. `file` is the file after the step. The window is shown once the fine is late.
 */
export function remedyClocks(file: CaseFile, facts: Facts): CaseClock[] {
  return withArchive(
    withWindow(withSuing(file.clocks, suingPeriod(file, facts), facts), file, facts),
    file,
    facts,
  );
}

/** The archivist's time, of a closed case: it begins once the party can no longer seek a remedy, and not while one runs. */
export function withArchive(clocks: readonly CaseClock[], file: CaseFile, facts: Facts): CaseClock[] {
  const closedOn = file.closing?.closedOn ?? null;
  if (file.state !== "closed" || closedOn === null) return [...clocks];
  const sought = [...file.reviews, ...file.litigations].some(({ outcome }) => outcome === null);
  const windowEnd = remedyWindowEnd(file, facts, lastDay) ?? closedOn;
  const startedOn = [windowEnd, closedOn].toSorted().at(-1) ?? closedOn;
  const running = clocks.find(({ kind, state }) => kind === "archive" && state === "running");
  if (!sought && running?.startedOn === startedOn) return [...clocks];
  const stopped = endClocks(clocks, ["archive"], "stopped", facts.today);
  if (sought) return stopped;
  return [
    ...stopped,
    startClock(
      {
        ...{ kind: "archive", subject: "case", startedOn, duty: "agency" },
        period: facts.parameters.get("archive.period"),
        basis: "archive.period",
      },
      facts.calendar,
    ),
  ];
}

function withSuing(clocks: readonly CaseClock[], period: SuingPeriod, facts: Facts): CaseClock[] {
  if (period.state === "not_served") return [...clocks];
  if (period.state !== "dated")
    return endClocks(clocks, ["litigation"], period.state === "in_review" ? "stopped" : "met", facts.today);
  const { from, due, basis } = period;
  const known = clocks.some(
    (clock) =>
      clock.kind === "litigation" &&
      ["running", "lapsed"].includes(clock.state) &&
      clock.startedOn === from &&
      clock.strictDue === due.strictDue,
  );
  if (known) return [...clocks];
  return [
    ...endClocks(clocks, ["litigation"], "stopped", facts.today),
    startClock(
      {
        kind: "litigation",
        subject: "case",
        startedOn: from,
        period: facts.parameters.get(basis),
        basis,
        duty: "party",
      },
      facts.calendar,
    ),
  ];
}

function withWindow(clocks: readonly CaseClock[], file: CaseFile, facts: Facts): CaseClock[] {
  const from = ["overdue", "urged"].includes(file.state) ? courtWindowStart(file, facts) : null;
  const running = clocks.find(({ kind, state }) => kind === "court_window" && state === "running");
  if (from !== null && running?.startedOn === from) return [...clocks];
  const stopped = endClocks(clocks, ["court_window"], "stopped", facts.today);
  if (from === null) return stopped;
  return [
    ...stopped,
    startClock(
      {
        kind: "court_window",
        subject: "case",
        startedOn: from,
        period: facts.parameters.get("court.window"),
        basis: "court.window",
        duty: "agency",
      },
      facts.calendar,
    ),
  ];
}

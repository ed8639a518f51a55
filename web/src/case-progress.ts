import type { CaseFile } from "../../casework/case/case-file.ts";
import type { CaseState } from "../../casework/case/case-states.ts";
import { decisionServedOn } from "../../casework/case/decision-in-force.ts";
import type { CaseClock, LocalDate } from "../../casework/clocks/clock.ts";
import { daysBetween } from "../../casework/clocks/date.ts";

/** The way of a case, as its ribbon shows it. */
const ordinaryStages = [
  "ribbonClue",
  "ribbonFiling",
  "ribbonInvestigation",
  "ribbonNotice",
  "ribbonReview",
  "ribbonDecision",
  "ribbonService",
  "ribbonPerformance",
  "ribbonClosing",
] as const;
export type StageName = (typeof ordinaryStages)[number];
const simplifiedStages: readonly StageName[] = [
  "ribbonClue",
  "ribbonDecision",
  "ribbonService",
  "ribbonPerformance",
  "ribbonClosing",
];

export interface Stage {
  readonly name: StageName;
  /** `skipped`: the case went on without it. */
  readonly state: "done" | "now" | "todo" | "skipped";
  readonly on: LocalDate | null;
}

/** The stage in which a case of this state is; one after the last: it is over. */
const stageOf: Record<CaseState, number> = {
  clue_verification: 0,
  filing_pending: 1,
  filed: 2,
  investigating: 2,
  investigated: 3,
  notice_served: 3,
  statement_review: 3,
  hearing: 3,
  legal_review: 4,
  collective_discussion: 4,
  decision_pending: 5,
  decided: 6,
  served: 7,
  performing: 7,
  overdue: 7,
  urged: 7,
  court_applied: 7,
  court_accepted: 7,
  court_ruled: 7,
  performed: 8,
  executed: 8,
  execution_ended: 8,
  not_filed: 8,
  no_penalty: 8,
  dismissed: 8,
  terminated: 8,
  transferred_agency: 8,
  transferred_judicial: 8,
  closed: 9,
  archived: 9,
};

/** How far a case has come, stage by stage, with the day each was reached. */
export function stagesOf(file: CaseFile): Stage[] {
  const now = stageOf[file.state];
  const names = file.procedure === "simplified" ? simplifiedStages : ordinaryStages;
  return names.map((name) => {
    const index = ordinaryStages.indexOf(name);
    const on = reachedOn(file, name);
    if (index > now) return { name, state: "todo", on: null };
    if (index === now) return { name, state: "now", on };
    return { name, state: on === null && !isUndated(file, name) ? "skipped" : "done", on };
  });
}

/** Performed without a receipt: the penalty was a warning, or somebody confirmed it. */
function isUndated(file: CaseFile, name: StageName): boolean {
  return name === "ribbonPerformance" && file.decision !== null && file.exit === null;
}

function reachedOn(file: CaseFile, name: StageName): LocalDate | null {
  switch (name) {
    case "ribbonClue":
      return file.openedOn;
    case "ribbonFiling":
      return file.filing?.filedOn ?? null;
    case "ribbonInvestigation":
      return file.investigation?.concludedOn ?? null;
    case "ribbonNotice":
      return file.notice?.servedOn ?? null;
    case "ribbonReview":
      return (
        file.discussions.findLast(({ conclusion }) => conclusion === "agree")?.on ??
        file.legalReviews.findLast(({ opinion }) => opinion === "agree")?.on ??
        null
      );
    case "ribbonDecision":
      return file.decision?.on ?? null;
    case "ribbonService":
      return file.decision === null ? null : decisionServedOn(file);
    case "ribbonPerformance":
      return (
        file.court?.events.findLast(({ kind }) => kind === "executed")?.on ??
        file.payment?.receipts.at(-1)?.paidOn ??
        null
      );
    case "ribbonClosing":
      return file.closing?.closedOn ?? null;
  }
}

/** Three days before a date the desk says that it comes near. */
const SOON_DAYS = 3;

export interface Urgency {
  /** Until the strict date; negative when it is over. */
  readonly days: number;
  /** `over`: a party's time ran out, which is nobody's fault. */
  readonly tone: "late" | "over" | "soon" | "calm";
}

export function urgencyOf(
  { strictDue, duty }: Pick<CaseClock, "strictDue" | "duty">,
  today: LocalDate,
): Urgency {
  const days = daysBetween(today, strictDue);
  if (days < 0) return { days, tone: duty === "party" ? "over" : "late" };
  return { days, tone: days <= SOON_DAYS && duty !== "party" ? "soon" : "calm" };
}

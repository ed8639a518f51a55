import type { LocalDate } from "../clocks/clock.ts";
import { formatDateZh } from "../clocks/date.ts";
import { dueAfter } from "../clocks/due.ts";
import type { Refusal } from "../refusal.ts";
import { type CaseFile, type CourtEventKind, type CourtMatter, courtEvents } from "./case-file.ts";
import type { CaseState } from "./case-states.ts";
import { legalEnd } from "./legal-end.ts";
import type { StepFacts } from "./step-facts.ts";

/** What may follow what before the court (行政强制法 56–58, 39–42). `applied`: nothing has come back yet. */
const NEXT = {
  applied: ["accepted", "refused"],
  refused: ["objected", "ended"],
  accepted: ["ruled_enforce", "ruled_refuse", "ended"],
  ruled_refuse: ["objected", "ended"],
  ruled_enforce: ["agreement", "suspended", "executed", "ended"],
  agreement: ["suspended", "executed", "ended"],
  suspended: ["agreement", "executed", "ended"],
  executed: [],
  ended: [],
} as const satisfies Record<"applied" | Exclude<CourtEventKind, "objected">, readonly CourtEventKind[]>;

/** The upper court's answer to an objection, by what was objected to: it may uphold that or do otherwise. */
const AFTER_OBJECTION = {
  refused: ["accepted", "refused", "ended"],
  ruled_refuse: ["ruled_enforce", "ruled_refuse", "ended"],
} as const satisfies Partial<Record<CourtEventKind, readonly CourtEventKind[]>>;

/** State of the case after an event; where none is named it stays. */
export const stateAfter: { readonly [Kind in CourtEventKind]?: CaseState } = {
  accepted: "court_accepted",
  ruled_enforce: "court_ruled",
  ruled_refuse: "court_ruled",
  executed: "executed",
  ended: "execution_ended",
};

/** What the court or the agency may do next; an objection is raised once about each refusal. */
export function nextCourtEvents({ events }: CourtMatter): readonly CourtEventKind[] {
  const last = events.at(-1)?.kind ?? "applied";
  if (last === "objected") {
    const about = events.at(-2)?.kind;
    return about === "refused" || about === "ruled_refuse" ? AFTER_OBJECTION[about] : [];
  }
  const upheld = events.at(-2)?.kind === "objected" && (last === "refused" || last === "ruled_refuse");
  return upheld ? ["ended"] : NEXT[last];
}

/** An event out of order, on a day before the last one, or an objection after its fifteen days. */
export function refuseCourtEvent(
  file: CaseFile,
  { kind, on }: { readonly kind: CourtEventKind; readonly on: LocalDate },
  facts: Pick<StepFacts, "calendar" | "parameters">,
): Refusal | null {
  const { court } = file;
  if (court === null) {
    return {
      code: "court.no_application",
      messageZh: "本案尚未申请法院强制执行。",
      messageEn: "No application has been made to a court.",
    };
  }
  const next = nextCourtEvents(court);
  if (!next.includes(kind)) {
    const open = next.map((name) => courtEvents[name]).join("、");
    return {
      code: "court.event_order",
      article: "xzqz:56",
      messageZh: `现在不能登记“${courtEvents[kind]}”，${open === "" ? "执行程序已经结束" : `可以登记：${open}`}。`,
      messageEn: `"${kind}" cannot follow now; ${next.length === 0 ? "the matter has ended" : `open: ${next.join(", ")}`}.`,
    };
  }
  const since = court.events.at(-1)?.on ?? court.appliedOn;
  if (on < since) {
    return {
      code: "court.event_date",
      messageZh: `日期不得早于前一事项的${formatDateZh(since)}，请核对。`,
      messageEn: `The day cannot lie before that of the last event, ${since}.`,
    };
  }
  return kind === "objected" ? refuseLateObjection(since, on, facts) : null;
}

function refuseLateObjection(
  since: LocalDate,
  on: LocalDate,
  { calendar, parameters }: Pick<StepFacts, "calendar" | "parameters">,
): Refusal | null {
  const lastDay = legalEnd(dueAfter(since, parameters.get("court.objection"), calendar), calendar);
  if (on <= lastDay) return null;
  return {
    code: "court.objection_late",
    article: "xzqz:56(2)",
    messageZh: `提出异议的期限已于${formatDateZh(lastDay)}届满，请登记终结执行。`,
    messageEn: `The time to object ended on ${lastDay}; record the end of the execution instead.`,
  };
}

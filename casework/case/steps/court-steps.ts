import type { CaseClock, ClockKind, LocalDate } from "../../clocks/clock.ts";
import { type ClockStart, startClock } from "../../clocks/due.ts";
import { isFilled, refused } from "../../refusal.ts";
import { amountDue } from "../amount-due.ts";
import type { CourtEventKind } from "../case-file.ts";
import { stateAfter } from "../court-events.ts";
import { decisionDocId } from "../decision-in-force.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import type { StepFacts } from "../step-facts.ts";

const COURT_CLOCKS: readonly ClockKind[] = ["court_acceptance", "court_ruling", "court_objection"];

/** C21–C25: urging, the application and what the court does with it. */
export const courtSteps = {
  /** C21: the amounts of the day; its ten working days begin when it is served (行政强制法 35, 54). */
  urge: ({ file, facts }) => {
    const docId = facts.newId("doc");
    const due = amountDue(file, facts.today, facts);
    const surchargeFen = Math.min(due.unpaidSurchargeFen, due.lateFen);
    const fineFen = due.lateFen - surchargeFen;
    const earlier = file.urging;
    return {
      changes: { urging: { docId, issuedOn: facts.today, servedOn: null, fineFen, surchargeFen } },
      documents: [
        {
          docId,
          code: "D12",
          fields: {
            decisionDocId: decisionDocId(file),
            fineFen,
            surchargeFen,
            totalFen: due.lateFen,
            asOf: facts.today,
            period: facts.parameters.get("urging.period"),
            payee: facts.agency.payee,
            paymentCode: file.payment?.code ?? null,
          },
          ...(earlier === null ? {} : { replaces: earlier.docId }),
        },
      ],
    };
  },

  /** C22: with what 行政强制法 55 wants: the decision and its reasons, the party's views, the urging, the subject. */
  apply_to_court: ({ file, step, facts }) => {
    if (!isFilled(step.court)) {
      return refused({
        code: "court.name_missing",
        article: "xzqz:54",
        messageZh: "请填写受理申请的人民法院。",
        messageEn: "Name the court the application goes to.",
      });
    }
    const docId = facts.newId("doc");
    const { unpaidFen, unpaidFineFen, unpaidSurchargeFen } = amountDue(file, facts.today, facts);
    const clocks = endClocks(file.clocks, ["court_window"], "met", facts.today);
    return {
      changes: {
        court: { docId, court: step.court, appliedOn: facts.today, amountFen: unpaidFen, events: [] },
        clocks: [
          ...endClocks(clocks, ["urging"], "lapsed", facts.today),
          courtClock("court_acceptance", facts.today, "court.accept", "court", facts),
        ],
      },
      documents: [
        {
          docId,
          code: "D19",
          fields: {
            court: step.court,
            amountFen: unpaidFen,
            fineFen: unpaidFineFen,
            surchargeFen: unpaidSurchargeFen,
            decisionDocId: decisionDocId(file),
            urgingDocId: file.urging?.docId ?? null,
            statementIds: file.statements.map(({ statementId }) => statementId),
            evidenceIds: file.evidence
              .filter((item) => item.withdrawn === null)
              .map((item) => item.evidenceId),
          },
        },
      ],
    };
  },

  /** C23–C25 */
  record_court: ({ file, step, facts }) => {
    const { court } = file;
    if (court === null) {
      return refused({
        code: "court.no_application",
        messageZh: "本案尚未申请法院强制执行，请先提出申请。",
        messageEn: "No application has been made to a court; make it first.",
      });
    }
    const { kind, on, note } = step;
    const clocks = clocksAfter(kind, file.clocks, on, facts);
    const state = stateAfter[kind];
    return {
      changes: { court: { ...court, events: [...court.events, { kind, on, note }] }, clocks },
      ...(state === undefined ? {} : { state }),
      why: note,
    };
  },
} as const satisfies Effects<"urge" | "apply_to_court" | "record_court">;

function clocksAfter(
  kind: CourtEventKind,
  clocks: readonly CaseClock[],
  on: LocalDate,
  facts: StepFacts,
): CaseClock[] {
  switch (kind) {
    case "accepted":
      return [
        ...endClocks(clocks, COURT_CLOCKS, "met", on),
        // Thirty days instead of seven where the court hears the parties first: its business, never late for the agency.
        courtClock("court_ruling", on, "court.rule", "court", facts),
      ];
    case "refused":
    case "ruled_refuse":
      return [
        ...endClocks(clocks, COURT_CLOCKS, "met", on),
        courtClock("court_objection", on, "court.objection", "agency", facts),
      ];
    case "objected":
    case "ruled_enforce":
      return endClocks(clocks, COURT_CLOCKS, "met", on);
    case "agreement":
    case "suspended":
      return [...clocks];
    case "executed":
    case "ended":
      return endClocks(clocks, [...COURT_CLOCKS, "payment"], "stopped", on);
  }
}

function courtClock(
  kind: ClockKind,
  startedOn: LocalDate,
  key: "court.accept" | "court.rule" | "court.objection",
  duty: ClockStart["duty"],
  { calendar, parameters }: StepFacts,
): CaseClock {
  const period = parameters.get(key);
  return startClock({ kind, subject: "case", startedOn, period, basis: key, duty }, calendar);
}

import type { CaseClock, Period } from "../../clocks/clock.ts";
import { endClock, extendClock, runningClock, startClock } from "../../clocks/due.ts";
import { type Refused, refused } from "../../refusal.ts";
import type { CaseFile, Notice } from "../case-file.ts";
import { refuseMembers } from "../discussion.ts";
import type { Effects, StepEffect } from "../engine.ts";
import { actorName } from "../investigators.ts";
import { refuseUnconfirmed } from "../parameters-confirmed.ts";
import { serviceClock } from "../service-clock.ts";
import type { StepFacts } from "../step-facts.ts";
import type { StepOf } from "../step-input.ts";
import { backToInvestigation } from "./back-to-investigation.ts";
import { reviewSteps } from "./review-steps.ts";

/** C13–C15: legal review, discussion, decision, and the way back to the investigation. */
export const decisionSteps: Effects<
  | keyof typeof reviewSteps
  | "reopen_investigation"
  | "submit_decision"
  | "endorse_decision"
  | "decide"
  | "return_decision"
  | "extend_decision"
> = {
  ...reviewSteps,

  reopen_investigation: ({ file, step, facts }) => ({
    changes: backToInvestigation(file, facts.today),
    why: step.reason,
  }),

  submit_decision: ({ file, step, actor, facts }) => ({
    changes: {
      decisionProposal: {
        penalty: step.penalty,
        submittedBy: actorName(actor),
        submittedOn: facts.today,
        endorsedBy: null,
      },
    },
    documents: [
      {
        docId: facts.newId("doc"),
        code: "N13",
        fields: { penalty: step.penalty, computation: file.computation },
      },
    ],
  }),

  endorse_decision: ({ file, actor }) => {
    const proposal = file.decisionProposal;
    if (proposal === null) return refused(nothingProposed);
    if (proposal.endorsedBy !== null) return refused(endorsedBefore);
    return { changes: { decisionProposal: { ...proposal, endorsedBy: actorName(actor) } } };
  },

  decide: ({ file, step, actor, facts }) => {
    const { today, calendar, parameters } = facts;
    const proposal = file.decisionProposal;
    if (proposal === null || file.notice === null) return refused(nothingProposed);
    const { penalty } = proposal;
    const docId = facts.newId("doc");
    const { reasons } = step;
    const ofAgency = (kind: CaseClock["kind"], period: Period, basis: string) =>
      startClock({ kind, subject: "case", startedOn: today, period, basis, duty: "agency" }, calendar);
    return {
      changes: {
        decision: {
          docId,
          on: today,
          penalty,
          by: actorName(actor),
          reasons,
          surchargeAnnounced: true,
          simplified: false,
        },
        payment: penalty.fineFen > 0 ? { code: facts.newId("pay"), receipts: [], deferral: null } : null,
        clocks: [
          ...endWindows(endClock(file.clocks, "decision", "case", "met", today), file.notice, today),
          serviceClock("case", facts),
          ofAgency("publication", parameters.get("publication.decide"), "xzcf:48"),
        ],
      },
      documents: [{ docId, code: "D09", fields: { penalty, reasons, surchargeAnnounced: true } }],
      why: reasons,
    };
  },

  return_decision: ({ file, step, facts }) => ({
    changes: backToInvestigation(file, facts.today),
    why: step.reason,
  }),

  extend_decision: ({ file, step, actor, facts }) => extendDecision(file, step, actorName(actor), facts),
};

/** 部令55号: once by leave of the leader, once more after the leaders have discussed it. */
function extendDecision(
  file: CaseFile,
  { afterDiscussion, members, reason }: StepOf<"extend_decision">,
  by: string,
  facts: StepFacts,
): StepEffect | Refused {
  const { today, calendar, parameters, newId } = facts;
  const period = afterDiscussion ? "decision_after_discussion" : "decision";
  const key = afterDiscussion ? "decision.extensionAfterDiscussion" : "decision.extension";
  const taken = file.extensions.map((extension) => extension.period);
  if (taken.includes(period)) return refused(extendedBefore);
  if (afterDiscussion && !taken.includes("decision")) return refused(firstExtensionFirst);
  const undiscussed = afterDiscussion ? refuseMembers(file, members, facts) : null;
  if (undiscussed !== null) return refused(undiscussed);
  const unsure = refuseUnconfirmed([key], parameters);
  if (unsure !== null) return refused(unsure);
  const running = runningClock(file.clocks, "decision", "case");
  if (running === undefined) return refused(nothingRuns);
  const extended = extendClock(running, parameters.get(key), calendar);
  const { strictDue: dueOn, legalDue } = extended;
  return {
    changes: {
      extensions: [...file.extensions, { period, by, on: today, reason }],
      clocks: file.clocks.map((clock) => (clock === running ? extended : clock)),
    },
    documents: [
      {
        docId: newId("doc"),
        code: "N14",
        fields: {
          ...{ reason, period: parameters.get(key), dueOn: legalDue ?? dueOn, afterDiscussion },
          members: afterDiscussion ? members : [],
        },
      },
    ],
    why: reason,
  };
}

/** The party's windows are over when the decision is made, by the calendar or by a waiver. */
function endWindows(clocks: readonly CaseClock[], notice: Notice, on: string): CaseClock[] {
  const how = notice.waiver === null ? "lapsed" : "stopped";
  const rest = endClock(clocks, "statement", notice.docId, how, on);
  return endClock(rest, "hearing_request", notice.docId, how, on);
}

const nothingProposed = {
  code: "decision.nothing_proposed",
  article: "xzcf:57",
  messageZh: "没有待审批的处罚决定建议，请承办人员先提请作出决定。",
  messageEn: "No decision has been proposed; an officer of the case submits it first.",
};

const endorsedBefore = {
  code: "decision.endorsed_before",
  messageZh: "承办机构负责人已经审核，请由行政机关负责人作出决定。",
  messageEn: "The head of the unit has endorsed it; the agency leader decides now.",
};

const extendedBefore = {
  code: "decision.extended_before",
  article: "xzcf:60",
  messageZh: "该项延期已经用过，每项延期只能批准一次。",
  messageEn: "This extension has been used; each is given once.",
};

const firstExtensionFirst = {
  code: "decision.first_extension_first",
  article: "xzcf:60",
  messageZh: "集体讨论后的再次延期以已批准首次延期为前提，请先办理首次延期。",
  messageEn: "The extension after discussion follows the first one; grant that one first.",
};

const nothingRuns = {
  code: "decision.clock_missing",
  article: "xzcf:60",
  messageZh: "本案没有正在计算的办案期限，无需延长。",
  messageEn: "No decision period is running in this case; there is nothing to extend.",
};

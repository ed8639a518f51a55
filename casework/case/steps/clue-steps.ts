import { endClock, extendClock, isLate, runningClock, startClock } from "../../clocks/due.ts";
import { isFilled, type Refusal, refused } from "../../refusal.ts";
import type { CaseFile } from "../case-file.ts";
import type { Effects } from "../engine.ts";
import { refuseJudges } from "../handling.ts";
import { actorName } from "../investigators.ts";
import type { StepFacts } from "../step-facts.ts";
import { withParty } from "./change-party.ts";
import { refuseUnanswered } from "./exit-steps.ts";

/** C01–C03: the clue, its officers, the filing. */
export const clueSteps: Effects<
  | "extend_verification"
  | "set_party"
  | "assign_officers"
  | "submit_filing"
  | "endorse_filing"
  | "approve_filing"
  | "decline_filing"
> = {
  extend_verification: ({ file, step, actor, facts }) => {
    const clock = runningClock(file.clocks, "clue_verification", "case");
    if (clock === undefined || file.extensions.some(({ period }) => period === "clue"))
      return refused(extendedBefore);
    if (isLate(clock, facts.today)) return refused(verificationOver);
    const longer = extendClock(clock, facts.parameters.get("clue.verifyExtension"), facts.calendar);
    const { reason } = step;
    return {
      changes: {
        clocks: file.clocks.map((one) => (one === clock ? longer : one)),
        extensions: [...file.extensions, { period: "clue", by: actorName(actor), on: facts.today, reason }],
      },
      documents: [{ docId: facts.newId("doc"), code: "N14", fields: { reason, dueOn: longer.strictDue } }],
      why: reason,
    };
  },

  set_party: ({ file, step, facts }) =>
    isFilled(step.party.name) ? { changes: withParty(file, step.party, facts.today) } : refused(nameMissing),

  assign_officers: ({ file, step }) => {
    const judged = refuseJudges(file, step.officers);
    if (judged !== null) return refused(judged);
    return { changes: { handlers: [...new Set(step.officers)] } };
  },

  submit_filing: ({ file, step, actor, facts }) => {
    const { summary, seriousHarm = false } = step;
    if (!isFilled(summary)) return refused(summaryMissing);
    return {
      changes: {
        act: { ...file.act, seriousHarm: file.act.seriousHarm || seriousHarm },
        filing: {
          submittedBy: actorName(actor),
          submittedOn: facts.today,
          endorsedBy: null,
          filedBy: null,
          filedOn: null,
        },
      },
      documents: [{ docId: facts.newId("doc"), code: "N02", fields: { summary } }],
      why: summary,
    };
  },

  endorse_filing: ({ file, actor }) => {
    const { filing } = file;
    if (filing === null || filing.endorsedBy !== null) return refused(endorsedAlready);
    return { changes: { filing: { ...filing, endorsedBy: actorName(actor) } } };
  },

  // The case number comes from the store, in the same transaction.
  approve_filing: ({ file, actor, facts }) => {
    const { filing } = file;
    if (filing === null) return refused(endorsedAlready);
    return {
      changes: {
        filing: { ...filing, filedBy: actorName(actor), filedOn: facts.today },
        clocks: [
          ...verified(file, facts),
          startClock(
            {
              kind: "decision",
              subject: "case",
              startedOn: facts.today,
              period: facts.parameters.get("decision.period"),
              basis: "xzcf:60",
              duty: "agency",
            },
            facts.calendar,
          ),
        ],
      },
    };
  },

  decline_filing: ({ file, step, actor, facts }) => {
    const { reason, complaintAnswer } = step;
    if (file.source === "complaint" && !isFilled(complaintAnswer)) return refused(answerMissing);
    const unanswered = refuseUnanswered(file);
    if (unanswered !== null) return refused(unanswered);
    return {
      changes: {
        exit: { kind: "not_filed", on: facts.today, by: actorName(actor), reason },
        clocks: verified(file, facts),
      },
      documents: [{ docId: facts.newId("doc"), code: "N25", fields: { reason, complaintAnswer } }],
      why: reason,
    };
  },
};

function verified(file: CaseFile, facts: StepFacts) {
  return endClock(file.clocks, "clue_verification", "case", "met", facts.today);
}

const extendedBefore: Refusal = {
  code: "clue.extended_before",
  messageZh: "线索核查期限只能延长一次，请在期限内决定是否立案。",
  messageEn: "The time to verify a clue is extended once only; decide about filing within it.",
};

const verificationOver: Refusal = {
  code: "clue.time_over",
  messageZh: "线索核查期限已届满，不能再延长，请尽快决定是否立案。",
  messageEn: "The time to verify the clue is over and cannot be extended now; decide about filing.",
};

const nameMissing: Refusal = {
  code: "party.name_required",
  messageZh: "请填写当事人的姓名或者名称。",
  messageEn: "Give the party's name.",
};

const summaryMissing: Refusal = {
  code: "filing.summary_required",
  messageZh: "请写明案件来源、涉嫌违法的主要事实和立案理由。",
  messageEn: "Say where the clue came from, what is suspected and why it should be filed.",
};

const endorsedAlready: Refusal = {
  code: "approval.endorsed_already",
  messageZh: "承办机构负责人已审核，请由行政机关负责人批准。",
  messageEn: "The head of the unit has endorsed it already; the agency leader approves next.",
};

const answerMissing: Refusal = {
  code: "filing.complaint_answer_required",
  messageZh: "线索来自投诉举报，不予立案的须答复投诉举报人，请填写答复内容。",
  messageEn: "The clue came from a complaint: answer the complainant and record the answer.",
};

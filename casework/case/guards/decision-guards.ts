import { formatDateZh } from "../../clocks/date.ts";
import { isLate, lastDay, runningClock } from "../../clocks/due.ts";
import { countFacts } from "../../discretion/counted-facts.ts";
import { exemptionOf } from "../../discretion/exemption.ts";
import type { ParameterKey } from "../../parameters.ts";
import { isFilled } from "../../refusal.ts";
import { dutyClashes } from "../../roles.ts";
import { wasCorrectedInTime } from "../corrected-in-time.ts";
import { isDiscussionAgreed, isDiscussionDue } from "../discussion.ts";
import type { Guard } from "../engine.ts";
import { refuseUnexplained, weighingFaults } from "../explained-amount.ts";
import type { GuardName } from "../guard-names.ts";
import { everHandled } from "../handling.ts";
import { hearingThresholdKey } from "../hearing.ts";
import { isRecused } from "../investigators.ts";
import { actDay, refuseBasis } from "../law-in-time.ts";
import { refuseUnreviewed } from "../legal-review.ts";
import { refuseUnconfirmed } from "../parameters-confirmed.ts";
import { checkedPenalty } from "../penalty-check.ts";
import { basisOf, findingsOf, proposedPenalty } from "../proposed-penalty.ts";

/** What a notice tells the party, and what a decision tells: nothing of it may be a guess. */
const TOLD_BY_NOTICE: readonly ParameterKey[] = ["statement.window", "hearing.request"];
const TOLD_BY_DECISION: readonly ParameterKey[] = [
  "payment.period",
  "surcharge.permillePerDay",
  "reconsideration.window",
  "litigation.period",
];

/** C13–C15: what a penalty may be, and what a decision needs. */
export const decisionGuards = {
  /** 行政处罚法 58 */
  legal_review_passed: ({ file, facts }) => refuseUnreviewed(file, facts),

  /** 行政处罚法 58: whoever reviews has had no part in the case. */
  legal_reviewer_independent: ({ file, actor }) => {
    if (actor.kind !== "user") return notIndependent;
    if (isRecused(file, actor.userId)) return notIndependent;
    const { userId } = actor;
    const host = file.hearing?.scheduled?.hostId;
    const [clash] = dutyClashes({
      handlers: [...everHandled(file)],
      legalReviewer: userId,
      ...(host === undefined ? {} : { hearingHost: host }),
    }).filter(({ code }) => code === "duty.handler_is_legal_reviewer" || host === userId);
    return clash ?? null;
  },

  /** 行政处罚法 57(2) */
  discussion_agreed: (context) => {
    const { file, facts } = context;
    const penalty = proposedPenalty(context);
    const due = penalty !== null && isDiscussionDue(file, penalty, facts);
    if ((!due && file.discussions.length === 0) || isDiscussionAgreed(file)) return null;
    return {
      code: "discussion.not_agreed",
      article: "xzcf:57(2)",
      messageZh: due
        ? "情节复杂或者重大违法行为应当由行政机关负责人集体讨论决定，请先提请集体讨论并取得同意结论。"
        : "本案已提请集体讨论，尚无针对本次告知的同意结论，请先完成集体讨论。",
      messageEn: due
        ? "A serious violation is decided by the agency's leaders together; have it discussed and agreed first."
        : "The case was submitted for discussion and has not been agreed since its notice; finish that first.",
    };
  },

  /** 行政处罚法 60: the day itself is still in time. Late cannot be mended: longer had to be allowed before. */
  decision_in_time: ({ file, facts }) => {
    const clock = runningClock(file.clocks, "decision", "case");
    if (clock !== undefined && !isLate(clock, facts.today)) return null;
    const due = clock === undefined ? null : lastDay(clock);
    return {
      code: "decision.time_over",
      article: "xzcf:60",
      messageZh: `办案期限${due === null ? "" : `已于${formatDateZh(due)}`}届满，不能再作出处罚决定或者延期；延期应当在届满前批准，请研究终止本案。`,
      messageEn: `The time to decide is over${due === null ? "" : ` since ${due}`}; an extension had to be approved before that day. Terminate the case.`,
    };
  },

  /** 行政处罚法 37, 38: nothing rests on a text that nobody has checked, or on the law of another day. */
  basis_verified: (context) => {
    const { file, facts } = context;
    const penalty = proposedPenalty(context);
    const basis = penalty === null ? undefined : basisOf(facts, penalty.basisId);
    if (basis !== undefined) return refuseBasis(basis, facts.matter.bases, actDay(file), facts.today);
    return {
      code: "law.basis_unknown",
      article: "xzcf:38",
      messageZh: "没有可用的处罚依据，请从本案事项的依据中选择并核对。",
      messageEn: "There is no basis to rest on; choose one of the matter's and have it checked.",
    };
  },

  parameters_confirmed: ({ file, step, facts }) =>
    refuseUnconfirmed(
      [
        hearingThresholdKey(file.party),
        ...TOLD_BY_NOTICE,
        ...(step.step === "issue_notice" ? [] : TOLD_BY_DECISION),
      ],
      facts.parameters,
    ),

  /** B-13, 行政处罚法 30–33: who must be let off is not penalised, and who may be only for a reason. */
  not_minor_corrected: (context) => {
    const found = findingsOf(context);
    if (found === null) return null;
    // Put right since the investigation ended counts all the same.
    const findings = { ...found, corrected: found.corrected || wasCorrectedInTime(context.file) };
    const benchmark = context.facts.matter.benchmarks.find(({ basisId }) => basisId === findings.basisId);
    const facts = benchmark === undefined ? null : countFacts(findings, benchmark);
    const exemption = exemptionOf(findings, facts?.ok === true ? facts.facts.counted : []);
    if (exemption === null) return null;
    if (exemption.kind === "may" && isFilled(findings.exemptionDeclined)) return null;
    const must = exemption.kind === "must";
    return {
      code: must ? "penalty.must_not" : "penalty.exemption_open",
      article: exemption.article,
      messageZh: `${exemption.step.zh}${must ? "请作出不予行政处罚决定并进行教育。" : "请先补充调查并写明理由，或者作出不予行政处罚决定。"}`,
      messageEn: `${exemption.step.en} ${must ? "Decide not to penalise, and educate." : "Reopen the investigation and give the reason, or decide not to penalise."}`,
    };
  },

  /** Statute: range, kinds, subject and precondition of the basis (行政处罚法 5, 9). */
  amount_in_range: (context) => {
    const checked = checkedPenalty(context);
    if (!checked.ok) return checked.refusal;
    return checked.faults.find(({ code }) => !weighingFaults.includes(code)) ?? null;
  },

  amount_explained: refuseUnexplained,
} satisfies Partial<Record<GuardName, Guard>>;

const notIndependent = {
  code: "legal_review.not_independent",
  article: "xzcf:58",
  messageZh: "法制审核须由未参与本案且未被决定回避的法制审核人员本人进行，请另行安排。",
  messageEn:
    "A person reviews who has had no part in the case and has not been recused; have somebody else do it.",
};

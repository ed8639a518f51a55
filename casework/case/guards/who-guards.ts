import type { LocalDate } from "../../clocks/clock.ts";
import type { Refusal } from "../../refusal.ts";
import type { CaseFile } from "../case-file.ts";
import type { Guard, StepContext } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { everHandled, isHostOrReviewer, isOfficer, officersOf, recused } from "../handling.ts";
import { isRecused } from "../investigators.ts";

/** Who may: officers of the case, two of them, and nobody in two roles at once. */
export const whoGuards = {
  /** The system and the party act where the table lets them in. */
  handler_acts: (context) => {
    const { actor, file, step } = context;
    // A recused officer does one thing more: hand the case over.
    if (actor.kind === "user" && step.step !== "assign_officers" && isRecused(file, actor.userId))
      return recused(context.facts.person(actor.userId)?.displayName ?? actor.userId);
    if (actor.kind !== "user" || file.handlers.includes(actor.userId) || mayTakeOver(context)) return null;
    return {
      code: "duty.not_handler",
      article: "xzcf:42",
      messageZh: "此步骤须由本案承办人员办理，请由承办人员操作或先办理指派。",
      messageEn: "One of the officers of this case takes this step; have it assigned first.",
    };
  },

  two_officers: (context) => {
    const named = officersOf(context);
    const allOfficers = named.every((userId) => isOfficer(userId, context.facts));
    if (allOfficers && new Set(named).size >= 2) return null;
    return {
      code: "duty.two_officers_required",
      article: "xzcf:42",
      messageZh: "须由两名以上执法人员办理，协管人员等不得作为执法人员，请指派两名以上执法人员。",
      messageEn: "At least two officers, and only officers, take this step; assign them first.",
    };
  },

  certificates_valid: (context) => {
    const { facts } = context;
    const day = dayOf(context);
    const without = officersOf(context).filter((userId) => !isCertified(context, userId));
    if (without.length === 0) return null;
    const names = without.map((userId) => facts.person(userId)?.displayName ?? userId).join("、");
    return {
      code: "duty.certificate_invalid",
      article: "xzcf:42",
      messageZh: `${names}在${day}没有有效的执法证，请换由持有效执法证的人员承办。`,
      messageEn: `${names} held no valid enforcement certificate on ${day}; assign somebody who does.`,
    };
  },

  not_handler: ({ actor, file }) => {
    if (actor.kind !== "user") return null;
    const { userId } = actor;
    if (everHandled(file).has(userId)) {
      return {
        code: "duty.handler_approves_own_case",
        article: "xzcf:42",
        messageZh: "承办过本案的人员不得审批本案，请由其他负责人审批。",
        messageEn: "Whoever handled this case cannot approve it; somebody else must.",
      };
    }
    if (isHostOrReviewer(file, userId)) {
      return {
        code: "duty.approver_not_independent",
        article: "xzcf:58",
        messageZh: "本案的法制审核人员、听证主持人不得审批本案，请由其他负责人审批。",
        messageEn:
          "The legal reviewer and the hearing host of this case cannot approve it; somebody else must.",
      };
    }
    return isRecused(file, userId) ? recused(userId) : null;
  },

  second_level: ({ actor, file, step }) => {
    const first = endorserFor(file, step.step);
    if (actor.kind !== "user" || first !== actor.userId) return null;
    return {
      code: "duty.two_levels_one_person",
      messageZh: "两级审批须由不同的人作出，请由另一名负责人批准。",
      messageEn: "The two levels of approval come from two people; somebody else approves.",
    };
  },

  endorsed_before: ({ file, step }) => {
    if (endorserFor(file, step.step) !== null) return null;
    return {
      code: "approval.not_endorsed",
      messageZh: "须先经承办机构负责人审核。",
      messageEn: "The head of the handling unit endorses it first.",
    };
  },

  reviewer_qualified: ({ actor, facts }) => {
    if (actor.kind === "user" && facts.person(actor.userId)?.legalQualification === true) return null;
    return {
      code: "duty.reviewer_not_qualified",
      article: "xzcf:58(2)",
      messageZh: "从事法制审核的人员须取得国家统一法律职业资格，请由有资格的人员审核。",
      messageEn:
        "A legal reviewer holds the national legal professional qualification; have one who does review it.",
    };
  },

  no_recused_handler: (context) => {
    const { file, step, actor } = context;
    // What the system sent has arrived, whoever it went out for.
    if (actor.kind === "system") return null;
    const decides = step.step === "decide" || step.step === "decide_on_the_spot";
    // The investigation goes on meanwhile (行政处罚法 43(4)); the decision waits until it is known who may make it.
    if (decides && file.recusals.some(({ decision }) => decision === null)) return recusalUndecided;
    const found = officersOf(context).find((userId) => isRecused(file, userId));
    return found === undefined ? null : recused(context.facts.person(found)?.displayName ?? found);
  },
} as const satisfies Partial<Record<GuardName, Guard>>;

const recusalUndecided: Refusal = {
  code: "duty.recusal_undecided",
  article: "xzcf:43",
  messageZh: "回避申请尚未决定，请先由行政机关负责人决定是否回避，再作出处罚决定。",
  messageEn:
    "A recusal was asked for and not decided; the agency leader decides it before any penalty is decided.",
};

/**
 * Assigning is for the case's officers and whoever opened it. When none of them may act any more (left, recused), any
 * officer may take the case over; otherwise it would stand still for good.
 */
function mayTakeOver({ actor, file, step, facts }: StepContext): boolean {
  if (step.step !== "assign_officers" || actor.kind !== "user") return false;
  if (file.openedBy === actor.userId && file.state === "clue_verification") return true;
  return !file.handlers.some((userId) => isOfficer(userId, facts) && !isRecused(file, userId));
}

function isCertified(context: StepContext, userId: string): boolean {
  const certificate = context.facts.person(userId)?.certificate ?? null;
  const day = dayOf(context);
  return certificate !== null && certificate.validFrom <= day && day <= certificate.validTo;
}

/** When the officers acted: service is often written down later than it was tried. */
function dayOf({ step, facts }: StepContext): LocalDate {
  return step.step === "serve" ? step.attemptedOn : facts.today;
}

/** Who gave the first of the two approvals this step is the second of. */
function endorserFor(file: CaseFile, step: StepContext["step"]["step"]): string | null {
  if (step === "approve_filing") return file.filing?.endorsedBy ?? null;
  if (step === "decide") return file.decisionProposal?.endorsedBy ?? null;
  if (step === "close") return file.closing?.endorsedBy ?? null;
  return null;
}

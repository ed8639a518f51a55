import type { EpochMs } from "../local-time.ts";
import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { type Actor, type Permission, refuseWithout } from "../roles.ts";
import { type CaseState, caseStates } from "./case-states.ts";
import { type CaseFacts, firstFilingFault, refuseApprover } from "./filing-guards.ts";

export type CaseMove =
  | { readonly action: "submit_filing" }
  /** First level: the head of the handling unit. The case stays where it is. */
  | { readonly action: "endorse_filing" }
  /** Second level: the agency leader. */
  | { readonly action: "approve_filing" }
  | { readonly action: "decline_filing"; readonly reason: string };

export type CaseAction = CaseMove["action"];

interface Rule {
  readonly from: readonly CaseState[];
  readonly to: CaseState;
  readonly permission: Permission;
}

const RULES = {
  submit_filing: { from: ["clue_verification"], to: "filing_pending", permission: "case.submit_filing" },
  endorse_filing: { from: ["filing_pending"], to: "filing_pending", permission: "case.endorse_filing" },
  approve_filing: { from: ["filing_pending"], to: "filed", permission: "case.approve_filing" },
  decline_filing: {
    from: ["clue_verification", "filing_pending"],
    to: "not_filed",
    permission: "case.decline_filing",
  },
} as const satisfies Record<CaseAction, Rule>;

export const caseActions = Object.keys(RULES) as CaseAction[];

export type CaseTransition = { readonly ok: true; readonly next: CaseState } | Refused;

/**
 * May this actor take this step now (C01–C03)? Filing's guards are asked when it is submitted and again when
 * it is approved: time runs on and people change in between.
 */
export function transitionCase(facts: CaseFacts, move: CaseMove, actor: Actor, now: EpochMs): CaseTransition {
  const refusal = refuseStart(facts, move.action, actor) ?? refuseContent(facts, move, actor, now);
  return refusal === null ? { ok: true, next: RULES[move.action].to } : refused(refusal);
}

/** The steps this actor could start now; the guards are asked when the step is taken. */
export function openCaseActions(facts: CaseFacts, actor: Actor): CaseAction[] {
  return caseActions.filter((action) => refuseStart(facts, action, actor) === null);
}

function refuseStart(facts: CaseFacts, action: CaseAction, actor: Actor): Refusal | null {
  const rule: Rule = RULES[action];
  const done = action === "endorse_filing" && facts.endorsedBy !== null;
  if (!rule.from.includes(facts.state) || done) {
    return {
      code: "case.illegal_move",
      messageZh: `案件当前为“${caseStates[facts.state]}”，不能办理此步骤。`,
      messageEn: `The case is ${facts.state}; "${action}" is not open${done ? " a second time" : ""}.`,
    };
  }
  const withoutRight = refuseWithout(rule.permission, actor);
  if (withoutRight !== null) return withoutRight;
  if (action !== "approve_filing" || facts.endorsedBy !== null) return null;
  return {
    code: "filing.not_endorsed",
    messageZh: "须先经承办机构负责人审批。",
    messageEn: "The head of the handling unit approves first.",
  };
}

function refuseContent(facts: CaseFacts, move: CaseMove, actor: Actor, now: EpochMs): Refusal | null {
  switch (move.action) {
    case "submit_filing":
      return refuseStranger(facts, actor) ?? firstFilingFault(facts, now);
    case "endorse_filing":
    case "approve_filing":
      return refuseApprover(facts, actor) ?? firstFilingFault(facts, now);
    case "decline_filing":
      return (
        refuseApprover(facts, actor) ??
        (isFilled(move.reason)
          ? null
          : {
              code: "filing.reason_required",
              messageZh: "请写明不予立案的理由。",
              messageEn: "Say why the case is not filed.",
            })
      );
  }
}

function refuseStranger(facts: CaseFacts, actor: Actor): Refusal | null {
  const own = actor.kind === "user" && facts.handlers.some((handler) => handler.userId === actor.userId);
  if (own) return null;
  return {
    code: "filing.not_handler",
    messageZh: "立案申请须由本案承办人员提交。",
    messageEn: "One of the officers of this case submits it.",
  };
}

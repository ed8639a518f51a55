import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import type { StepContext } from "./engine.ts";
import { checkedPenalty, type PenaltyOnTheWay } from "./penalty-check.ts";

/** Faults of the weighing (行政处罚法 34), not of the statute's range. */
export const weighingFaults: readonly string[] = ["penalty.outside_tier", "penalty.none_due"];

/**
 * 行政处罚法 34, 57: the amount is what the weighing came to, or there is a reason why it is not. Within the tier it may be
 * lower where what the party said was adopted: the review of the statement says why.
 */
export function refuseUnexplained(context: StepContext): Refusal | null {
  const checked = checkedPenalty(context);
  if (!checked.ok) return checked.refusal;
  const fault = checked.faults.find(({ code }) => weighingFaults.includes(code));
  if (fault !== undefined) return fault;
  if (isComputed(checked) || isLoweredByStatement(context.file, checked)) return null;
  return {
    code: "penalty.amount_unexplained",
    article: "xzcf:34",
    messageZh: "处罚与裁量结果不一致且没有说明理由：请按裁量结果确定，或者补充调查后重新裁量并说明理由。",
    messageEn:
      "The penalty is not what the weighing came to and nothing explains it: take that, or reopen the investigation and weigh again with a reason.",
  };
}

/** The computed fine; or no fine at all, where the basis has a milder kind and the tier allows it. */
function isComputed({ penalty, computation }: PenaltyOnTheWay): boolean {
  return penalty.fineFen === computation.fineFen || penalty.fineFen === 0;
}

function isLoweredByStatement(file: CaseFile, { penalty, computation }: PenaltyOnTheWay): boolean {
  const adopted = file.statements.some(({ review }) => review !== null && review.outcome !== "not_adopted");
  return adopted && penalty.fineFen < computation.fineFen;
}

import { formatYuan } from "../money.ts";
import type { Refusal } from "../refusal.ts";
import { tierNames } from "./benchmark.ts";
import type { Computation, Penalty, PenaltyBasis } from "./penalty.ts";

/** What is wrong with a penalty's amount: against the statutory range (SD01) and the tier it was weighed to (SD02). */
export function amountFaults(penalty: Penalty, basis: PenaltyBasis, computation: Computation): Refusal[] {
  if (computation.tier === "none") return [nonePossible];
  if (penalty.fineFen === 0) return withoutFine(computation) ? [] : [outsideTier(computation)];
  const faults: Refusal[] = [];
  if (!isInRange(penalty, basis, computation)) faults.push(outOfRange(basis));
  if (!isInTier(penalty, computation)) faults.push(outsideTier(computation));
  return faults;
}

/** Below the minimum only where a provision let it be mitigated. */
function isInRange({ fineFen }: Penalty, { minFen, maxFen }: PenaltyBasis, { tier }: Computation): boolean {
  return fineFen <= maxFen && (fineFen >= minFen || tier === "mitigated");
}

/** A reasoned departure explains the amount it was made for, and no other outside the tier. */
function isInTier({ fineFen }: Penalty, computation: Computation): boolean {
  if (computation.lowerFen <= fineFen && fineFen <= computation.upperFen) return true;
  return computation.departure !== null && fineFen === computation.fineFen;
}

/** Another kind in place of the fine, a warning for one, is milder than the lightest fine. */
function withoutFine({ tier, departure, fineFen }: Computation): boolean {
  return tier === "mitigated" || tier === "light" || departure !== null || fineFen === 0;
}

const nonePossible: Refusal = {
  code: "penalty.none_due",
  article: "xzcf:33",
  messageZh: "裁量结论为不予处罚，不能给予处罚；请作出不予行政处罚决定并进行教育。",
  messageEn: "The weighing says no penalty: decide not to penalise, and educate.",
};

function outOfRange({ minFen, maxFen }: PenaltyBasis): Refusal {
  const [min, max] = [formatYuan(minFen), formatYuan(maxFen)];
  return {
    code: "penalty.out_of_range",
    article: "xzcf:5",
    messageZh: `罚款不在法定幅度${min}元至${max}元之内，请在法定幅度内确定数额。`,
    messageEn: `The fine is outside the statutory range of ${min} to ${max} yuan; choose one inside.`,
  };
}

function outsideTier({ tier, lowerFen, upperFen }: Computation): Refusal {
  const [lower, upper] = [formatYuan(lowerFen), formatYuan(upperFen)];
  return {
    code: "penalty.outside_tier",
    article: "xzcf:34",
    messageZh: `处罚不在裁量档次“${tierNames[tier].zh}”（${lower}元至${upper}元）之内且没有说明理由，请在该档次内确定，或者说明偏离基准的理由后重新裁量。`,
    messageEn: `The penalty is outside the tier "${tierNames[tier].en}" (${lower} to ${upper} yuan) without a reason: choose one inside, or weigh again with a reason to depart.`,
  };
}

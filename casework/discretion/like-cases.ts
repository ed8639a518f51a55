import type { Fen } from "../money.ts";
import { formatYuan } from "../money.ts";
import type { DiscretionStep, TierId } from "./penalty.ts";

/** A decided case of the same matter, tier and city within twelve months. Who asks makes the selection. */
export interface LikeCase {
  readonly caseId: string;
  readonly fineFen: Fen;
}

/** One of any tier: only those of the tier that was weighed are alike. */
export interface DecidedCase extends LikeCase {
  readonly tier: TierId;
}

export interface LikeSummary {
  readonly count: number;
  readonly medianFen: Fen;
  readonly lowerQuartileFen: Fen;
  readonly upperQuartileFen: Fen;
}

/** Median and quartiles, interpolated between neighbours and rounded to whole fen; null without any case. */
export function summariseLikeCases(cases: readonly LikeCase[]): LikeSummary | null {
  if (cases.length === 0) return null;
  const fines = sorted(cases.map((row) => row.fineFen));
  return {
    count: fines.length,
    medianFen: Math.round(quantile(fines, 2)),
    lowerQuartileFen: Math.round(quantile(fines, 1)),
    upperQuartileFen: Math.round(quantile(fines, 3)),
  };
}

/**
 * Beyond median ± `mads` × MAD of the like cases (SD05). Never with fewer than `minimum` cases. Where all like cases have the
 * same fine, every other fine stands out.
 */
export function isLikeOutlier(
  fineFen: Fen,
  cases: readonly LikeCase[],
  { minimum, mads }: { readonly minimum: number; readonly mads: number },
): boolean {
  if (cases.length === 0 || cases.length < minimum) return false;
  const fines = sorted(cases.map((row) => row.fineFen));
  const median = quantile(fines, 2);
  const deviation = quantile(sorted(fines.map((fine) => Math.abs(fine - median))), 2);
  return Math.abs(fineFen - median) > mads * deviation;
}

/** The explanation's last step: how like cases were decided. It never changes the amount. */
export function likeCasesStep(cases: readonly LikeCase[] | undefined, minimum: number): DiscretionStep {
  if (cases === undefined)
    return {
      code: "like_cases_missing",
      zh: "未与同类案件比较。",
      en: "Not compared with like cases.",
    };
  const summary = summariseLikeCases(cases);
  if (summary === null || summary.count < minimum)
    return {
      code: "like_cases_too_few",
      zh: `近期同类案件${cases.length}件，数量过少，不作比较。`,
      en: `Like cases: ${cases.length}, too few to compare.`,
    };
  const [median, low, high] = [summary.medianFen, summary.lowerQuartileFen, summary.upperQuartileFen].map(
    formatYuan,
  );
  return {
    code: "like_cases",
    zh: `近期同类案件${summary.count}件，罚款中位数${median}元，四分位区间${low}元至${high}元。`,
    en: `Like cases: ${summary.count}; median ${median} yuan, quartiles ${low} to ${high} yuan.`,
  };
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The value a quarter, half or three quarters of the way through an ascending, non-empty list. */
function quantile(ascending: readonly number[], quarters: 1 | 2 | 3): number {
  const position = ((ascending.length - 1) * quarters) / 4;
  const below = ascending[Math.floor(position)] ?? 0;
  const above = ascending[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

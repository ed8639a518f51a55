import type { Fen } from "../money.ts";
import type { Tier } from "./benchmark.ts";
import type { PenaltyBasis } from "./penalty.ts";

type Range = Pick<PenaltyBasis, "minFen" | "maxFen">;

const FEN_PER_YUAN = 100;

/**
 * min + fraction × (max − min) in fen, rounded half up to a whole yuan. A negative fraction gives an amount below the
 * minimum (减轻); from 0 to 1000 the amount stays inside the range.
 */
export function amountAt({ minFen, maxFen }: Range, fractionPermille: number): Fen {
  // Integers until the one division: 1000 × fen stays far below 2^53.
  const fenTimesThousand = minFen * 1000 + fractionPermille * (maxFen - minFen);
  const fen = Math.round(fenTimesThousand / (1000 * FEN_PER_YUAN)) * FEN_PER_YUAN;
  if (fractionPermille < 0) return fen;
  return Math.min(Math.max(fen, minFen), maxFen);
}

/** The amounts of a tier, both ends included. */
export function amountsOf(range: Range, tier: Tier): { lowerFen: Fen; upperFen: Fen } {
  return {
    lowerFen: amountAt(range, tier.fractionFromPermille),
    upperFen: amountAt(range, tier.fractionToPermille),
  };
}

/** Below the minimum, but still a fine: from one yuan to one yuan less than the minimum. */
export function amountsBelowMinimum({ minFen }: Range): { lowerFen: Fen; upperFen: Fen } {
  return { lowerFen: FEN_PER_YUAN, upperFen: minFen - FEN_PER_YUAN };
}

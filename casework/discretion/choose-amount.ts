import { type Fen, formatYuan } from "../money.ts";
import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { amountAt, amountsBelowMinimum, amountsOf } from "./amount.ts";
import {
  type BandId,
  type Benchmark,
  bandIds,
  type Factor,
  type Tier,
  tierNames,
  tierOf,
} from "./benchmark.ts";
import { mustLower, rank, type TierChoice } from "./choose-tier.ts";
import type { DiscretionFindings } from "./findings.ts";
import type { DiscretionStep, PenaltyBasis, TierId } from "./penalty.ts";

export interface AmountChoice {
  /** The tier the amount lies in: another than the benchmark's after a departure. */
  readonly tier: TierId;
  readonly fractionPermille: number;
  readonly fineFen: Fen;
  readonly lowerFen: Fen;
  readonly upperFen: Fen;
  readonly departure: string | null;
  readonly steps: readonly DiscretionStep[];
}

type Chosen = { readonly ok: true; readonly amount: AmountChoice } | Refused;

/**
 * The share inside the chosen tier and the amount. A share that a person set outside the tier needs a reasoned departure
 * (行政处罚法 34); a negative one lies below the statutory minimum and needs a provision that allows it.
 */
export function chooseAmount(
  findings: DiscretionFindings,
  basis: PenaltyBasis,
  benchmark: Benchmark,
  counted: readonly Factor[],
  choice: TierChoice,
): Chosen {
  const tier = tierOf(benchmark, choice.tier);
  const fraction = findings.fractionPermille ?? benchmarkFraction(tier, counted);
  if (!Number.isInteger(fraction) || fraction > 1000) return refused(fractionInvalid);
  if (contains(tier, fraction)) {
    const amount = inTier(basis, choice.tier, tier, fraction);
    return { ok: true, amount: { ...amount, departure: null, steps: [amountStep(basis, amount)] } };
  }
  if (!isFilled(findings.departure)) return refused(departureMissing(tier, choice.tier));
  const departure = findings.departure.trim();
  const departed =
    fraction < 0 ? belowMinimum(basis, choice, fraction) : toTier(basis, benchmark, choice, fraction);
  if ("ok" in departed) return departed;
  const steps = [departureStep(choice.tier, departed.tier, departure), amountStep(basis, departed)];
  return { ok: true, amount: { ...departed, departure, steps } };
}

type Amount = Omit<AmountChoice, "departure" | "steps">;

function inTier(basis: PenaltyBasis, id: BandId, tier: Tier, fractionPermille: number): Amount {
  const fineFen = amountAt(basis, fractionPermille);
  return { tier: id, fractionPermille, fineFen, ...amountsOf(basis, tier) };
}

function belowMinimum(basis: PenaltyBasis, choice: TierChoice, fractionPermille: number): Amount | Refused {
  if (!choice.mayMitigate) return refused(noGroundToMitigate);
  const fineFen = amountAt(basis, fractionPermille);
  const range = amountsBelowMinimum(basis);
  if (fineFen < range.lowerFen || fineFen > range.upperFen) return refused(notBelowMinimum(basis));
  return { tier: "mitigated", fractionPermille, fineFen, ...range };
}

/** The tier that holds the fraction, the one nearest to the benchmark's where two meet. */
function toTier(
  basis: PenaltyBasis,
  benchmark: Benchmark,
  choice: TierChoice,
  fraction: number,
): Amount | Refused {
  const up = fraction > tierOf(benchmark, choice.tier).fractionToPermille;
  const candidates = bandIds.filter((id) => contains(tierOf(benchmark, id), fraction));
  const id = up ? candidates[0] : candidates.at(-1);
  if (id === undefined) return refused(fractionInvalid);
  if (rank(id) > rank(choice.ceiling)) return refused(mustLower("xzcf:32", choice.ceiling));
  return inTier(basis, id, tierOf(benchmark, id), fraction);
}

function contains(tier: Tier, fraction: number): boolean {
  return tier.fractionFromPermille <= fraction && fraction <= tier.fractionToPermille;
}

/** The tier's default, moved by the facts that only move inside it. */
function benchmarkFraction(tier: Tier, counted: readonly Factor[]): number {
  const moved = counted.reduce(
    (sum, { effect }) => (effect.kind === "fraction_delta" ? sum + effect.byPermille : sum),
    tier.defaultPermille,
  );
  return Math.min(Math.max(moved, tier.fractionFromPermille), tier.fractionToPermille);
}

/** `100` → `10%`, `855` → `85.5%` */
function percent(permille: number): string {
  return `${permille / 10}%`;
}

function amountStep(basis: PenaltyBasis, amount: Amount): DiscretionStep {
  const { tier, fractionPermille, fineFen, lowerFen, upperFen } = amount;
  const [min, max, fine, lower, upper] = [basis.minFen, basis.maxFen, fineFen, lowerFen, upperFen].map(
    formatYuan,
  );
  const share = percent(fractionPermille);
  return {
    code: "amount",
    zh: `适用${tierNames[tier].zh}，罚款幅度${lower}元至${upper}元。罚款数额 = ${min}元 +（${max}元 − ${min}元）× ${share} = ${fine}元（取整到元）。`,
    en: `Tier ${tierNames[tier].en}: ${lower} to ${upper} yuan. Fine = ${min} + (${max} − ${min}) × ${share} = ${fine} yuan (whole yuan).`,
  };
}

function departureStep(from: BandId, to: TierId, reason: string): DiscretionStep {
  return {
    code: "departure",
    zh: `裁量权基准的档次为${tierNames[from].zh}，经说明理由偏离至${tierNames[to].zh}，理由：${reason}`,
    en: `The benchmark's tier is ${tierNames[from].en}; departed from to ${tierNames[to].en}. Reason: ${reason}`,
  };
}

const fractionInvalid: Refusal = {
  code: "discretion.fraction_invalid",
  article: "xzcf:5",
  messageZh: "裁量比例须为整数千分比，且罚款不得超过法定最高额，请重新填写。",
  messageEn:
    "The fraction must be a whole permille and the fine not above the statutory maximum; enter it again.",
};

function departureMissing(tier: Tier, id: BandId): Refusal {
  const [from, to] = [percent(tier.fractionFromPermille), percent(tier.fractionToPermille)];
  return {
    code: "discretion.departure_missing",
    article: "xzcf:34",
    messageZh: `裁量比例超出“${tierNames[id].zh}”档次（${from}至${to}），请在该范围内选择，或者说明偏离基准的理由。`,
    messageEn: `The fraction is outside the tier "${tierNames[id].en}" (${from} to ${to}): choose one inside, or give the reason for departing.`,
  };
}

const noGroundToMitigate: Refusal = {
  code: "discretion.no_ground_to_mitigate",
  article: "xzcf:32",
  messageZh: "没有法定减轻处罚情节，罚款不得低于法定最低额，请在法定幅度内确定。",
  messageEn:
    "No statutory ground to mitigate: the fine cannot be below the minimum; choose one inside the range.",
};

function notBelowMinimum({ minFen }: PenaltyBasis): Refusal {
  return {
    code: "discretion.mitigation_out_of_range",
    article: "xzcf:32",
    messageZh: `减轻处罚的罚款须低于法定最低额${formatYuan(minFen)}元且不少于1元，请重新填写裁量比例。`,
    messageEn: `A mitigated fine lies below the minimum of ${formatYuan(minFen)} yuan and is at least 1 yuan; enter the fraction again.`,
  };
}

import { type Fen, formatYuan } from "../money.ts";
import type { Parameters } from "../parameters.ts";
import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { basisUnverified } from "./basis-refusals.ts";
import type { Benchmark, Factor } from "./benchmark.ts";
import { chooseAmount } from "./choose-amount.ts";
import { chooseTier } from "./choose-tier.ts";
import { countFacts } from "./counted-facts.ts";
import { exemptionOf } from "./exemption.ts";
import type { DiscretionFindings } from "./findings.ts";
import { type DecidedCase, likeCasesStep } from "./like-cases.ts";
import type { Computation, DiscretionStep, PenaltyBasis, TierId } from "./penalty.ts";

export interface PenaltyQuestion {
  readonly findings: DiscretionFindings;
  readonly basis: PenaltyBasis;
  readonly benchmark: Benchmark;
  /** For how many like cases are enough; without it nothing is compared. */
  readonly parameters?: Pick<Parameters, "get">;
  /** Present for the simplified procedure: its highest fine (行政处罚法 51). */
  readonly simplified?: { readonly maxFen: Fen };
  /** Of the same matter and city within twelve months, of any tier. */
  readonly likeCases?: readonly DecidedCase[];
}

export type Computed = { readonly ok: true; readonly computation: Computation } | Refused;

/**
 * Weighs a penalty and explains itself: let off or not, tier, share, amount, comparison, in that order. The same inputs and
 * versions give the same amount and the same text.
 *
 * Where the penalty may be left out and nobody has declined that with a reason, the answer is tier `none` with a step
 * `may_exempt`: whoever wants a penalty has to fill `exemptionDeclined`. Tier `none` with a step `exempt_…`: there can be none.
 *
 * Refuses a basis that nobody has verified, facts that cannot stand, and every choice without its reason.
 */
export function computePenalty(question: PenaltyQuestion): Computed {
  const { findings, basis, benchmark } = question;
  if (findings.basisId !== basis.id || benchmark.basisId !== basis.id) return refused(wrongBasis);
  if (basis.verifiedOn === null) return refused(basisUnverified);
  const facts = countFacts(findings, benchmark);
  if (!facts.ok) return facts;
  const { counted, withoutEvidence } = facts.facts;
  const opening = [basisStep(basis), benchmarkStep(benchmark), ...withoutEvidence.map(withoutEvidenceStep)];

  const exemption = exemptionOf(findings, counted);
  const declined = exemption?.kind === "may" && isFilled(findings.exemptionDeclined);
  if (exemption !== null && !declined)
    return { ok: true, computation: noPenalty(basis, benchmark, [...opening, exemption.step]) };
  if (exemption !== null) opening.push(exemption.step, declinedStep(findings.exemptionDeclined ?? ""));
  else opening.push(notExempt);

  const tier = chooseTier(findings, counted, declined);
  if (!tier.ok) return tier;
  const chosen = chooseAmount(findings, basis, benchmark, counted, tier.choice);
  if (!chosen.ok) return chosen;
  const { steps, ...amount } = chosen.amount;
  if (question.simplified !== undefined && amount.fineFen > question.simplified.maxFen)
    return refused(aboveSimplified(amount.fineFen, question.simplified.maxFen));
  return {
    ok: true,
    computation: {
      basisId: basis.id,
      benchmarkVersion: benchmark.version,
      ...amount,
      steps: [...opening, ...tier.choice.steps, ...steps, comparison(question, amount.tier)],
    },
  };
}

function noPenalty(basis: PenaltyBasis, benchmark: Benchmark, steps: DiscretionStep[]): Computation {
  return {
    basisId: basis.id,
    benchmarkVersion: benchmark.version,
    tier: "none",
    fractionPermille: null,
    fineFen: 0,
    lowerFen: 0,
    upperFen: 0,
    steps,
    departure: null,
  };
}

function comparison({ parameters, likeCases }: PenaltyQuestion, tier: TierId): DiscretionStep {
  if (parameters === undefined) return likeCasesStep(undefined, 0);
  const alike = likeCases?.filter((one) => one.tier === tier);
  return likeCasesStep(alike, parameters.get("likeCases.minimum"));
}

function basisStep({ id, minFen, maxFen }: PenaltyBasis): DiscretionStep {
  const [min, max] = [formatYuan(minFen), formatYuan(maxFen)];
  return {
    code: "basis",
    zh: `法定罚款幅度为${min}元至${max}元（处罚依据编号：${id}）。`,
    en: `The statutory range is ${min} to ${max} yuan (basis ${id}).`,
  };
}

function benchmarkStep({ id, version, isDefault, tag }: Benchmark): DiscretionStep {
  const zh = `适用裁量权基准${id}，版本${version}`;
  const en = `Benchmark ${id}, version ${version}`;
  if (isDefault)
    return {
      code: "benchmark_default",
      zh: `${zh}。该基准为系统默认基准，在载入省级裁量规则之前使用。`,
      en: `${en}. It is the default, used until the province's rule set is loaded.`,
    };
  const unsure = tag !== "T" && tag !== "P";
  return {
    code: "benchmark",
    zh: unsure ? `${zh}（文本尚未核对）。` : `${zh}。`,
    en: unsure ? `${en} (its text has not been checked).` : `${en}.`,
  };
}

function withoutEvidenceStep({ zh, en }: Factor): DiscretionStep {
  return {
    code: "fact_without_evidence",
    zh: `情节“${zh}”没有证据证明，不予认定。`,
    en: `"${en}" has no evidence and does not count.`,
  };
}

function declinedStep(reason: string): DiscretionStep {
  return {
    code: "exemption_declined",
    zh: `执法人员决定给予处罚，理由：${reason.trim()}`,
    en: `A person decided that there is to be a penalty. Reason: ${reason.trim()}`,
  };
}

const notExempt: DiscretionStep = {
  code: "not_exempt",
  zh: "没有不予处罚情节。",
  en: "Nothing lets the party off.",
};

const wrongBasis: Refusal = {
  code: "discretion.wrong_basis",
  article: "xzcf:34",
  messageZh: "调查认定的处罚依据与所用处罚依据或者裁量权基准不一致，请重新选择处罚依据。",
  messageEn:
    "The findings, the penalty basis and the benchmark do not name the same basis; choose the basis again.",
};

function aboveSimplified(fineFen: Fen, maxFen: Fen): Refusal {
  const [fine, max] = [formatYuan(fineFen), formatYuan(maxFen)];
  return {
    code: "discretion.above_simplified",
    article: "xzcf:51",
    messageZh: `罚款${fine}元超过当场处罚的上限${max}元，请改用普通程序办理。`,
    messageEn: `A fine of ${fine} yuan is above the simplified procedure's ${max} yuan: use the ordinary procedure.`,
  };
}

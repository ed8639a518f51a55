import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { type BandId, bandIds, type Factor, tierNames } from "./benchmark.ts";
import { isLoweredForAge } from "./exemption.ts";
import type { DiscretionFindings } from "./findings.ts";
import type { DiscretionStep } from "./penalty.ts";

export interface TierChoice {
  readonly tier: BandId;
  /** The highest tier that the lowering facts leave open. */
  readonly ceiling: BandId;
  /** A provision lets the penalty go below the statutory minimum (行政处罚法 30–32). */
  readonly mayMitigate: boolean;
  readonly steps: readonly DiscretionStep[];
}

/** A fact that pulls down: from the benchmark, from the party's age, or from an exemption that was declined. */
interface Lowering {
  readonly zh: string;
  readonly en: string;
  readonly source: string;
  readonly mandatory: boolean;
  readonly shifts: boolean;
}

/**
 * Which tier the counted facts lead to: lowering facts, then raising ones, then a person's weighing where they pull both ways.
 * A fact that must lower (行政处罚法 30, 32) always does: beside it, nobody can weigh up to the tier that the raising facts
 * alone would give.
 */
export function chooseTier(
  findings: DiscretionFindings,
  counted: readonly Factor[],
  exemptionDeclined: boolean,
): { readonly ok: true; readonly choice: TierChoice } | Refused {
  const lowering = loweringFacts(findings, counted, exemptionDeclined);
  const raising = counted.filter((factor) => factor.kind === "raise");
  const low: BandId = lowering.some((fact) => fact.shifts) ? "light" : "general";
  const high: BandId = raising.some(shiftsTier) ? "heavy" : "general";
  const mandatory = lowering.find((fact) => fact.mandatory);
  const ceiling = mandatory === undefined ? "heavy" : belowOrLight(high);
  const mayMitigate = lowering.some((fact) => fact.source !== "local" && fact.source !== FIRST_SLIGHT);
  const steps = [loweringStep(lowering), raisingStep(raising)];
  const done = (tier: BandId, weighing: readonly DiscretionStep[]) =>
    ({ ok: true, choice: { tier, ceiling, mayMitigate, steps: [...steps, ...weighing] } }) as const;

  const { weighing } = findings;
  if (lowering.length === 0 || raising.length === 0) {
    const tier = lowering.length > 0 ? low : high;
    return done(tier, weighing === null ? [] : [weighingUnused]);
  }
  if (weighing === null || !isFilled(weighing.reason)) return refused(weighingMissing);
  if (mandatory !== undefined && rank(weighing.tier) > rank(ceiling))
    return refused(mustLower(mandatory.source, ceiling));
  if (rank(weighing.tier) < rank(low) || rank(weighing.tier) > rank(high))
    return refused(weighingUnsupported(low, high));
  return done(weighing.tier, [weighed(weighing.tier, weighing.reason)]);
}

export function rank(tier: BandId): number {
  return bandIds.indexOf(tier);
}

const FIRST_SLIGHT = "xzcf:33(1)";

function loweringFacts(
  findings: DiscretionFindings,
  counted: readonly Factor[],
  exemptionDeclined: boolean,
): Lowering[] {
  const facts: Lowering[] = [];
  if (isLoweredForAge(findings)) {
    const zh = "当事人已满十四周岁不满十八周岁";
    facts.push({ zh, en: "the party is 14 to 17", source: "xzcf:30", mandatory: true, shifts: true });
  }
  for (const factor of counted) {
    const { zh, en, source } = factor;
    if (factor.kind === "mandatory_lower") facts.push({ zh, en, source, mandatory: true, shifts: true });
    if (factor.kind === "may_lower")
      facts.push({ zh, en, source, mandatory: false, shifts: shiftsTier(factor) });
  }
  if (exemptionDeclined) {
    const zh = "初次违法，危害后果轻微并及时改正";
    const en = "first violation, slight harm, corrected in time";
    facts.push({ zh, en, source: FIRST_SLIGHT, mandatory: false, shifts: true });
  }
  return facts;
}

function shiftsTier(factor: Factor): boolean {
  return factor.effect.kind === "tier_shift";
}

function belowOrLight(tier: BandId): BandId {
  return tier === "heavy" ? "general" : "light";
}

function loweringStep(facts: readonly Lowering[]): DiscretionStep {
  if (facts.length === 0)
    return { code: "lowering_none", zh: "没有从轻、减轻情节。", en: "No lowering facts." };
  const zh = facts.map((fact) => `${fact.zh}（${fact.mandatory ? "应当" : "可以"}从轻）`).join("；");
  const en = facts.map((fact) => `${fact.en} (${fact.mandatory ? "must" : "may"} lower)`).join("; ");
  return { code: "lowering", zh: `从轻、减轻情节：${zh}。`, en: `Lowering facts: ${en}.` };
}

function raisingStep(factors: readonly Factor[]): DiscretionStep {
  if (factors.length === 0) return { code: "raising_none", zh: "没有从重情节。", en: "No raising facts." };
  const zh = factors.map((factor) => factor.zh).join("；");
  const en = factors.map((factor) => factor.en).join("; ");
  return {
    code: "raising",
    zh: `从重情节：${zh}。当事人的陈述、申辩不作为从重情节。`,
    en: `Raising facts: ${en}. What the party stated in defence is none of them.`,
  };
}

function weighed(tier: BandId, reason: string): DiscretionStep {
  return {
    code: "weighed",
    zh: `同时具有从轻和从重情节，经综合考量适用${tierNames[tier].zh}，理由：${reason.trim()}`,
    en: `Facts pull both ways; all weighed together, the tier is ${tierNames[tier].en}. Reason: ${reason.trim()}`,
  };
}

const weighingUnused: DiscretionStep = {
  code: "weighing_unused",
  zh: "各项情节并不相互冲突，综合考量意见不影响裁量档次。",
  en: "The facts do not pull both ways, so the weighing changes nothing.",
};

const weighingMissing: Refusal = {
  code: "discretion.weighing_missing",
  article: "xzcf:5",
  messageZh: "同时具有从轻和从重情节，请由执法人员综合考量后选择裁量档次并说明理由。",
  messageEn: "Facts pull both ways: a person must weigh them, choose the tier and give the reason.",
};

/** Refusal where a fact that must lower is recorded and the tier is not lowered. */
export function mustLower(article: string, ceiling: BandId): Refusal {
  return {
    code: "discretion.must_lower",
    article,
    messageZh: `具有应当从轻或者减轻处罚的情节，裁量档次最高为“${tierNames[ceiling].zh}”，请重新选择。`,
    messageEn: `A fact that must lower the penalty is recorded: the tier can be "${tierNames[ceiling].en}" at most.`,
  };
}

function weighingUnsupported(low: BandId, high: BandId): Refusal {
  return {
    code: "discretion.weighing_unsupported",
    article: "xzcf:5",
    messageZh: `现有情节只能在“${tierNames[low].zh}”至“${tierNames[high].zh}”之间选择档次，请重新选择，或者说明偏离基准的理由。`,
    messageEn: `The facts allow a tier from "${tierNames[low].en}" to "${tierNames[high].en}"; choose again or give a reason to depart.`,
  };
}

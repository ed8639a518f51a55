import type { Benchmark, Factor } from "../benchmark.ts";
import type { DiscretionFindings, FoundFactor } from "../findings.ts";
import type { Computation, Penalty, PenaltyBasis } from "../penalty.ts";

/** 大气污染防治法 116: 2 000 to 20 000 yuan. */
export function basis(other: Partial<PenaltyBasis> = {}): PenaltyBasis {
  return {
    id: "spill",
    violation: "road_spill",
    forbids: { law: "dqfz", article: "70" },
    penalises: { law: "dqfz", article: "116" },
    subjectKind: "unit",
    kinds: ["fine"],
    minFen: 200_000,
    maxFen: 2_000_000,
    precondition: "none",
    validFrom: "2018-10-26",
    validTo: null,
    verifiedBy: "a reviewer",
    verifiedOn: "2026-01-05",
    ...other,
  };
}

export function factor(id: string, kind: Factor["kind"], other: Partial<Factor> = {}): Factor {
  const effects = {
    mandatory_lower: { kind: "tier_shift", by: -1 },
    may_lower: { kind: "fraction_delta", byPermille: -50 },
    raise: { kind: "tier_shift", by: 1 },
    exempt: { kind: "no_penalty" },
  } as const;
  return { id, zh: id, en: id, kind, source: "local", evidenceNeeded: true, effect: effects[kind], ...other };
}

export const factors = {
  merit: factor("merit", "mandatory_lower", { source: "xzcf:32(4)" }),
  coerced: factor("coerced", "mandatory_lower", { source: "xzcf:32(2)" }),
  partly: factor("partly", "may_lower", { source: "xzcf:31", effect: { kind: "tier_shift", by: -1 } }),
  cooperates: factor("cooperates", "may_lower"),
  repeated: factor("repeated", "raise", { excludes: "first_time" }),
  hides: factor("hides", "raise"),
  busy: factor("busy", "raise", { effect: { kind: "fraction_delta", byPermille: 80 } }),
  listed: factor("listed", "exempt"),
} as const;

export function benchmark(other: Partial<Benchmark> = {}): Benchmark {
  return {
    id: "spill.province",
    violation: "road_spill",
    matterCode: "06014",
    basisId: "spill",
    version: "2026-1",
    publishedUrl: "https://example.org/benchmark",
    validFrom: "2026-01-01",
    validTo: null,
    tag: "T",
    isDefault: false,
    tiers: [
      { id: "light", fractionFromPermille: 0, fractionToPermille: 300, defaultPermille: 100 },
      { id: "general", fractionFromPermille: 300, fractionToPermille: 700, defaultPermille: 500 },
      { id: "heavy", fractionFromPermille: 700, fractionToPermille: 1000, defaultPermille: 850 },
    ],
    factors: Object.values(factors),
    ...other,
  };
}

/** Neither first nor corrected, slight harm, no facts: the general tier. */
export function findings(other: Partial<DiscretionFindings> = {}): DiscretionFindings {
  return {
    basisId: "spill",
    ageYears: null,
    incapacitated: false,
    faultDisproved: false,
    firstTime: false,
    corrected: false,
    refused: null,
    harm: "slight",
    factors: [],
    exemptionDeclined: null,
    weighing: null,
    fractionPermille: null,
    departure: null,
    ...other,
  };
}

/** Facts with a piece of evidence each. */
export function found(...ids: (keyof typeof factors)[]): FoundFactor[] {
  return ids.map((id) => ({ id, evidenceIds: [`evidence-${id}`] }));
}

export function fine(fineYuan: number, other: Partial<Penalty> = {}): Penalty {
  return { kinds: ["fine"], fineFen: fineYuan * 100, confiscation: null, basisId: "spill", ...other };
}

/** Light, 2 000 to 7 400 yuan. */
export function computation(other: Partial<Computation> = {}): Computation {
  return {
    basisId: "spill",
    benchmarkVersion: "2026-1",
    tier: "light",
    fractionPermille: 100,
    fineFen: 380_000,
    lowerFen: 200_000,
    upperFen: 740_000,
    steps: [],
    departure: null,
    ...other,
  };
}

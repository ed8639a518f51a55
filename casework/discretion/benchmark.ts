import type { LocalDate } from "../clocks/clock.ts";
import type { SourceTag } from "../parameters.ts";
import type { PenaltyBasis, TierId } from "./penalty.ts";

/** Degrees of a penalty, mildest first. */
export const tierNames = {
  none: { zh: "不予处罚", en: "no penalty" },
  mitigated: { zh: "减轻处罚", en: "mitigated" },
  light: { zh: "从轻处罚", en: "light" },
  general: { zh: "一般处罚", en: "general" },
  heavy: { zh: "从重处罚", en: "heavy" },
} as const satisfies Record<TierId, { zh: string; en: string }>;

/** The tiers that have a share of the statutory range, mildest first. */
export const bandIds = ["light", "general", "heavy"] as const;
export type BandId = (typeof bandIds)[number];

/** A share of (max − min) in permille, both ends included. */
export interface Tier {
  readonly id: TierId;
  readonly fractionFromPermille: number;
  readonly fractionToPermille: number;
  /** Where no fact moves it. */
  readonly defaultPermille: number;
}

/** What a fact does: lets off, moves the tier by one from `general`, or moves the share inside the tier. */
export type FactorEffect =
  | { readonly kind: "no_penalty" }
  | { readonly kind: "tier_shift"; readonly by: -1 | 1 }
  | { readonly kind: "fraction_delta"; readonly byPermille: number };

/** A fact (裁量情节) that a benchmark knows. */
export interface Factor {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly kind: "mandatory_lower" | "may_lower" | "raise" | "exempt";
  /** `xzcf:32(1)`, or `local` for what only the benchmark says. */
  readonly source: string;
  /** A fact without evidence then does not count. */
  readonly evidenceNeeded: boolean;
  readonly effect: FactorEffect;
  /** A finding that cannot be true beside this fact. */
  readonly excludes?: "first_time" | "corrected" | "harm_below_serious";
}

/** 裁量权基准 for one penalty basis: data, with the time it was in force. */
export interface Benchmark {
  readonly id: string;
  readonly violation: string;
  readonly matterCode: string | null;
  readonly basisId: string;
  readonly version: string;
  /** Benchmarks must be public (行政处罚法 34); null: not known to be. */
  readonly publishedUrl: string | null;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  /** How sure we are of its numbers. */
  readonly tag: SourceTag;
  /** Stands in until the agency's or the province's own is loaded. */
  readonly isDefault: boolean;
  readonly tiers: readonly Tier[];
  readonly factors: readonly Factor[];
}

/** The tier's row. Throws for a benchmark without it: its loader should have refused that. */
export function tierOf(benchmark: Benchmark, id: BandId): Tier {
  const tier = benchmark.tiers.find((row) => row.id === id);
  if (tier === undefined) throw new Error(`benchmark ${benchmark.id} has no tier ${id}`);
  return tier;
}

/** Articles that give the party a right; to make use of it never makes a penalty heavier. */
const rights = ["xzcf:7", "xzcf:44", "xzcf:45", "xzcf:62", "xzcf:63", "xzcf:64"];
const rightNames = /申辩|听证|复议|诉讼|起诉/;

/** Whether a raising fact would punish the party for using a right (行政处罚法 45). */
export function raisesForUseOfRights(factor: Factor): boolean {
  if (factor.kind !== "raise") return false;
  const article = factor.source.replace(/\(.*$/, "");
  return rights.includes(article) || rightNames.test(factor.zh);
}

/** Both ends included. */
export function isInForce(
  row: Pick<PenaltyBasis | Benchmark, "validFrom" | "validTo">,
  on: LocalDate,
): boolean {
  return row.validFrom <= on && (row.validTo === null || on <= row.validTo);
}

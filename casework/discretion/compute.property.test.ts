import fc from "fast-check";
import { expect, it } from "vitest";
import { computePenalty } from "./compute.ts";
import { explainZh } from "./explain.ts";
import type { DiscretionFindings } from "./findings.ts";
import type { Computation, PenaltyBasis } from "./penalty.ts";
import { basis, benchmark, factors, findings } from "./testing/builders.ts";

type FactorId = keyof typeof factors;
const factorIds = Object.keys(factors) as FactorId[];
const RAISING: readonly FactorId[] = ["repeated", "hides", "busy"];
const MUST_LOWER: readonly FactorId[] = ["merit", "coerced"];

const anyBasis: fc.Arbitrary<PenaltyBasis> = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 500_000 }))
  .map(([min, span]) => basis({ minFen: min * 100, maxFen: (min + span) * 100 }));

const anyFindings: fc.Arbitrary<DiscretionFindings> = fc
  .record({
    ageYears: fc.option(fc.integer({ min: 10, max: 70 }), { freq: 2 }),
    firstTime: fc.boolean(),
    corrected: fc.boolean(),
    harm: fc.constantFrom("none", "slight", "serious"),
    factors: fc
      .uniqueArray(fc.constantFrom(...factorIds.filter((id) => id !== "listed")), { maxLength: 5 })
      .map((ids) => ids.map((id) => ({ id, evidenceIds: ["e"] }))),
    exemptionDeclined: fc.option(fc.constant("理由")),
    weighing: fc.option(
      fc.record({ tier: fc.constantFrom("light", "general", "heavy"), reason: fc.constant("理由") }),
    ),
    fractionPermille: fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: -60, max: -1 }),
    ),
    departure: fc.option(fc.constant("理由")),
  })
  .map((some) => findings(some));

function compute(found: DiscretionFindings, by: PenaltyBasis): Computation | null {
  const result = computePenalty({ findings: found, basis: by, benchmark: benchmark() });
  return result.ok ? result.computation : null;
}

function withFact(found: DiscretionFindings, id: FactorId): DiscretionFindings {
  const others = found.factors.filter((each) => each.id !== id);
  return { ...found, factors: [...others, { id, evidenceIds: ["e"] }] };
}

const seeded = { seed: 20260105, numRuns: 3000 };

it("keeps every amount inside the statutory range and its tier, except below it when mitigated", () => {
  const tiers = new Map<string, number>();
  fc.assert(
    fc.property(anyFindings, anyBasis, (found, by) => {
      const computed = compute(found, by);
      if (computed === null) return;
      const { tier, fineFen, lowerFen, upperFen } = computed;
      tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
      expect(fineFen % 100).toBe(0);
      expect(fineFen).toBeGreaterThanOrEqual(lowerFen);
      expect(fineFen).toBeLessThanOrEqual(upperFen);
      if (tier === "none") expect(fineFen).toBe(0);
      else if (tier === "mitigated") expect(fineFen).toBeLessThan(by.minFen);
      else expect(fineFen).toBeGreaterThanOrEqual(by.minFen);
      expect(upperFen).toBeLessThanOrEqual(by.maxFen);
    }),
    seeded,
  );
  // The walk really met every tier.
  expect([...tiers.keys()].sort()).toEqual(["general", "heavy", "light", "mitigated", "none"]);
});

it("never lowers by a raising fact, and never raises by one that must lower", () => {
  const met = { raising: 0, lowering: 0 };
  fc.assert(
    fc.property(
      anyFindings,
      anyBasis,
      fc.constantFrom(...RAISING),
      fc.constantFrom(...MUST_LOWER),
      (found, by, raising, lowering) => {
        const before = compute(found, by);
        if (before === null) return;
        const raised = compute(withFact(found, raising), by);
        if (raised !== null) {
          expect(raised.fineFen).toBeGreaterThanOrEqual(before.fineFen);
          met.raising += raised.fineFen > before.fineFen ? 1 : 0;
        }
        const lowered = compute(withFact(found, lowering), by);
        if (lowered !== null) {
          expect(lowered.fineFen).toBeLessThanOrEqual(before.fineFen);
          met.lowering += lowered.fineFen < before.fineFen ? 1 : 0;
        }
      },
    ),
    seeded,
  );
  expect(met.raising).toBeGreaterThan(50);
  expect(met.lowering).toBeGreaterThan(50);
});

it("gives the same answer and the same text for the same inputs", () => {
  fc.assert(
    fc.property(anyFindings, anyBasis, (found, by) => {
      const shuffled = { ...found, factors: [...found.factors].reverse() };
      const [one, other] = [compute(found, by), compute(shuffled, by)];
      expect(other).toEqual(one);
      if (one !== null && other !== null) expect(explainZh(other)).toBe(explainZh(one));
    }),
    { ...seeded, numRuns: 500 },
  );
});

it("explains every answer in both languages, with a code for each step", () => {
  fc.assert(
    fc.property(anyFindings, anyBasis, (found, by) => {
      for (const step of compute(found, by)?.steps ?? []) {
        expect(step.code).toMatch(/^[a-z_]+$/);
        expect(step.zh).toMatch(/\p{Script=Han}/u);
        expect(step.en).not.toMatch(/undefined|NaN|null/);
        expect(step.zh).not.toMatch(/undefined|NaN|null/);
      }
    }),
    { ...seeded, numRuns: 500 },
  );
});

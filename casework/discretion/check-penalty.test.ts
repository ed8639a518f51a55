import { expect, it } from "vitest";
import { type PenaltyToCheck, penaltyFaults } from "./check-penalty.ts";
import { computePenalty } from "./compute.ts";
import { basis, benchmark, computation, findings, fine, found } from "./testing/builders.ts";

function faults(other: Partial<PenaltyToCheck> = {}): string[] {
  return penaltyFaults({
    penalty: fine(3_800),
    basis: basis(),
    computation: computation(),
    subjectKind: "unit",
    actOn: "2026-03-10",
    orderNotObeyed: false,
    refuses: false,
    ...other,
  }).map(({ code }) => code);
}

it("finds nothing wrong with a fine inside range and tier, both ends included", () => {
  for (const yuan of [2_000, 3_800, 7_400]) expect(faults({ penalty: fine(yuan) })).toEqual([]);
});

it("finds a fine outside the statutory range (SD01) and outside the tier (SD02)", () => {
  expect(faults({ penalty: fine(1_999) })).toEqual(["penalty.out_of_range", "penalty.outside_tier"]);
  expect(faults({ penalty: fine(20_001) })).toEqual(["penalty.out_of_range", "penalty.outside_tier"]);
  expect(faults({ penalty: fine(7_401) })).toEqual(["penalty.outside_tier"]);
});

it("accepts what a departure was reasoned for, and no other amount outside the tier", () => {
  const departed = computation({ departure: "影响应急通道", fineFen: 1_500_000 });
  expect(faults({ penalty: fine(15_000), computation: departed })).toEqual([]);
  expect(faults({ penalty: fine(16_000), computation: departed })).toEqual(["penalty.outside_tier"]);
  const far = computation({ departure: "影响应急通道", fineFen: 2_100_000 });
  expect(faults({ penalty: fine(21_000), computation: far })).toEqual(["penalty.out_of_range"]);
});

it("accepts a fine below the minimum only where it was mitigated", () => {
  const mitigated = computation({ tier: "mitigated", lowerFen: 100, upperFen: 199_900, departure: "立功" });
  expect(faults({ penalty: fine(1_100), computation: mitigated })).toEqual([]);
  expect(faults({ penalty: fine(2_500), computation: mitigated })).toEqual(["penalty.outside_tier"]);
});

it("lets nothing follow from a weighing that says no penalty", () => {
  const none = computation({ tier: "none", fineFen: 0, lowerFen: 0, upperFen: 0, fractionPermille: null });
  expect(faults({ computation: none })).toEqual(["penalty.none_due"]);
  const warning = basis({ kinds: ["warning", "fine"] });
  const penalty = fine(0, { kinds: ["warning"] });
  expect(faults({ computation: none, basis: warning, penalty })).toEqual(["penalty.none_due"]);
});

it("accepts a warning instead of a light fine, not of a general one", () => {
  const mild = basis({ kinds: ["warning", "fine"] });
  const penalty = fine(0, { kinds: ["warning"] });
  expect(faults({ basis: mild, penalty })).toEqual([]);
  const general = computation({
    tier: "general",
    fineFen: 1_100_000,
    lowerFen: 740_000,
    upperFen: 1_460_000,
  });
  expect(faults({ basis: mild, penalty, computation: general })).toEqual(["penalty.outside_tier"]);
  expect(faults({ penalty })).toEqual(["penalty.kind_not_allowed"]);
});

it("wants kinds and content to fit", () => {
  expect(faults({ penalty: fine(0) })).toContain("penalty.kinds_unfit");
  expect(faults({ penalty: fine(3_800, { kinds: [] }) })).toContain("penalty.kinds_unfit");
  const grill = basis({ kinds: ["fine", "confiscation"] });
  expect(faults({ basis: grill, penalty: fine(3_800, { confiscation: "烤炉一台" }) })).toEqual([
    "penalty.kinds_unfit",
  ]);
  const both = fine(3_800, { kinds: ["fine", "confiscation"], confiscation: "烤炉一台" });
  expect(faults({ basis: grill, penalty: both })).toEqual([]);
  expect(faults({ penalty: both })).toEqual(["penalty.kind_not_allowed"]);
});

it("wants a verified basis that was in force on the day of the act, first and last day included", () => {
  expect(faults({ basis: basis({ verifiedBy: null, verifiedOn: null }) })).toEqual([
    "discretion.basis_unverified",
  ]);
  const dated = basis({ validFrom: "2026-01-01", validTo: "2026-03-10" });
  expect(faults({ basis: dated, actOn: "2026-01-01" })).toEqual([]);
  expect(faults({ basis: dated, actOn: "2026-03-10" })).toEqual([]);
  expect(faults({ basis: dated, actOn: "2025-12-31" })).toEqual(["penalty.basis_not_in_force"]);
  expect(faults({ basis: dated, actOn: "2026-03-11" })).toEqual(["penalty.basis_not_in_force"]);
});

it("wants the kind of party that the basis is for", () => {
  expect(faults({ subjectKind: "person" })).toEqual(["penalty.wrong_subject"]);
  expect(faults({ subjectKind: "person", basis: basis({ subjectKind: "any" }) })).toEqual([]);
});

it("wants the order disobeyed or the refusal where the basis punishes only that", () => {
  const order = basis({ precondition: "order_not_obeyed" });
  expect(faults({ basis: order, refuses: true })).toEqual(["penalty.order_first"]);
  expect(faults({ basis: order, orderNotObeyed: true })).toEqual([]);
  const refusal = basis({ precondition: "refuses" });
  expect(faults({ basis: refusal, orderNotObeyed: true })).toEqual(["penalty.refusal_first"]);
  expect(faults({ basis: refusal, refuses: true })).toEqual([]);
});

it("refuses a penalty by another basis than the one that was weighed", () => {
  expect(faults({ penalty: fine(3_800, { basisId: "other" }) })).toEqual(["penalty.wrong_basis"]);
  expect(faults({ computation: computation({ basisId: "other" }) })).toEqual(["penalty.wrong_basis"]);
});

it("finds nothing wrong with what was computed", () => {
  for (const changes of [
    {},
    { factors: found("merit") },
    { factors: found("merit"), fractionPermille: -50, departure: "立功" },
    { fractionPermille: 900, departure: "影响应急通道" },
  ]) {
    const computed = computePenalty({ findings: findings(changes), basis: basis(), benchmark: benchmark() });
    if (!computed.ok) throw new Error(computed.refusal.code);
    const penalty = fine(computed.computation.fineFen / 100);
    expect(faults({ penalty, computation: computed.computation })).toEqual([]);
  }
});

import { describe, expect, it } from "vitest";
import type { Parameters } from "../parameters.ts";
import { computePenalty, type PenaltyQuestion } from "./compute.ts";
import { explainEn, explainZh } from "./explain.ts";
import type { DiscretionFindings } from "./findings.ts";
import { basis, benchmark, factor, factors, findings, found } from "./testing/builders.ts";

type Other = Partial<Omit<PenaltyQuestion, "findings">>;

function compute(changes: Partial<DiscretionFindings> = {}, other: Other = {}) {
  const result = computePenalty({
    findings: findings(changes),
    basis: basis(),
    benchmark: benchmark(),
    ...other,
  });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.computation;
}

function refusalCode(changes: Partial<DiscretionFindings> = {}, other: Other = {}): string {
  const result = computePenalty({
    findings: findings(changes),
    basis: basis(),
    benchmark: benchmark(),
    ...other,
  });
  return result.ok ? "accepted" : result.refusal.code;
}

const codes = (computation: { steps: readonly { code: string }[] }) =>
  computation.steps.map((step) => step.code);

const FIRST = { firstTime: true, corrected: true, harm: "slight" } as const;
const DECLINED = { ...FIRST, exemptionDeclined: "遗撒长度超过五百米" } as const;

describe("the worked example: 2 000 to 20 000 yuan, first violation, cleaned within the grace, slight harm", () => {
  it("offers no penalty until a person declines that", () => {
    const offered = compute(FIRST);
    expect(offered).toMatchObject({ tier: "none", fineFen: 0, fractionPermille: null });
    expect(codes(offered)).toContain("may_exempt");
    expect(compute({ ...FIRST, exemptionDeclined: "  " }).tier).toBe("none");
  });

  it("is light, a tenth of the range, 3 800 yuan once a person declined with a reason", () => {
    const computed = compute(DECLINED);
    expect(computed).toMatchObject({
      tier: "light",
      fractionPermille: 100,
      fineFen: 380_000,
      lowerFen: 200_000,
      upperFen: 740_000,
      departure: null,
    });
    expect(codes(computed)).toEqual([
      "basis",
      "benchmark",
      "may_exempt",
      "exemption_declined",
      "lowering",
      "raising_none",
      "amount",
      "like_cases_missing",
    ]);
    expect(explainZh(computed)).toContain("遗撒长度超过五百米");
    expect(explainZh(computed)).toContain("2,000.00元 +（20,000.00元 − 2,000.00元）× 10% = 3,800.00元");
    expect(explainEn(computed)).toMatch(/^1\. The statutory range .*\n2\. /);
  });

  it("gives the same amount and the same text for the same inputs, however the facts are ordered", () => {
    const facts = found("merit", "repeated", "busy");
    const weighing = { tier: "general", reason: "立功作用有限" } as const;
    const one = compute({ factors: facts, weighing });
    const other = compute({ factors: [...facts].reverse(), weighing });
    expect(other).toEqual(one);
    expect(explainZh(other)).toBe(explainZh(one));
  });

  it("names the benchmark, and says where it only stands in", () => {
    expect(explainZh(compute())).toContain("版本2026-1");
    const standIn = compute(
      {},
      { benchmark: benchmark({ isDefault: true, tag: "M", version: "default-1" }) },
    );
    expect(standIn.benchmarkVersion).toBe("default-1");
    expect(codes(standIn)).toContain("benchmark_default");
    expect(explainZh(standIn)).toContain("系统默认基准");
  });
});

describe("who is let off", () => {
  it.each([
    ["exempt_age", { ageYears: 13 }],
    ["exempt_incapacity", { incapacitated: true }],
    ["exempt_no_fault", { faultDisproved: true }],
    ["exempt_minor", { corrected: true, harm: "none" }],
    ["exempt_listed", { factors: found("listed") }],
  ] as const)("%s: no penalty, even if somebody declines", (code, changes) => {
    const computed = compute({ ...changes, exemptionDeclined: "仍要处罚", fractionPermille: 900 });
    expect(computed).toMatchObject({ tier: "none", fineFen: 0, lowerFen: 0, upperFen: 0 });
    expect(codes(computed).at(-1)).toBe(code);
  });

  it("orders the guardian of a child to see to them", () => {
    expect(explainZh(compute({ ageYears: 13 }))).toContain("监护人");
  });

  it("penalises whoever did not correct, did serious harm, or is proved to repeat it", () => {
    expect(compute({ firstTime: true, harm: "none" }).tier).toBe("general");
    expect(compute({ firstTime: true, corrected: true, harm: "serious" }).tier).toBe("general");
    expect(compute({ corrected: true, harm: "none", factors: found("repeated") }).tier).toBe("heavy");
    expect(compute({ corrected: true }).tier).toBe("general");
  });

  it("still offers no penalty to a first offender who corrected without harm but hid evidence", () => {
    const offered = compute({ ...FIRST, harm: "none", factors: found("hides") });
    expect(codes(offered).at(-1)).toBe("may_exempt");
  });

  it("lowers for 14 to 17 years, not from 18", () => {
    expect(compute({ ageYears: 14 }).tier).toBe("light");
    expect(compute({ ageYears: 17 }).tier).toBe("light");
    expect(compute({ ageYears: 18 }).tier).toBe("general");
  });
});

describe("facts that move the penalty", () => {
  it("is general without any, light with a lowering one, heavy with a raising one", () => {
    expect(compute()).toMatchObject({ tier: "general", fineFen: 1_100_000 });
    expect(compute({ factors: found("merit") })).toMatchObject({ tier: "light", fineFen: 380_000 });
    expect(compute({ factors: found("repeated") })).toMatchObject({ tier: "heavy", fineFen: 1_730_000 });
    expect(compute({ factors: found("cooperates") })).toMatchObject({
      tier: "general",
      fractionPermille: 450,
    });
    expect(compute({ factors: found("busy") })).toMatchObject({ tier: "general", fractionPermille: 580 });
  });

  it("stays inside the tier, however many facts move the share", () => {
    const many = benchmark({
      factors: [1, 2, 3].map((n) =>
        factor(`busy${n}`, "raise", { effect: { kind: "fraction_delta", byPermille: 100 } }),
      ),
    });
    const facts = [1, 2, 3].map((n) => ({ id: `busy${n}`, evidenceIds: ["e"] }));
    expect(compute({ factors: facts }, { benchmark: many })).toMatchObject({
      tier: "general",
      fractionPermille: 700,
    });
  });

  it("does not count a fact without evidence, and says so", () => {
    const computed = compute({ factors: [{ id: "repeated", evidenceIds: [] }] });
    expect(computed).toMatchObject({ tier: "general", fineFen: 1_100_000 });
    expect(codes(computed)).toContain("fact_without_evidence");
    const notNeeded = benchmark({ factors: [{ ...factors.repeated, evidenceNeeded: false }] });
    expect(compute({ factors: [{ id: "repeated", evidenceIds: [] }] }, { benchmark: notNeeded }).tier).toBe(
      "heavy",
    );
  });

  it("never raises because the party stated, defended or asked for a hearing", () => {
    const forbidden = factor("argued", "raise", { source: "xzcf:45(2)" });
    const named = factor("argued", "raise", { zh: "态度恶劣，反复申辩" });
    for (const each of [forbidden, named]) {
      expect(
        refusalCode(
          { factors: [{ id: "argued", evidenceIds: ["e"] }] },
          { benchmark: benchmark({ factors: [each] }) },
        ),
      ).toBe("discretion.rights_never_raise");
    }
  });

  it("refuses an unknown fact and one that the other findings contradict", () => {
    expect(refusalCode({ factors: [{ id: "weather", evidenceIds: ["e"] }] })).toBe(
      "discretion.factor_unknown",
    );
    expect(refusalCode({ firstTime: true, factors: found("repeated") })).toBe(
      "discretion.findings_contradict",
    );
  });
});

describe("facts that pull both ways", () => {
  const both = found("merit", "repeated");
  const weigh = (tier: "light" | "general" | "heavy", reason = "综合考量") => ({
    weighing: { tier, reason },
  });

  it("needs a person's choice with a reason, and tells it", () => {
    expect(refusalCode({ factors: both })).toBe("discretion.weighing_missing");
    expect(refusalCode({ factors: both, ...weigh("general", " ") })).toBe("discretion.weighing_missing");
    const computed = compute({ factors: both, ...weigh("general", "立功作用有限") });
    expect(computed.tier).toBe("general");
    expect(explainZh(computed)).toContain("立功作用有限");
  });

  it("lets nobody weigh a fact that must lower to nothing", () => {
    expect(refusalCode({ factors: both, ...weigh("heavy") })).toBe("discretion.must_lower");
    expect(refusalCode({ factors: found("merit", "busy"), ...weigh("general") })).toBe(
      "discretion.must_lower",
    );
    expect(compute({ factors: found("partly", "repeated"), ...weigh("heavy") }).tier).toBe("heavy");
  });

  it("allows only tiers that some fact supports", () => {
    expect(refusalCode({ factors: found("cooperates", "repeated"), ...weigh("light") })).toBe(
      "discretion.weighing_unsupported",
    );
  });

  it("weighs a declined exemption too: first and corrected, but hid evidence", () => {
    expect(refusalCode({ ...DECLINED, factors: found("hides") })).toBe("discretion.weighing_missing");
  });

  it("ignores a weighing where nothing has to be weighed, and says so", () => {
    const computed = compute({ factors: found("merit"), ...weigh("heavy") });
    expect(computed.tier).toBe("light");
    expect(codes(computed)).toContain("weighing_unused");
  });
});

describe("a person's share, and departures", () => {
  it("takes a share inside the tier, both ends included, and needs no reason", () => {
    expect(compute({ fractionPermille: 300 })).toMatchObject({ tier: "general", fineFen: 740_000 });
    expect(compute({ fractionPermille: 700, departure: "无须偏离" })).toMatchObject({
      tier: "general",
      fineFen: 1_460_000,
      departure: null,
    });
  });

  it("refuses one outside the tier without a reason; with it the tier is the one departed to", () => {
    expect(refusalCode({ fractionPermille: 701 })).toBe("discretion.departure_missing");
    expect(refusalCode({ fractionPermille: 299, departure: " " })).toBe("discretion.departure_missing");
    const up = compute({ fractionPermille: 701, departure: "影响应急通道" });
    expect(up).toMatchObject({
      tier: "heavy",
      departure: "影响应急通道",
      lowerFen: 1_460_000,
      upperFen: 2_000_000,
    });
    expect(codes(up)).toContain("departure");
    expect(compute({ fractionPermille: 299, departure: "初次" }).tier).toBe("light");
    // Where two tiers meet, it is the one nearer to the benchmark's.
    const meeting = compute({ factors: found("partly"), fractionPermille: 700, departure: "影响大" });
    expect(meeting.tier).toBe("general");
  });

  it("lets no departure undo a fact that must lower", () => {
    expect(refusalCode({ factors: found("merit"), fractionPermille: 500, departure: "影响大" })).toBe(
      "discretion.must_lower",
    );
  });

  it("goes below the minimum only on a statutory ground and with a reason", () => {
    const below = { fractionPermille: -50, departure: "立功" };
    expect(refusalCode(below)).toBe("discretion.no_ground_to_mitigate");
    expect(refusalCode({ ...below, factors: found("cooperates") })).toBe("discretion.no_ground_to_mitigate");
    expect(refusalCode({ ...below, ...DECLINED })).toBe("discretion.no_ground_to_mitigate");
    expect(refusalCode({ ...below, departure: null, factors: found("merit") })).toBe(
      "discretion.departure_missing",
    );
    expect(compute({ ...below, factors: found("merit") })).toMatchObject({
      tier: "mitigated",
      fineFen: 110_000,
      lowerFen: 100,
      upperFen: 199_900,
    });
    expect(compute({ ...below, ageYears: 16 }).tier).toBe("mitigated");
  });

  it("keeps a mitigated fine a fine", () => {
    const factorsFound = found("merit");
    expect(refusalCode({ fractionPermille: -112, departure: "立功", factors: factorsFound })).toBe(
      "discretion.mitigation_out_of_range",
    );
    expect(
      refusalCode(
        { fractionPermille: -1, departure: "立功", factors: factorsFound },
        { basis: basis({ minFen: 0 }) },
      ),
    ).toBe("discretion.mitigation_out_of_range");
  });

  it("refuses a share that is no whole permille or above the maximum", () => {
    for (const fractionPermille of [1001, 100.5, Number.NaN])
      expect(refusalCode({ fractionPermille, departure: "理由" })).toBe("discretion.fraction_invalid");
  });
});

describe("what a penalty rests on", () => {
  it("refuses a basis that nobody verified", () => {
    const unverified = basis({ verifiedBy: null, verifiedOn: null });
    expect(refusalCode({}, { basis: unverified })).toBe("discretion.basis_unverified");
  });

  it("refuses findings or a benchmark of another basis", () => {
    expect(refusalCode({ basisId: "other" })).toBe("discretion.wrong_basis");
    expect(refusalCode({}, { benchmark: benchmark({ basisId: "other" }) })).toBe("discretion.wrong_basis");
  });

  it("sends what is above the simplified procedure's highest fine to the ordinary one", () => {
    expect(compute({}, { simplified: { maxFen: 1_100_000 } }).fineFen).toBe(1_100_000);
    expect(refusalCode({}, { simplified: { maxFen: 1_099_900 } })).toBe("discretion.above_simplified");
  });

  it("rounds to a whole yuan inside the range", () => {
    const odd = basis({ minFen: 500, maxFen: 5_000 });
    expect(compute({ fractionPermille: 350 }, { basis: odd }).fineFen).toBe(2_100); // 20.75 yuan
    expect(compute({ fractionPermille: 300 }, { basis: odd }).fineFen).toBe(1_900); // 18.50 yuan
  });

  it("compares with like cases without changing the amount", () => {
    const parameters: Pick<Parameters, "get"> = { get: (() => 5) as unknown as Parameters["get"] };
    const cases = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...{ caseId: `c${index}`, fineFen: (index + 1) * 100_000, tier: "general" as const },
      }));
    const others = cases(9).map((one) => ({ ...one, tier: "heavy" as const }));
    expect(codes(compute({}, { parameters, likeCases: others })).at(-1)).toBe("like_cases_too_few");
    const few = compute({}, { parameters, likeCases: cases(4) });
    expect(codes(few).at(-1)).toBe("like_cases_too_few");
    const enough = compute({}, { parameters, likeCases: cases(5) });
    expect(codes(enough).at(-1)).toBe("like_cases");
    expect(enough.steps.at(-1)?.zh).toContain("中位数3,000.00元");
    expect(enough.fineFen).toBe(few.fineFen);
  });
});

import { describe, expect, it } from "vitest";
import { computePenalty } from "../casework/discretion/compute.ts";
import type { PenaltyBasis } from "../casework/discretion/penalty.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { basesOn, benchmarkOn, discretionCatalogue, discretionFromUnknown, findBasis } from "./discretion.ts";
import { violationCatalogue } from "./violations.ts";

const DAY = "2026-03-10";

/** The faults of the catalogue with these changes. */
function faultsWith(change: (catalogue: ReturnType<typeof copy>) => void): string[] {
  const changed = copy();
  change(changed);
  try {
    discretionFromUnknown(changed, "test");
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

function copy() {
  return structuredClone(discretionCatalogue);
}

/** The row of a list, which a test knows to be there. */
function row<T>(rows: readonly T[], index: number): T {
  const found = rows[index];
  if (found === undefined) throw new Error(`no row ${index}`);
  return found;
}

describe("penalty bases", () => {
  it("hold the same ranges as the violation catalogue, for the same kinds of party", () => {
    for (const { key, legalBasis, penaltyPossible } of violationCatalogue.violations) {
      const bases = basesOn(key, DAY);
      if (!penaltyPossible) expect(bases, key).toEqual([]);
      const ranges = new Set(bases.map((basis) => rangeText(basis.subjectKind, basis.minFen, basis.maxFen)));
      for (const { who, min, max } of legalBasis.fineYuan ?? [])
        expect(ranges, key).toContain(rangeText(who, min * 100, max * 100));
    }
  });

  it.each([
    ["street_vending.csdl-42", "any", 0, 20_000, "none"],
    ["vehicle_sidewalk.djaq-93", "any", 20, 200, "refuses"],
    ["nonmotor_parking.djaq-89", "any", 5, 50, "none"],
    ["exposed_garbage.gfwr-111.person", "person", 100, 500, "none"],
    ["exposed_garbage.gfwr-111.unit", "unit", 50_000, 500_000, "none"],
    ["waste_pile.gfwr-111.unit", "unit", 100_000, 1_000_000, "none"],
    ["road_spill.dqfz-116", "any", 2_000, 20_000, "none"],
    ["open_bbq.dqfz-118", "any", 500, 20_000, "none"],
    ["burning.dqfz-119-garbage.unit", "unit", 10_000, 100_000, "none"],
    ["accessible_blocked.wzaj-65.person", "person", 100, 500, "order_not_obeyed"],
    ["accessible_blocked.wzaj-65.unit", "unit", 10_000, 30_000, "order_not_obeyed"],
  ] as const)("%s is %s, %d to %d yuan, precondition %s", (id, subjectKind, min, max, precondition) => {
    expect(findBasis(id)).toMatchObject({ subjectKind, minFen: min * 100, maxFen: max * 100, precondition });
  });

  it("leave unverified what only a local regulation can settle", () => {
    const unverified = discretionCatalogue.bases.filter(({ verifiedOn }) => verifiedOn === null);
    expect(unverified.map(({ violation }) => violation).sort()).toEqual([
      "awning_umbrella",
      "store_overflow",
    ]);
  });

  it("exist for no violation whose amount is wholly local, and for no day before the law", () => {
    for (const key of ["bin_overflow", "street_hanging", "banner", "vagrancy"])
      expect(basesOn(key, DAY)).toEqual([]);
    expect(basesOn("accessible_blocked", "2023-08-31")).toEqual([]);
    expect(basesOn("accessible_blocked", "2023-09-01")).toHaveLength(2);
    expect(findBasis("nothing")).toBeUndefined();
  });

  it("report every fault with its path", () => {
    const change = (other: Partial<PenaltyBasis>) =>
      faultsWith((catalogue) => Object.assign(row(catalogue.bases, 0), other));
    expect(change({ minFen: 2_000_100 })).toEqual(["bases[0].minFen: is above maxFen"]);
    expect(change({ maxFen: 2_000_050 })[0]).toMatch(/^bases\[0\]\.maxFen: /);
    expect(change({ verifiedBy: null })[0]).toMatch(/^bases\[0\]\.verifiedOn: /);
    expect(change({ violation: "littering" })).toEqual(["bases[0].violation: is not in violations.json"]);
    expect(change({ violation: "dog_unleashed" })[0]).toMatch(/^bases\[0\]\.violation: may never/);
    expect(change({ penalises: { law: "csdl", article: "43" } })[0]).toMatch(/^bases\[0\]\.penalises: /);
    expect(change({ penalises: { law: "nolaw", article: "1" } })[0]).toMatch(/^bases\[0\]\.penalises\.law: /);
    expect(change({ validFrom: "2010-01-01" })[0]).toMatch(/^bases\[0\]\.verifiedOn: /);
    expect(change({ validTo: "2018-01-01" })).toEqual(["bases[0].validTo: is before validFrom"]);
    expect(change({ kinds: ["warning"] })).toEqual([
      "bases[0].maxFen: a fine has an amount, and nothing else has",
    ]);
    expect(change({ id: "vehicle_sidewalk.djaq-93" })).toEqual(["bases: ids must be unique"]);
  });
});

describe("benchmarks", () => {
  it("stand in for every basis, and say that they do", () => {
    for (const basis of discretionCatalogue.bases) {
      const benchmark = benchmarkOn(basis.id, DAY);
      expect(benchmark).toMatchObject({
        basisId: basis.id,
        violation: basis.violation,
        isDefault: true,
        tag: "M",
        publishedUrl: null,
      });
    }
    expect(benchmarkOn("road_spill.dqfz-116", DAY)?.matterCode).toBe("06014");
    expect(benchmarkOn("nothing", DAY)).toBeUndefined();
    expect(benchmarkOn("road_spill.dqfz-116", "2018-10-25")).toBeUndefined();
  });

  it("know every fact that must lower by Art. 32, and weigh the worked example to 3 800 yuan", () => {
    const basis = findBasis("road_spill.dqfz-116");
    const benchmark = benchmarkOn("road_spill.dqfz-116", DAY);
    if (basis === undefined || benchmark === undefined) throw new Error("not there");
    const sources = benchmark.factors
      .filter(({ kind }) => kind === "mandatory_lower")
      .map(({ source }) => source);
    expect(sources).toEqual(["xzcf:32(1)", "xzcf:32(2)", "xzcf:32(3)", "xzcf:32(4)", "xzcf:32(5)"]);
    const computed = computePenalty({
      findings: {
        basisId: basis.id,
        ageYears: null,
        incapacitated: false,
        faultDisproved: false,
        firstTime: true,
        corrected: true,
        refused: null,
        harm: "slight",
        factors: [],
        exemptionDeclined: "遗撒范围较大",
        weighing: null,
        fractionPermille: null,
        departure: null,
      },
      basis,
      benchmark,
    });
    expect(computed).toMatchObject({ ok: true, computation: { tier: "light", fineFen: 380_000 } });
  });

  const own = {
    ...discretionCatalogue.defaultBenchmark,
    id: "spill.province",
    basisId: "road_spill.dqfz-116",
    version: "2026-1",
    tag: "T" as const,
    publishedUrl: "https://example.org/benchmark",
    validFrom: "2026-02-01",
    validTo: "2026-12-31",
  };

  it("give way to a basis's own while that is in force", () => {
    const catalogue = { ...copy(), benchmarks: [own] };
    expect(benchmarkOn(own.basisId, "2026-01-31", catalogue)?.isDefault).toBe(true);
    expect(benchmarkOn(own.basisId, "2026-02-01", catalogue)).toMatchObject({
      id: "spill.province",
      isDefault: false,
      matterCode: "06014",
    });
    expect(benchmarkOn(own.basisId, "2027-01-01", catalogue)?.isDefault).toBe(true);
  });

  it("report every fault with its path", () => {
    const withOwn = (...rows: (typeof own)[]) =>
      faultsWith((catalogue) => Object.assign(catalogue, { benchmarks: rows }));
    expect(withOwn(own)).toEqual([]);
    expect(withOwn({ ...own, basisId: "nothing" })).toEqual(["benchmarks[0].basisId: is no penalty basis"]);
    expect(withOwn(own, { ...own, version: "2026-2" })).toEqual([
      "benchmarks[1].validFrom: two benchmarks of this basis are in force at once",
    ]);
    expect(withOwn({ ...own, validTo: "2026-01-01" })).toEqual([
      "benchmarks[0].validTo: is before validFrom",
    ]);
    const tiers = (change: (rows: (typeof own)["tiers"]) => (typeof own)["tiers"]) =>
      withOwn({ ...own, tiers: change(structuredClone(own.tiers)) });
    expect(tiers((rows) => rows.slice(0, 2)).length).toBeGreaterThan(0);
    const [light, general, heavy] = own.tiers;
    if (!light || !general || !heavy) throw new Error("three tiers");
    expect(tiers(() => [light, { ...general, fractionFromPermille: 400 }, heavy])).toEqual([
      "benchmarks[0].tiers: each tier begins where the one before ends, the first at 0",
    ]);
    expect(tiers(() => [{ ...light, defaultPermille: 301 }, general, heavy])).toEqual([
      "benchmarks[0].tiers: a default lies inside its tier",
    ]);
    const fact = (other: object) =>
      withOwn({
        ...own,
        factors: own.factors.map((each, index) => (index === 7 ? { ...each, ...other } : each)),
      });
    expect(row(own.factors, 7).kind).toBe("raise");
    expect(fact({ source: "xzcf:45" })[0]).toMatch(/^benchmarks\[0\]\.factors\[7\]\.source: to use a right/);
    expect(fact({ zh: "要求听证" })[0]).toMatch(/to use a right/);
    expect(fact({ effect: { kind: "tier_shift", by: -1 } })[0]).toMatch(/factors\[7\]\.effect: does not fit/);
    expect(fact({ id: "merit" })[0]).toMatch(/factors: ids must be unique/);
  });
});

function rangeText(who: string, minFen: number, maxFen: number): string {
  return `${who} ${minFen}–${maxFen}`;
}

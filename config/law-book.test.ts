import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { type DiscretionCatalogue, discretionCatalogue } from "./discretion.ts";
import { loadLawBook, matterOn } from "./law-book.ts";

const BASIS = "street_vending.csdl-42";

/** The catalogue with this basis ended on the last of May 2026 and a milder one in its place. */
function changedLaw(): DiscretionCatalogue {
  const bases = structuredClone(discretionCatalogue.bases);
  const old = bases.find(({ id }) => id === BASIS);
  if (old === undefined) throw new Error(`the catalogue lacks ${BASIS}`);
  const milder = { ...old, id: `${BASIS}.new`, validFrom: "2026-06-01", maxFen: 500_000 };
  const others = bases.filter(({ id }) => id !== BASIS);
  return { ...discretionCatalogue, bases: [...others, { ...old, validTo: "2026-05-31" }, milder] };
}

describe("a matter in time", () => {
  const idsOn = (actDate: string, today: string) => {
    const { bases, benchmarks } = matterOn("street_vending", actDate, today, changedLaw());
    return [bases.map(({ id }) => id), benchmarks.map(({ basisId }) => basisId)];
  };

  it("has the bases of the act's day and of today, each with its benchmark, the act's first", () => {
    const both = [BASIS, `${BASIS}.new`];
    expect(idsOn("2026-05-31", "2026-06-01")).toEqual([both, both]);
  });

  it("has one basis once while nothing changes, and none of a law that has not come yet", () => {
    expect(idsOn("2026-03-10", "2026-05-31")).toEqual([[BASIS], [BASIS]]);
    expect(idsOn("2026-06-01", "2026-09-01")).toEqual([[`${BASIS}.new`], [`${BASIS}.new`]]);
  });

  it("has both benchmarks of a basis whose benchmark was replaced since, the act's first", () => {
    const { defaultBenchmark } = discretionCatalogue;
    const own = {
      ...defaultBenchmark,
      id: "local",
      basisId: BASIS,
      publishedUrl: "https://example.gov.cn/1",
    };
    const benchmarks = [
      { ...own, version: "2026", validFrom: "2026-04-01", validTo: null },
      { ...own, version: "2025", validFrom: "2025-01-01", validTo: "2026-03-31" },
    ];
    const matter = matterOn("street_vending", "2026-03-31", "2026-04-01", {
      ...discretionCatalogue,
      benchmarks,
    });
    expect(matter.benchmarks.map(({ version }) => version)).toEqual(["2025", "2026"]);
  });

  it("is refused where the catalogue lacks it", () => {
    const book = loadLawBook(null);
    expect(() => book.matterOn("nothing", "2026-03-10", "2026-03-10")).toThrow(InvalidInputError);
    expect(book.matterOn("street_vending", "2026-03-10", "2026-03-10").zh).toBe("占道经营");
  });
});

import { describe, expect, it } from "vitest";
import { lawRanksFromUnknown, lawStanding } from "./law-ranks.ts";

describe("the rank of a law", () => {
  it("tells laws, administrative regulations and everything else apart", () => {
    expect(lawStanding("djaq", "2026-03-10")).toEqual({ rank: "law", verified: true });
    expect(lawStanding("srhw", "2026-03-10")).toEqual({ rank: "administrative_regulation", verified: true });
    expect(lawStanding("sczf", "2026-03-10")).toMatchObject({ rank: "other" });
    expect(lawStanding("nosuch", "2026-03-10")).toBeUndefined();
  });

  it("is refused of a law the registry lacks, and twice of one", () => {
    const list = { source: "test", law: ["xzcf"], administrative_regulation: [] };
    expect(lawRanksFromUnknown(list, "test")).toEqual(list);
    expect(() => lawRanksFromUnknown({ ...list, law: ["nosuch"] }, "test")).toThrow(/lacks/);
    expect(() => lawRanksFromUnknown({ ...list, administrative_regulation: ["xzcf"] }, "test")).toThrow(
      /law already/,
    );
  });
});

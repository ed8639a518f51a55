import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import {
  citation,
  findLaw,
  formalCitation,
  isVerified,
  lawOn,
  laws,
  lawsFromUnknown,
  parseProvision,
} from "./laws.ts";
import { citationsOf, violationOf } from "./legal-basis.ts";
import { violationCatalogue } from "./violations.ts";

describe("the registry of laws", () => {
  it("has every law the procedure names, and the catalogue's", () => {
    const named =
      "xzcf xzqz xzfy xzss mss xsjs xszj grxx spxt rlsb srhw csdl dqfz gfwr djaq dwfy wzaj wzwz fjfl dzqm zj55 zj34 " +
      "sczf schj cdzf cdsr sccl scjl gf5 gb118 gbt";
    for (const id of named.split(" ")) expect(findLaw(id), id).toBeDefined();
    for (const { legalBasis } of violationCatalogue.violations)
      for (const { law } of [...legalBasis.forbids, ...legalBasis.penalises])
        expect(findLaw(law), law).toBeDefined();
  });

  it("trusts only what was read in full", () => {
    for (const { id, tag, verified } of laws) expect(verified, id).toBe(tag === "T");
    expect(isVerified("zj55", "2026-03-10")).toBe(false);
    expect(isVerified("sczf", "2026-03-10")).toBe(false);
    expect(isVerified("xzcf", "2026-03-10")).toBe(true);
  });

  it("knows no version for the days before it came into force", () => {
    expect(lawOn("xzcf", "2021-07-14")).toBeUndefined();
    expect(lawOn("xzcf", "2021-07-15")?.version).toBe("2021");
    expect(isVerified("spxt", "2025-03-31")).toBe(false);
    expect(isVerified("spxt", "2025-04-01")).toBe(true);
    expect(lawOn("nothing", "2026-03-10")).toBeUndefined();
  });
});

describe("a provision", () => {
  it.each([
    ["csdl", "27(1)", "《城市道路管理条例》第27条第1项"],
    ["dqfz", "81(3)", "《大气污染防治法》第81条第3款"],
    ["gfwr", "111(1)(3)(4)", "《固体废物污染环境防治法》第111条第1款第3项、第4项"],
    ["xzcf", "41(2)", "《行政处罚法》第41条第2款"],
    ["xzcf", "64(1)", "《行政处罚法》第64条第1项"],
    ["xzcf", "72(1)(1)", "《行政处罚法》第72条第1款第1项"],
    ["djaq", "93", "《道路交通安全法》第93条"],
    ["unknown", "5", "《unknown》第5条"],
  ])("%s:%s is cited as %s", (law, article, zh) => expect(citation({ law, article }).zh).toBe(zh));

  it("is cited in English too", () =>
    expect(citation({ law: "djaq", article: "93" }).en).toBe("Road Traffic Safety Law, Art. 93"));

  it.each([
    ["xzcf", "41(2)", "《中华人民共和国行政处罚法》第41条第2款"],
    ["csdl", "42", "《城市道路管理条例》第42条"],
    ["unknown", "5", "《unknown》第5条"],
  ])("%s:%s is cited by its full name in documents: %s", (law, article, zh) =>
    expect(formalCitation({ law, article })).toBe(zh),
  );

  it("of a law of the National People's Congress has a full name, others go by their own", () => {
    for (const { id, name } of laws) {
      const ofCongress = name.zh.endsWith("法") && !name.zh.endsWith("办法");
      expect(name.formalZh, id).toBe(ofCongress ? `中华人民共和国${name.zh}` : undefined);
    }
  });

  it("is taken apart, or refused", () => {
    expect(parseProvision("xzcf:72(1)(1)")).toEqual({ law: "xzcf", article: "72(1)(1)" });
    for (const text of ["xzcf", "xzcf:", "72", "xzcf:72(a)", "XZCF:1"])
      expect(() => parseProvision(text), text).toThrow(RangeError);
  });

  it("of a violation is cited once, forbidding ones first", () => {
    expect(citationsOf(violationOf("accessible_blocked")).map(({ zh }) => zh)).toEqual([
      "《无障碍环境建设法》第65条第3项",
    ]);
    expect(citationsOf(violationOf("open_bbq")).map(({ zh }) => zh)).toEqual([
      "《大气污染防治法》第81条第3款",
      "《大气污染防治法》第118条第3款",
    ]);
    expect(() => violationOf("nothing")).toThrow(InvalidInputError);
  });
});

describe("a registry somebody wrote", () => {
  const [first] = laws;
  const broken = (...rows: object[]) =>
    lawsFromUnknown({ source: "test", laws: rows.map((row) => ({ ...first, ...row })) }, "test");

  it("may hold versions one after another", () => {
    const [old, current] = broken({ validFrom: null, validTo: "2021-07-14" }, { validFrom: "2021-07-15" });
    expect([old?.validTo, current?.validFrom]).toEqual(["2021-07-14", "2021-07-15"]);
  });

  it("is refused where two versions overlap, where memory counts as verified, where dates run backwards", () => {
    expect(() => broken({ validTo: "2021-07-15", validFrom: null }, { validFrom: "2021-07-15" })).toThrow(
      /laws\[1\]\.validFrom: two versions of xzcf/,
    );
    expect(() => broken({ tag: "M" })).toThrow(/laws\[0\]\.verified/);
    expect(() => broken({ validTo: "2020-01-01" })).toThrow(/laws\[0\]\.validTo: is before/);
    expect(() => broken({ validFrom: "2021-02-30" })).toThrow(/laws\[0\]\.validFrom: must be a date/);
  });
});

import { describe, expect, it } from "vitest";
import { basesOf, basisName, matterName, provisionName } from "./catalogue.ts";

describe("what the desk cites", () => {
  it("counts items, and paragraphs first where the article has them", () => {
    const zh = (provision: string) => provisionName(provision, "zh");
    expect(zh("xzcf:42")).toBe("《行政处罚法》第42条");
    expect(zh("xzcf:61(2)")).toBe("《行政处罚法》第61条第2项");
    expect(zh("xzcf:41(2)")).toBe("《行政处罚法》第41条第2款");
    expect(zh("xzcf:63(1)(3)")).toBe("《行政处罚法》第63条第1款第3项");
    expect(provisionName("xzcf:63(1)(3)", "en")).toBe("Administrative Penalty Law, Art. 63(1)(3)");
  });

  it("is a law's name without an article, and what it was where nothing is known", () => {
    expect(provisionName("xzcf", "zh")).toBe("《行政处罚法》");
    expect(provisionName("local", "zh")).toBe("local");
    expect([matterName("not_there").zh, basisName("not.there", "zh")]).toEqual(["not_there", "not.there"]);
  });

  it("offers the bases of the matter and of no other", () => {
    expect(basesOf("street_vending")).toEqual([
      ["street_vending.csdl-42", expect.objectContaining({ zh: "《城市道路管理条例》第42条" })],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { cities, cityOf, isRegionCode, regionName } from "./regions.ts";

describe("regions", () => {
  it("are Sichuan's 21; 510200 and 511200 do not exist", () => {
    expect(cities).toHaveLength(21);
    expect(new Set(cities.map(({ code }) => code)).size).toBe(21);
    expect(cityOf("510200")).toBeUndefined();
    expect(cityOf("511200")).toBeUndefined();
  });

  it("name the city a district belongs to", () => {
    expect(regionName("510107")).toBe("成都市");
    expect(regionName("513401")).toBe("凉山彝族自治州");
    expect(regionName("510000")).toBe("四川省");
    expect(regionName("110101")).toBe("110101");
  });

  it("are six digits that begin with a province", () => {
    expect(["510107", "110101", "990000", "5101", "51010x"].map(isRegionCode)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

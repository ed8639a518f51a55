import { describe, expect, it } from "vitest";
import { factorOf, typedFactor } from "./second-factor.ts";

describe("the second factor", () => {
  it("is the end of the phone or plate on file", () => {
    expect(factorOf("phone", "138 0000-1234")).toBe("1234");
    expect(factorOf("plate", "川A·1234五")).toBe("34五");
    expect(factorOf("plate", "川a12b4c")).toBe("B4C");
    expect(factorOf("phone", "123")).toBeNull();
    expect(factorOf("phone", "1380000123x")).toBeNull();
    expect(factorOf("phone", null)).toBeNull();
  });

  it("reads what people type, in full width and small letters too, and nothing longer or shorter", () => {
    expect(typedFactor("phone", "１２３４")).toBe("1234");
    expect(typedFactor("plate", "b4c")).toBe("B4C");
    for (const typed of ["123", "12345", "13800001234", "abcd", ""])
      expect(typedFactor("phone", typed)).toBeNull();
    expect(typedFactor("plate", "1B4C")).toBeNull();
  });
});

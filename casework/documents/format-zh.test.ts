import { describe, expect, it } from "vitest";
import {
  cleanText,
  fieldZh,
  isGiven,
  numberZh,
  periodZh,
  phrase,
  provisionZh,
  rateZh,
  sentence,
} from "./format-zh.ts";

describe("numbers of laws", () => {
  it.each([
    [0, "零"],
    [2, "二"],
    [10, "十"],
    [15, "十五"],
    [60, "六十"],
    [105, "一百零五"],
    [110, "一百一十"],
    [2_026, "二千零二十六"],
    [12_345, "12345"],
  ])("writes %i as %s", (number, text) => {
    expect(numberZh(number)).toBe(text);
  });

  it("names working days as such", () => {
    expect(periodZh({ count: 10, unit: "WD" })).toBe("十个工作日");
    expect(periodZh({ count: 15, unit: "CD" })).toBe("十五日");
    expect(periodZh({ count: 6, unit: "MO" })).toBe("六个月");
  });

  it("writes shares in hundredths where they are whole", () => {
    expect(rateZh(30)).toBe("百分之三");
    expect(rateZh(5)).toBe("千分之五");
  });

  it("writes a provision's figures, and nothing else's", () => {
    expect(provisionZh("《第2期办法》第27条第1款第3项")).toBe("《第2期办法》第二十七条第一款第三项");
  });
});

describe("what people typed", () => {
  it("loses what cannot be seen, and keeps lines", () => {
    expect(cleanText("张\u202E三\u0007\r\n李\u200B四 ")).toBe("张三\n李四");
  });

  it("ends as a sentence, once", () => {
    expect(sentence("情节轻微")).toBe("情节轻微。");
    expect(sentence("情节轻微。")).toBe("情节轻微。");
    expect(sentence("情节轻微；")).toBe("情节轻微。");
    expect(sentence("  ")).toBe("");
    expect(phrase("家庭经济困难。")).toBe("家庭经济困难");
  });

  it("is not given while it is blank", () => {
    expect(isGiven(" \u200B ")).toBe(false);
    expect(isGiven([])).toBe(false);
    expect(isGiven(0)).toBe(true);
  });
});

it("shows a field by its kind", () => {
  expect(fieldZh("date", "2026-03-10")).toBe("2026年3月10日");
  expect(fieldZh("fen", 200_000)).toBe("人民币贰仟元整（¥2,000.00）");
  expect(fieldZh("list", ["甲", " ", "乙"])).toBe("甲；乙");
  expect(fieldZh("text", null)).toBe("");
});

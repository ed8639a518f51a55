import { describe, expect, it } from "vitest";
import { amountZh, formatYuanZh } from "./amount-zh.ts";

describe("formatYuanZh", () => {
  it.each([
    [0, "人民币零元整"],
    [5, "人民币伍分"],
    [50, "人民币伍角整"],
    [105, "人民币壹元零伍分"],
    [120, "人民币壹元贰角整"],
    [1_000, "人民币壹拾元整"],
    [10_005, "人民币壹佰元零伍分"],
    [100_500, "人民币壹仟零伍元整"],
    [200_000, "人民币贰仟元整"],
    [10_000_000, "人民币壹拾万元整"],
    [10_050_000, "人民币壹拾万零伍佰元整"],
    [100_500_000, "人民币壹佰万伍仟元整"],
    [123_456_789, "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"],
    [1_000_000_000_100, "人民币壹佰亿零壹元整"],
    [10_000_000_000, "人民币壹亿元整"],
  ])("writes %i fen as %s", (fen, text) => {
    expect(formatYuanZh(fen)).toBe(text);
  });

  it.each([-1, 0.5, Number.NaN, 10 ** 15])("refuses %s", (fen) => {
    expect(() => formatYuanZh(fen)).toThrow(RangeError);
  });
});

it("writes both figures of an amount", () => {
  expect(amountZh(123_450)).toBe("人民币壹仟贰佰叁拾肆元伍角整（¥1,234.50）");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakLines } from "./break-lines.ts";

/** Latin letters and figures half as wide as all others. */
const measure = (text: string) =>
  [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2000 ? 0.5 : 1), 0);
const lines = (text: string, width: number, indent = 0) =>
  breakLines(text, { width, indent, measure }).map((line) => line.text);

describe("breakLines", () => {
  it("fills a line, the first less by its indent", () => {
    expect(lines("一二三四五六七八", 4, 2)).toEqual(["一二", "三四五六", "七八"]);
  });

  it("never begins a line with what closes", () => {
    expect(lines("一二三四。五六", 4)).toEqual(["一二三", "四。五六"]);
    expect(lines("一二三四）。五", 4)).toEqual(["一二三", "四）。五"]);
  });

  it("never ends a line with what opens", () => {
    expect(lines("一二三《五六》", 4)).toEqual(["一二三", "《五六》"]);
  });

  it("keeps numbers, dates and words whole", () => {
    expect(lines("缴款码5101-2026-00017到", 9)).toEqual(["缴款码", "5101-2026-00017到"]);
    expect(lines("一二三2026年四", 5)).toEqual(["一二三", "2026年四"]);
    expect(lines("甲乙 hello world", 4)).toEqual(["甲乙", "hello", "world"]);
  });

  it("cuts a word that no line holds", () => {
    expect(lines("0123456789", 2)).toEqual(["0123", "4567", "89"]);
  });

  it("spreads no paragraph's last line", () => {
    expect(breakLines("一二三四五", { width: 3, indent: 0, measure }).map(({ last }) => last)).toEqual([
      false,
      true,
    ]);
  });

  it("loses no letter, fits the width and always ends", () => {
    const letters = fc.constantFrom(..."一二三，。（）《》“”第1a0-. ".split(""));
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), fc.integer({ min: 3, max: 12 }), (parts, width) => {
        const text = parts.join("");
        const broken = breakLines(text, { width, indent: 0, measure });
        const bare = (value: string) => value.replaceAll(" ", "");
        expect(bare(broken.map((line) => line.text).join(""))).toBe(bare(text));
        for (const line of broken) expect(line.width).toBeLessThanOrEqual(width);
      }),
    );
  });
});

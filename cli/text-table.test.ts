import { describe, expect, it } from "vitest";
import { cut, displayWidth, textTable } from "./text-table.ts";

describe("the width of a text on a terminal", () => {
  it.each([
    ["", 0],
    ["cam-001", 7],
    ["人民南路", 8],
    ["12 号门前", 9],
    ["ＡＢ（）", 8],
    ["é", 1],
    ["e\u0301", 1],
    ["a\u200Bb", 2],
    ["𠮷野家", 6],
    ["…", 1],
  ])("of %j is %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it("is never more than asked for after cutting, and no half character is left", () => {
    expect(cut("人民南路二段", 12)).toBe("人民南路二段");
    expect(cut("人民南路二段", 11)).toBe("人民南路二…");
    expect(cut("人民南路二段", 10)).toBe("人民南路…");
    expect(cut("𠮷𠮷𠮷", 5)).toBe("𠮷𠮷…");
    for (let width = 1; width < 12; width++)
      expect(displayWidth(cut("a人b民c南", width))).toBeLessThanOrEqual(width);
  });
});

describe("a table", () => {
  const columns = [
    { title: "CAMERA" },
    { title: "NAME", maxWidth: 8 },
    { title: "FPS", align: "right" },
  ] as const;

  it("stands in straight columns whatever the script", () => {
    const lines = textTable(columns, [
      ["cam-1", "北门", "5.0"],
      ["c2", "North gate", "25.0"],
      ["c3", "人民南路二段", ""],
    ]);
    expect(lines).toEqual([
      "CAMERA  NAME       FPS",
      "cam-1   北门       5.0",
      "c2      North g…  25.0",
      "c3      人民南…",
    ]);
  });

  it("paints cells without moving them, and lets no name move the cursor", () => {
    const red = (text: string, row: number, column: number) =>
      row === 0 && column === 1 ? `\u001B[31m${text}\u001B[0m` : text;
    const [, line = ""] = textTable(columns, [["c", "北\u001B[2J\n", "1"]], red);
    expect(line).toBe(`c       \u001B[31m北�[2J�\u001B[0m    1`);
  });
});

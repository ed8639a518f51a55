import { describe, expect, it } from "vitest";
import { HiddenPixels, headOfLabel, recallBySize } from "./masking-recall.ts";

const SIZE = { width: 100, height: 100 };

describe("headOfLabel", () => {
  it("is a fifth of who stands, half of who shows the upper body only, in the middle of the width", () => {
    const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));
    expect(rounded(headOfLabel([0.1, 0.1, 0.3, 0.6], SIZE))).toEqual([0.14, 0.1, 0.26, 0.2]);
    expect(rounded(headOfLabel([0.1, 0.1, 0.6, 0.6], SIZE))).toEqual([0.2, 0.1, 0.5, 0.35]);
    expect(rounded(headOfLabel([0.1, 0.1, 0.15, 0.6], SIZE))).toEqual([0.11, 0.1, 0.14, 0.175]);
  });
});

describe("HiddenPixels", () => {
  it("counts what overlaps once", () => {
    const hidden = new HiddenPixels(SIZE, [
      { kind: "head", box: [0, 0, 0.5, 0.5], score: 1, label: "person" },
      { kind: "face", box: [0.25, 0, 0.75, 0.5], score: 1, label: "face" },
    ]);
    expect(hidden.shareOf([0, 0, 1, 1])).toBeCloseTo(0.375);
    expect(hidden.shareOf([0.5, 0, 1, 0.5])).toBeCloseTo(0.5);
    expect(hidden.shareOf([0.8, 0.8, 0.9, 0.9])).toBe(0);
  });
});

describe("recallBySize", () => {
  it("puts each thing into one class", () => {
    const judged = [16, 31, 32, 500].map((sizePx) => ({
      name: "",
      sizePx,
      share: sizePx === 31 ? 0.89 : 0.9,
    }));
    expect(recallBySize(judged, [16, 32])).toEqual([
      { fromPx: 16, toPx: 32, count: 2, hidden: 1 },
      { fromPx: 32, toPx: Number.POSITIVE_INFINITY, count: 2, hidden: 2 },
    ]);
  });
});

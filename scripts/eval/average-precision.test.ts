import { describe, expect, it } from "vitest";
import { averagePrecision, type JudgedPicture } from "./average-precision.ts";

const here = { label: "car", box: [0, 0, 0.5, 0.5] } as const;
const there = { label: "car", box: [0.5, 0.5, 1, 1] } as const;
const bus = { label: "bus", box: [0, 0, 1, 1] } as const;

function scored(box: JudgedPicture["truth"][number], score: number) {
  return { ...box, score };
}

describe("averagePrecision", () => {
  it("is 1 when everything is found exactly and nothing else", () => {
    const pictures = [
      { truth: [here, bus], found: [scored(here, 0.9), scored(bus, 0.2)] },
      { truth: [there], found: [scored(there, 0.5)] },
    ];
    expect(averagePrecision(pictures)).toEqual({ ap: 1, ap50: 1 });
  });

  it("is 0 when nothing is found, and the mean over the classes of the truth otherwise", () => {
    expect(averagePrecision([{ truth: [here], found: [] }])).toEqual({ ap: 0, ap50: 0 });
    const half = [{ truth: [here, bus], found: [scored(here, 0.9), scored({ ...here, label: "dog" }, 0.9)] }];
    expect(averagePrecision(half)).toEqual({ ap: 0.5, ap50: 0.5 });
  });

  it("reads precision at 101 points of recall", () => {
    // One of two found: recall 0 … 0.50 has precision 1, the 50 points beyond have none.
    expect(averagePrecision([{ truth: [here, there], found: [scored(here, 0.9)] }]).ap50).toBeCloseTo(
      51 / 101,
    );
    // A false one before the right one: precision ½ up to recall 1.
    const late = { truth: [here], found: [scored(there, 0.9), scored(here, 0.5)] };
    expect(averagePrecision([late]).ap50).toBeCloseTo(0.5);
  });

  it("counts an object once", () => {
    const twice = { truth: [here, there], found: [scored(here, 0.9), scored(here, 0.8), scored(there, 0.7)] };
    // Precision 1 to recall 0.5, then 2/3.
    expect(averagePrecision([twice]).ap50).toBeCloseTo((51 + 50 * (2 / 3)) / 101);
  });

  it("asks for more overlap limit by limit", () => {
    // IoU 0.72: right at 0.50 … 0.70, five of ten limits.
    const loose = { truth: [here], found: [scored({ label: "car", box: [0, 0, 0.5, 0.36] }, 0.9)] };
    expect(averagePrecision([loose])).toEqual({ ap: expect.closeTo(0.5), ap50: 1 });
  });

  it("ranks across pictures by score", () => {
    const wrong = { truth: [], found: [scored(here, 0.95)] };
    const right = { truth: [here], found: [scored(here, 0.9)] };
    expect(averagePrecision([right, wrong]).ap50).toBeCloseTo(0.5);
    expect(averagePrecision([right, { ...wrong, found: [scored(here, 0.1)] }]).ap50).toBe(1);
  });
});

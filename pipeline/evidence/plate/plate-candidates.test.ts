import { expect, it } from "vitest";
import { plateCandidates } from "./plate-candidates.ts";
import { boundsOfQuad } from "./rectify.ts";
import type { TextLine } from "./text-lines.ts";

function line(left: number, top: number, right: number, bottom: number, score = 0.9): TextLine {
  return {
    quad: [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
    score,
  };
}

const outlines = (lines: readonly TextLine[]) =>
  plateCandidates(lines).map(({ outline }) => boundsOfQuad(outline).join(" "));

it("takes a line of a plate's shape, the surest first, and leaves long and high ones", () => {
  const lines = [
    line(0, 0, 140, 40, 0.7),
    line(200, 0, 340, 40, 0.9),
    line(0, 100, 500, 130),
    line(0, 200, 30, 240),
  ];
  expect(outlines(lines)).toEqual(["200 0 340 40", "0 0 140 40"]);
});

it("puts together what the dot parts", () => {
  expect(outlines([line(0, 0, 45, 40), line(55, 2, 150, 42)])).toContain("0 0 150 42");
  // Too far apart, or of another height.
  expect(outlines([line(0, 0, 45, 40), line(155, 2, 250, 42)])).not.toContain("0 0 250 42");
  expect(outlines([line(0, 0, 45, 40), line(55, 0, 150, 90)])).not.toContain("0 0 150 90");
});

it("reads the upper line of a two-line plate before the lower one", () => {
  const upper = line(40, 0, 110, 40);
  const lower = line(5, 50, 150, 110);
  const stacked = plateCandidates([lower, upper]).find(({ lines }) => lines.length === 2);
  expect(stacked?.lines).toEqual([upper.quad, lower.quad]);
  expect(boundsOfQuad(stacked?.outline ?? upper.quad)).toEqual([5, 0, 150, 110]);
  // Somewhere else on the vehicle.
  const far = plateCandidates([lower, line(40, -200, 110, -160)]);
  expect(far.some(({ lines }) => lines.length === 2)).toBe(false);
});

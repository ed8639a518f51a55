import { describe, expect, it } from "vitest";
import { type LadderFacts, nextRung } from "./ladder.ts";

const minor = { minorFirst: true, firstStep: "persuade", penaltyPossible: true } as const;
const first: LadderFacts = { violation: minor, previous: [], repeats: 0, repeatCount: 3, harm: false };
const warned = (level: number, result: "corrected" | "not_corrected" | null = "not_corrected") => ({
  level,
  result,
});

function rungOf(changes: Partial<LadderFacts>) {
  return nextRung({ ...first, ...changes }).rung;
}
function reasonsOf(changes: Partial<LadderFacts>) {
  return nextRung({ ...first, ...changes }).reasons.map(({ code }) => code);
}
const matter = (changes: Partial<LadderFacts["violation"]>) => ({ violation: { ...minor, ...changes } });

describe("the ladder", () => {
  it("begins with asking, and ends there when it is put right", () => {
    expect(rungOf({})).toEqual({ kind: "persuade", level: 0 });
    expect(rungOf({ previous: [warned(0, null)] })).toEqual({ kind: "look_again" });
    expect(rungOf({ previous: [warned(0, "corrected")] })).toEqual({ kind: "done" });
    expect(rungOf({ previous: [warned(0, "corrected")], repeats: 9, harm: true })).toEqual({ kind: "done" });
  });

  it("goes up one rung at a time when nobody heeds it", () => {
    expect(rungOf({ previous: [warned(0)] })).toEqual({ kind: "written_order", level: 1 });
    expect(reasonsOf({ previous: [warned(0)] })).toEqual(["ladder.not_corrected"]);
    const ignored = { previous: [warned(1), warned(0)] };
    expect(rungOf(ignored)).toEqual({ kind: "case", ground: "not_corrected" });
    expect(rungOf({ previous: [warned(0), warned(1, null)] })).toEqual({ kind: "look_again" });
  });

  it("rises at the third time, not at the second", () => {
    expect(rungOf({ repeats: 1 })).toEqual({ kind: "persuade", level: 0 });
    expect(rungOf({ repeats: 2 })).toEqual({ kind: "written_order", level: 1 });
    expect(reasonsOf({ repeats: 2 })).toEqual(["ladder.repeated"]);
    expect(rungOf({ repeats: 1, repeatCount: 2 })).toEqual({ kind: "written_order", level: 1 });
    expect(rungOf({ ...matter({ minorFirst: false, firstStep: "order" }), repeats: 2 })).toEqual({
      kind: "case",
      ground: "repeated",
    });
  });

  it("does not ask where the matter is none that is warned about first, or where there is harm", () => {
    const order = matter({ minorFirst: false, firstStep: "order" });
    expect(rungOf(order)).toEqual({ kind: "written_order", level: 1 });
    expect(reasonsOf(order)).toEqual(["ladder.not_minor_first"]);
    expect(rungOf(matter({ minorFirst: false, firstStep: "case" }))).toEqual({
      kind: "case",
      ground: "not_minor_first",
    });
    expect(rungOf({ harm: true })).toEqual({ kind: "case", ground: "harm" });
    expect(rungOf({ harm: true, previous: [warned(0, null)] })).toEqual({ kind: "case", ground: "harm" });
  });

  it("sends elsewhere what is not to be asked of anybody", () => {
    expect(rungOf(matter({ minorFirst: false, firstStep: "dispatch" }))).toEqual({ kind: "dispatch" });
    expect(rungOf(matter({ minorFirst: false, firstStep: "referral" }))).toEqual({ kind: "transfer" });
    expect(rungOf(matter({ firstStep: "work_order" }))).toEqual({ kind: "work_order" });
  });

  it("never makes a case of what may not be penalised here", () => {
    const dog = matter({ penaltyPossible: false });
    expect(rungOf(dog)).toEqual({ kind: "persuade", level: 0 });
    expect(rungOf({ ...dog, previous: [warned(0), warned(1)] })).toEqual({ kind: "transfer" });
    expect(rungOf({ ...dog, harm: true })).toEqual({ kind: "transfer" });
    expect(reasonsOf({ ...dog, harm: true })).toEqual(["ladder.harm", "ladder.no_penalty_here"]);
  });
});

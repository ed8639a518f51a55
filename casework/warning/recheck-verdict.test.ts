import { describe, expect, it } from "vitest";
import { type LookSight, recheckVerdict } from "./recheck-verdict.ts";

const table: readonly (readonly [expected: string, sights: readonly LookSight[]])[] = [
  ["gone", ["nothing", "nothing", "nothing"]],
  ["gone", ["unreadable", "nothing", "nothing", "nothing"]],
  ["still_there", ["there", "there", "there"]],
  ["still_there", ["there", "nothing", "there", "there", "nothing"]],
  ["unclear", ["there", "nothing", "nothing"]],
  ["unclear", ["nothing", "nothing", "hidden"]],
  ["unclear", ["nothing", "nothing", "elsewhere"]],
  ["unclear", ["elsewhere", "elsewhere", "elsewhere"]],
  ["unclear", ["hidden", "hidden", "hidden"]],
  // Too few that can be used, whatever they show.
  ["unclear", ["there", "there"]],
  ["unclear", ["nothing", "nothing", "unreadable"]],
  ["unclear", []],
];

describe("what a second look says", () => {
  it.each(table)("is %s for %j", (expected, sights) => {
    expect(recheckVerdict(sights)).toBe(expected);
  });
});

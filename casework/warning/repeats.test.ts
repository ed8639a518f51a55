import { describe, expect, it } from "vitest";
import { countRepeats, windowStart } from "./repeats.ts";

const window = { count: 30, unit: "CD" } as const;
const now = Date.parse("2026-03-10T01:00:00Z");
const day = 86_400_000;
const current = { incidentId: "now", subject: "ann", violation: "street_vending", occurredAt: now };
const earlier = (incidentId: string, daysAgo: number, changes: object = {}) => ({
  incidentId,
  subject: "ann",
  violation: "street_vending",
  occurredAt: now - daysAgo * day,
  ...changes,
});

describe("repeats", () => {
  it("are counted per subject and matter, each incident once", () => {
    const others = [
      earlier("a", 1),
      earlier("a", 1),
      earlier("b", 2),
      earlier("now", 0),
      earlier("c", 1, { subject: "bob" }),
      earlier("d", 1, { violation: "store_overflow" }),
      earlier("later", -1),
    ];
    expect(countRepeats(others, current, window)).toBe(2);
  });

  it("begin and end with whole local days", () => {
    const at = (text: string) => [earlier("x", 0, { occurredAt: Date.parse(text) })];
    // 8 February begins in Shanghai at 16:00 UTC on the 7th.
    expect(countRepeats(at("2026-02-07T16:00:00Z"), current, window)).toBe(1);
    expect(countRepeats(at("2026-02-07T15:59:59Z"), current, window)).toBe(0);
  });

  it("need a subject: a place is none", () => {
    expect(countRepeats([earlier("a", 1)], { ...current, subject: null }, window)).toBe(0);
  });

  it.each([
    ["2026-03-10", { count: 30, unit: "CD" }, "2026-02-08"],
    ["2026-03-31", { count: 1, unit: "MO" }, "2026-02-28"],
    ["2026-03-10", { count: 1, unit: "YR" }, "2025-03-10"],
    ["2028-02-29", { count: 1, unit: "YR" }, "2027-02-28"],
  ] as const)("of %s and %j begin on %s", (end, period, expected) => {
    expect(windowStart(end, period)).toBe(expected);
  });
});

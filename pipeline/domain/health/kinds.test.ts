import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverTime, gapsWithin, type HealthSpan, spanKinds, suspends, totalsOf } from "./kinds.ts";

const span = (kind: HealthSpan["kind"], from: number, to: number): HealthSpan => ({ kind, from, to });

describe("a camera's time", () => {
  it("has no hole: what no span covers was unwatched", () => {
    const spans = [span("watched", 10, 20), span("watched", 20, 30), span("covered", 35, 50)];
    expect(coverTime(spans, 0, 40)).toEqual([
      span("unwatched", 0, 10),
      span("watched", 10, 30),
      span("unwatched", 30, 35),
      span("covered", 35, 40),
    ]);
    expect(coverTime([], 5, 6)).toEqual([span("unwatched", 5, 6)]);
    expect(coverTime(spans, 12, 12)).toEqual([]);
  });

  it("names every gap of a dwell, and none where all was watched", () => {
    const spans = [span("watched", 0, 20), span("frozen", 20, 25), span("watched", 25, 60)];
    expect(gapsWithin(spans, 5, 15)).toEqual([]);
    expect(gapsWithin(spans, 22, 70)).toEqual([span("frozen", 22, 25), span("unwatched", 60, 70)]);
    expect(spanKinds.filter((kind) => !suspends(kind))).toEqual(["watched"]);
  });

  it("adds up to the period, whatever the spans", () => {
    const any = fc.record({
      kind: fc.constantFrom(...spanKinds),
      from: fc.integer({ min: -50, max: 150 }),
      to: fc.integer({ min: -50, max: 150 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.integer({ min: 1, max: 100 }), (spans, to) => {
        const covered = coverTime(spans, 0, to);
        expect(Object.values(totalsOf(covered)).reduce((sum, ms) => sum + ms, 0)).toBe(to);
        for (const [at, { from, kind }] of covered.entries()) {
          expect(from).toBe(covered[at - 1]?.to ?? 0);
          expect(covered[at - 1]?.kind).not.toBe(kind);
        }
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atLeastObserved, DwellLedger, halfwayInstant, totalMs } from "./dwell-ledger.ts";
import { SightingReservoir } from "./sighting-reservoir.ts";
import { canonicalText, contentVersion } from "./versions.ts";

const steps = fc.array(fc.record({ ms: fc.integer({ min: -50, max: 500 }), seen: fc.boolean() }), {
  maxLength: 900,
});

describe("dwell ledger", () => {
  it("accounts for every millisecond once, whatever the times, and stays small", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const ledger = new DwellLedger(1_000);
        let observed = 0;
        for (const { ms, seen } of list) {
          ledger.extend(ledger.end + ms, seen ? "observed" : "unobserved");
          if (ms > 0 && seen) observed += ms;
        }
        const spans = ledger.spans();
        expect(totalMs(spans, "observed") + totalMs(spans, "unobserved")).toBe(ledger.end - 1_000);
        // Never more than was seen: what is given up counts for the person concerned.
        expect(totalMs(spans, "observed")).toBeLessThanOrEqual(observed);
        expect(spans.length).toBeLessThanOrEqual(256);
        for (const [index, span] of spans.entries()) {
          expect(span.to).toBeGreaterThan(span.from);
          expect(span.from).toBe(spans[index - 1]?.to ?? 1_000);
        }
      }),
      { seed: 11, numRuns: 50 },
    );
  });

  it("is cut to a rule's time, and halved by observed time", () => {
    const ledger = new DwellLedger(0);
    ledger.extend(100, "observed");
    ledger.extend(400, "unobserved");
    ledger.extend(600, "observed");
    expect(ledger.spans(50, 500)).toEqual([
      { kind: "observed", from: 50, to: 100 },
      { kind: "unobserved", from: 100, to: 400 },
      { kind: "observed", from: 400, to: 500 },
    ]);
    expect(halfwayInstant(ledger.spans(), 0)).toBe(450);
  });

  it("counts a group while enough of its members are observed", () => {
    const member = (start: number, ...spans: [number, "observed" | "unobserved"][]) => {
      const ledger = new DwellLedger(start);
      for (const [to, kind] of spans) ledger.extend(to, kind);
      return ledger;
    };
    const group = [
      member(0, [1000, "observed"]),
      member(0, [300, "observed"], [500, "unobserved"], [1000, "observed"]),
      member(100, [1000, "observed"]),
    ];
    expect(atLeastObserved(group, 3, 100, 1000)).toEqual([
      { kind: "observed", from: 100, to: 300 },
      { kind: "unobserved", from: 300, to: 500 },
      { kind: "observed", from: 500, to: 1000 },
    ]);
    expect(atLeastObserved(group, 2, 100, 1000)).toEqual([{ kind: "observed", from: 100, to: 1000 }]);
  });
});

describe("sighting reservoir", () => {
  it("keeps at most 64, the first among them, spread over the stay", () => {
    const reservoir = new SightingReservoir();
    const total = 50_000;
    for (let index = 0; index < total; index++) {
      reservoir.add({ at: { capturedAt: index * 40, ptsSec: index / 25 }, box: [0, 0, 1, 1], score: 0.5 });
    }
    expect(reservoir.size).toBeLessThanOrEqual(64);
    expect(reservoir.firstSince(0)?.at.capturedAt).toBe(0);
    for (const share of [0.25, 0.5, 0.75]) {
      const at = total * 40 * share;
      const kept = reservoir.closest(at, 0);
      expect(Math.abs((kept?.at.capturedAt ?? 0) - at)).toBeLessThan((total * 40) / 16);
    }
    expect(reservoir.closest(0, 1_000_000)?.at.capturedAt).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe("versions", () => {
  it("depend on the content, not on the order of its keys", () => {
    expect(canonicalText({ b: [1, { d: "ä", c: null }], a: undefined })).toBe('{"b":[1,{"c":null,"d":"ä"}]}');
    const hash = (text: string) => `${text.length}`.padStart(64, "0");
    expect(contentVersion(hash, { a: 1, b: 2 })).toBe(contentVersion(hash, { b: 2, a: 1 }));
    expect(contentVersion(hash, {})).toHaveLength(12);
  });
});

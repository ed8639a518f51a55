import { describe, expect, it } from "vitest";
import { incidentFacts } from "./incident-facts.ts";

const recordedLongAgo = {
  label: "car",
  score: 0.83,
  box: [0.4, 0.5, 0.6, 0.8],
  location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
  zone: { id: "pavement", polygon: [[0.1, 0.5]] },
  rule: { id: "pavement-parking", dwellSeconds: 60, graceSeconds: 600 },
  startedAt: "2026-03-10T00:53:20.000Z",
  dwellMs: 60_000,
  unobservedMs: 0,
  ledger: [],
  model: { id: "default", sha256: "c".repeat(64) },
};

describe("what an incident keeps of its candidate", () => {
  it("is readable when it was recorded before captures were graded and plates read", () => {
    expect(incidentFacts.parse(recordedLongAgo)).toEqual({ ...recordedLongAgo, capture: null, plate: null });
  });

  it("keeps a grade and a plate as they are, and refuses what is neither", () => {
    const graded = {
      capture: { grade: "evidence", shortfalls: [] },
      plate: { text: "川A12345", confidence: 0.9 },
    };
    expect(incidentFacts.parse({ ...recordedLongAgo, ...graded })).toMatchObject(graded);
    for (const broken of [{ capture: "evidence" }, { capture: {} }, { plate: { text: "川A12345" } }])
      expect(incidentFacts.safeParse({ ...recordedLongAgo, ...broken }).success).toBe(false);
  });
});

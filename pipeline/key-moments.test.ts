import { expect, it } from "vitest";
import type { Candidate, Sighting } from "./domain/types.ts";
import { recordedMoments } from "./key-moments.ts";

const day = Date.UTC(2026, 5, 1);
const sighting = (ptsSec: number): Sighting => ({
  at: { ptsSec, capturedAt: day + ptsSec * 1000 },
  box: [0.1, 0.1, 0.2, 0.2],
  score: 0.5,
});
const span = (kind: "observed" | "unobserved", from: number, to: number) => ({
  kind,
  from: day + from * 1000,
  to: day + to * 1000,
});
const candidate: Pick<Candidate, "keySightings" | "ledger" | "box" | "score"> = {
  keySightings: { first: sighting(100), middle: sighting(300), trigger: sighting(1_000) },
  ledger: [span("observed", 100, 400), span("unobserved", 400, 700), span("observed", 700, 1_000)],
  box: [0.11, 0.1, 0.21, 0.2],
  score: 0.8,
};
const seconds = (recordedFromSec: number) =>
  Object.values(recordedMoments(candidate, recordedFromSec)).map((moment) => moment.at.ptsSec);

it("leaves the moments alone when all of them are recorded", () => {
  expect(recordedMoments(candidate, 90)).toBe(candidate.keySightings);
});

it("takes the earliest recorded moment at which it was observed", () => {
  expect(seconds(200)).toEqual([202, 300, 1_000]);
  // Hidden when the recording begins: the first picture shows it again.
  expect(seconds(500)).toEqual([700, 850, 1_000]);
  expect(seconds(900)).toEqual([902, 951, 1_000]);
});

it("says when each moment was by the wall clock, too", () => {
  const { first } = recordedMoments(candidate, 500);
  expect(first).toEqual({ at: { ptsSec: 700, capturedAt: day + 700_000 }, box: candidate.box, score: 0.8 });
});

it("has nothing but the trigger where nothing before it is recorded", () => {
  expect(seconds(1_005)).toEqual([1_000, 1_000, 1_000]);
});

import { expect, it } from "vitest";
import { retention, retentionSchema } from "./retention.ts";

it("keeps evidence thirty days at least, whatever somebody writes into the file", () => {
  expect(retention.rawDays).toBeGreaterThanOrEqual(30);
  const fits = (changes: object) =>
    retentionSchema.safeParse({ rawDays: 30, reviewDays: 7, ...changes }).success;
  expect(fits({})).toBe(true);
  for (const rawDays of [29, 0, -1, 30.5, "30", null, 10_000])
    expect(fits({ rawDays }), String(rawDays)).toBe(false);
  expect(fits({ raw_days: 1 })).toBe(false);
});

it("gives a review its time, and lets it end before the evidence goes", () => {
  expect(retention.reviewDays).toBeLessThan(retention.rawDays);
  for (const reviewDays of [4, 30, 7.5, "7", undefined])
    expect(retentionSchema.safeParse({ rawDays: 30, reviewDays }).success, String(reviewDays)).toBe(false);
});

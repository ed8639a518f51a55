import { describe, expect, it } from "vitest";
import { isoUtc, shanghaiTime } from "./time-text.ts";

describe("instants as text", () => {
  it("gives UTC for programs and Shanghai time with its zone for people", () => {
    const newYear = Date.UTC(2025, 11, 31, 16, 0, 1, 400);
    expect(isoUtc(newYear)).toBe("2025-12-31T16:00:01.400Z");
    expect(shanghaiTime(newYear)).toBe("2026-01-01 00:00:01 +08:00");
  });
});

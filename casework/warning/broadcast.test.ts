import { describe, expect, it } from "vitest";
import { refuseBroadcastAlone } from "./broadcast.ts";

const limits = { minReviewed: 200, minPrecisionPercent: 90 };
const codeOf = (reviewed: number, confirmed: number) =>
  refuseBroadcastAlone({ reviewed, confirmed }, limits)?.code ?? "alone";

describe("a broadcast without a person", () => {
  it.each([
    [200, 180, "alone"],
    [200, 200, "alone"],
    [200, 179, "broadcast.precision_too_low"],
    [199, 199, "broadcast.too_few_reviewed"],
    [0, 0, "broadcast.too_few_reviewed"],
  ])("of %i reviewed and %i confirmed: %s", (reviewed, confirmed, expected) => {
    expect(codeOf(reviewed, confirmed)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { breakerOf, freshStart, nextRestart } from "./restart-policy.ts";

describe("nextRestart", () => {
  it("doubles up to half a minute, then tries now and then", () => {
    let state = freshStart;
    const delays: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      const next = nextRestart(state, 0, 0);
      delays.push(next.delayMs);
      state = next.state;
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 90000, 90000, 90000]);
  });

  it("starts over after a healthy minute, not after less", () => {
    expect(nextRestart({ failures: 5 }, 60_000, 0)).toEqual({ delayMs: 1000, state: { failures: 1 } });
    expect(nextRestart({ failures: 5 }, 59_999, 0)).toEqual({ delayMs: 30000, state: { failures: 6 } });
  });

  it("takes off up to half at random", () => {
    expect(nextRestart({ failures: 2 }, 0, 1).delayMs).toBe(2000);
    expect(nextRestart({ failures: 2 }, 0, 0.5).delayMs).toBe(3000);
  });
});

it("breaks after ten ends in a row and closes with one healthy minute", () => {
  expect([9, 10].map((failures) => breakerOf({ failures }, false))).toEqual(["closed", "open"]);
  expect(breakerOf({ failures: 10 }, true)).toBe("half_open");
  const { state } = nextRestart({ failures: 40 }, 60_000, 0);
  expect(breakerOf(state, false)).toBe("closed");
});

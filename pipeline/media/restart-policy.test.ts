import { describe, expect, it } from "vitest";
import { freshStart, nextRestart } from "./restart-policy.ts";

describe("nextRestart", () => {
  it("doubles up to a minute", () => {
    let state = freshStart;
    const delays: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      const next = nextRestart(state, 0, 0);
      delays.push(next.delayMs);
      state = next.state;
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
  });

  it("starts over after a healthy minute, not after less", () => {
    expect(nextRestart({ failures: 5 }, 60_000, 0)).toEqual({ delayMs: 1000, state: { failures: 1 } });
    expect(nextRestart({ failures: 5 }, 59_999, 0)).toEqual({ delayMs: 32000, state: { failures: 6 } });
  });

  it("takes off up to half at random", () => {
    expect(nextRestart({ failures: 2 }, 0, 1).delayMs).toBe(2000);
    expect(nextRestart({ failures: 2 }, 0, 0.5).delayMs).toBe(3000);
  });
});

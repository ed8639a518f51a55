import { describe, expect, it } from "vitest";
import { ClockComparison } from "./measured-clock.ts";

const offset = { offsetMs: 12, uncertaintyMs: 3 };
const MINUTE_MS = 60_000;

function clocks() {
  const time = { wall: 1_700_000_000_000, running: 5_000 };
  const pass = (ms: number) => {
    time.wall += ms;
    time.running += ms;
  };
  return { time, pass, both: { wall: () => time.wall, running: () => time.running } };
}

describe("the comparison of the clock", () => {
  it("holds for an hour", async () => {
    const { both, pass } = clocks();
    const comparison = new ClockComparison(async () => offset, both);
    expect(comparison.offset()).toBeNull();
    await comparison.look();
    pass(59 * MINUTE_MS);
    expect(comparison.offset()).toEqual(offset);
    pass(2 * MINUTE_MS);
    expect(comparison.offset()).toBeNull();
  });

  it.each([3_600_000, -3_600_000, 500])(
    "says nothing any more of a clock that was set by %i ms",
    async (ms) => {
      const { both, time } = clocks();
      const comparison = new ClockComparison(async () => offset, both);
      await comparison.look();
      time.wall += ms;
      expect(comparison.offset()).toBeNull();
      await comparison.look();
      expect(comparison.offset()).toEqual(offset);
    },
  );

  it("does not count when the clock was set meanwhile", async () => {
    const { both, time } = clocks();
    const comparison = new ClockComparison(async () => {
      time.wall += 10_000;
      return offset;
    }, both);
    await comparison.look();
    expect(comparison.offset()).toBeNull();
  });

  it("keeps the one before when the server does not answer", async () => {
    const { both, pass } = clocks();
    let answers = true;
    const comparison = new ClockComparison(
      () => (answers ? Promise.resolve(offset) : Promise.reject(new Error("no answer"))),
      both,
    );
    await comparison.look();
    answers = false;
    pass(10 * MINUTE_MS);
    await expect(comparison.look()).rejects.toThrow("no answer");
    expect(comparison.offset()).toEqual(offset);
  });
});

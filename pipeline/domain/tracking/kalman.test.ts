import { describe, expect, it } from "vitest";
import type { Box } from "../types.ts";
import { type BoxState, correct, predict, smooth, startState, stateBox } from "./kalman.ts";

const at = (x: number): Box => [x, 0.5, x + 0.1, 0.6];

/** A box moving at `speed` a second, seen every `dt` for `sec` seconds. */
function follow(speed: number, dt: number, sec: number): BoxState {
  let state = startState(at(0));
  for (let step = 1; step * dt <= sec + 1e-9; step++) {
    state = correct(predict(state, dt), at(speed * step * dt));
  }
  return state;
}

describe("box filter", () => {
  it.each([0.04, 0.2, 0.5])("learns the speed whatever the sampling interval (%d s)", (dt) => {
    const state = follow(0.1, dt, 6);
    expect(state.cx.v).toBeGreaterThan(0.06);
    expect(state.cx.v).toBeLessThan(0.14);
    expect(stateBox(state)[0]).toBeCloseTo(0.6, 1);
  });

  it("predicts the same in one step as in many", () => {
    const once = predict(follow(0.1, 0.2, 4), 3);
    let often = follow(0.1, 0.2, 4);
    for (let step = 0; step < 30; step++) often = predict(often, 0.1);
    for (const key of ["x", "v", "pxx", "pxv", "pvv"] as const) {
      expect(often.cx[key]).toBeCloseTo(once.cx[key], 9);
    }
  });

  it("comes to rest when nothing is seen any more", () => {
    const lost = predict(follow(0.1, 0.2, 4), 60);
    const later = predict(lost, 600);
    expect(Math.abs(lost.cx.v)).toBeLessThan(1e-9);
    expect(stateBox(later)[0]).toBeCloseTo(stateBox(lost)[0], 6);
    expect(stateBox(later).every(Number.isFinite)).toBe(true);
  });

  it("does nothing for a step that is zero, negative or no number", () => {
    const state = startState(at(0.3));
    for (const dt of [0, -1, Number.NaN]) expect(predict(state, dt)).toBe(state);
  });

  it("smooths: a whole track lies closer to the truth than the filter alone", () => {
    const truth = Array.from({ length: 40 }, (_, step) => 0.02 * step);
    const seen = truth.map((x, step) => x + (step % 2 === 0 ? 0.01 : -0.01));
    const filtered: BoxState[] = [];
    for (const x of seen) {
      const last = filtered.at(-1);
      filtered.push(last === undefined ? startState(at(x)) : correct(predict(last, 0.2), at(x)));
    }
    const smoothed = smooth(
      filtered,
      seen.map(() => 0.2),
    );
    const error = (states: readonly BoxState[]) =>
      states.reduce((sum, state, step) => sum + Math.abs(stateBox(state)[0] - (truth[step] ?? 0)), 0);
    expect(smoothed).toHaveLength(40);
    expect(error(smoothed)).toBeLessThan(0.7 * error(filtered));
  });
});

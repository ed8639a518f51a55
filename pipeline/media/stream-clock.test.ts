import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StreamClock } from "./stream-clock.ts";

const T0 = 1_800_000_000_000;

describe("StreamClock", () => {
  it("does not let the burst at the start date the stream", () => {
    const clock = new StreamClock();
    // Five seconds of old pictures arrive at once, then one each 200 ms, 80 ms after it was taken.
    for (let n = 0; n < 25; n += 1) expect(clock.capturedAt(n / 5, T0 + 5_000 + n)).toBeNull();
    let last: number | null = null;
    for (let n = 25; n < 60; n += 1) last = clock.capturedAt(n / 5, T0 + n * 200 + 80);
    expect(last).toBe(T0 + 59 * 200 + 80);
  });

  it("keeps the stream's own intervals to 0.1 % whatever the network does, and never goes back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 60, maxLength: 200 }),
        (delays) => {
          const clock = new StreamClock();
          let before: { pts: number; at: number } | undefined;
          let arrival = 0;
          for (const [n, delay] of delays.entries()) {
            const pts = n / 2;
            arrival = Math.max(arrival, T0 + pts * 1000 + delay);
            const at = clock.capturedAt(pts, arrival);
            if (at === null) continue;
            if (before)
              expect(Math.abs(at - before.at - (pts - before.pts) * 1000)).toBeLessThanOrEqual(
                pts - before.pts + 1,
              );
            before = { pts, at };
          }
        },
      ),
    );
  });

  it("follows a camera clock that drifts", () => {
    const clock = new StreamClock();
    let at: number | null = null;
    const hours = 4;
    // 50 ppm fast: after four hours its seconds are 720 ms ahead of ours.
    for (let second = 0; second <= hours * 3600; second += 1)
      at = clock.capturedAt(second * 1.00005, T0 + second * 1000 + 50);
    expect(at).toBeCloseTo(T0 + hours * 3_600_000 + 50, -1);
  });
});

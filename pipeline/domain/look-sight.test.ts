import { describe, expect, it } from "vitest";
import { type LookedFor, lookSight } from "./look-sight.ts";
import type { Box, Detection } from "./types.ts";

const box: Box = [0.4, 0.5, 0.6, 0.7];
const wanted: LookedFor = {
  box,
  labels: ["car"],
  zone: [
    [0.1, 0.4],
    [0.9, 0.4],
    [0.9, 0.9],
    [0.1, 0.9],
  ],
  minScore: 0.4,
  minCount: 1,
};
const seen = (at: Box, label = "car", score = 0.8): Detection => ({ box: at, label, score });
const nudged: Box = [0.42, 0.51, 0.62, 0.71];
const far: Box = [0.7, 0.5, 0.88, 0.7];

describe("one fresh frame", () => {
  it("shows it where it stood, also a little nudged, weakly seen, or under a coarser name", () => {
    for (const found of [seen(box), seen(nudged), seen(box, "car", 0.21), seen(box, "vehicle")])
      expect(lookSight([found], wanted)).toBe("there");
  });

  it("shows nothing of it", () => {
    for (const found of [
      [],
      [seen(box, "car", 0.19)],
      [seen(box, "person", 0.3)],
      // Outside the zone, or small before it.
      [seen([0.92, 0.1, 0.99, 0.2])],
      [seen([0.48, 0.5, 0.52, 0.7], "person")],
    ])
      expect(lookSight(found, wanted)).toBe("nothing");
  });

  it("does not take another one in the zone for it, nor a covered place for an empty one", () => {
    expect(lookSight([seen(far)], wanted)).toBe("elsewhere");
    expect(lookSight([seen([0.3, 0.3, 0.7, 0.9], "bus")], wanted)).toBe("hidden");
    // A bus before the place and another car beside it: the place is still not to be seen.
    expect(lookSight([seen([0.3, 0.3, 0.7, 0.9], "bus"), seen(far)], wanted)).toBe("hidden");
  });

  it("counts where the rule counts", () => {
    const bikes = { ...wanted, labels: ["bicycle"], minCount: 3 };
    const bike = (x: number) => seen([x, 0.6, x + 0.1, 0.7], "bicycle");
    expect(lookSight([bike(0.2), bike(0.4), bike(0.6)], bikes)).toBe("there");
    expect(lookSight([bike(0.2), bike(0.4)], bikes)).toBe("elsewhere");
    expect(lookSight([seen(box)], bikes)).toBe("nothing");
  });
});

import { describe, expect, it } from "vitest";
import { type Capture, judgeCapture, spacingWanted } from "./capture-gate.ts";

const good: Capture = {
  pictureSecs: [10, 160, 310],
  widthPx: 1920,
  heightPx: 1080,
  clock: { offsetMs: -120, uncertaintyMs: 30 },
  clip: { beforeSec: 12, afterSec: 10 },
  rule: { stationary: true, dwellSeconds: 300 },
};

function faultsOf(changes: Partial<Capture>): string[] {
  return judgeCapture({ ...good, ...changes }).shortfalls.map(({ fault }) => fault);
}

describe("the capture gate", () => {
  it("lets a whole record pass as evidence", () => {
    expect(judgeCapture(good)).toEqual({ grade: "evidence", shortfalls: [] });
  });

  it("keeps as a lead whatever misses one requirement, and says which", () => {
    expect(judgeCapture({ ...good, clock: null })).toEqual({
      grade: "lead",
      shortfalls: [{ fault: "clock_not_measured", wanted: 1000, found: null }],
    });
  });

  it.each<[string, Partial<Capture>, string[]]>([
    ["two of three moments are one frame", { pictureSecs: [10, 310, 310] }, ["pictures_too_few"]],
    ["two pictures are closer than half the dwell", { pictureSecs: [10, 100, 310] }, ["pictures_too_close"]],
    ["a key frame's distance is missing", { pictureSecs: [10, 158, 310] }, []],
    ["order does not matter", { pictureSecs: [310, 10, 160] }, []],
    ["the picture is small", { widthPx: 1279 }, ["resolution_too_low"]],
    ["the picture is low", { heightPx: 719 }, ["resolution_too_low"]],
    ["the camera stands on its side", { widthPx: 720, heightPx: 1280 }, []],
    ["the clock is a second off", { clock: { offsetMs: 1000, uncertaintyMs: 0 } }, []],
    [
      "the clock may be more than a second off",
      { clock: { offsetMs: -990, uncertaintyMs: 11 } },
      ["clock_off"],
    ],
    ["there is no clip", { clip: null }, ["clip_missing"]],
    ["the clip ends early", { clip: { beforeSec: 10, afterSec: 9.4 } }, ["clip_too_short_after"]],
    ["the clip begins late", { clip: { beforeSec: 3, afterSec: 10 } }, ["clip_too_short_before"]],
    ["the last frame is not counted to its end", { clip: { beforeSec: 10, afterSec: 9.6 } }, []],
  ])("%s", (_what, changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults);
  });

  it("names every shortfall, not only the first", () => {
    expect(faultsOf({ pictureSecs: [1, 2, 3], widthPx: 640, clock: null, clip: null })).toEqual([
      "pictures_too_close",
      "resolution_too_low",
      "clock_not_measured",
      "clip_missing",
    ]);
  });

  it("asks ten seconds between pictures of what stands, two of an event", () => {
    expect(spacingWanted({ stationary: true, dwellSeconds: 12 })).toBe(10);
    expect(spacingWanted({ stationary: false, dwellSeconds: 0 })).toBe(2);
    expect(spacingWanted({ stationary: true, dwellSeconds: 300 })).toBe(147.5);
  });
});

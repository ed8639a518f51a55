import { describe, expect, it } from "vitest";
import { clipWindow } from "./clip-window.ts";

const windowOf = (started: number, triggered: number) =>
  clipWindow({
    startedAt: { ptsSec: started, capturedAt: 0 },
    triggeredAt: { ptsSec: triggered, capturedAt: 0 },
  });

describe("clipWindow", () => {
  it("runs from the first sighting to ten seconds after the trigger", () => {
    expect(windowOf(100, 160)).toEqual({ startSec: 100, endSec: 170 });
  });
  it("keeps ten seconds before the trigger of a short event", () => {
    expect(windowOf(158, 160)).toEqual({ startSec: 150, endSec: 170 });
  });
  it("keeps two minutes at most of a long stay", () => {
    expect(windowOf(0, 3600)).toEqual({ startSec: 3490, endSec: 3610 });
  });
  it("does not begin before the recording", () => {
    expect(windowOf(1, 4)).toEqual({ startSec: 0, endSec: 14 });
  });
});

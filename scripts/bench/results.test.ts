import { describe, expect, it } from "vitest";
import { readAnswer } from "./peers.ts";
import { bareStages, type Measurement, Results } from "./results.ts";

const one = (name: string, round: number, cpuMs: number, more: Partial<Measurement> = {}): Measurement => ({
  name,
  round,
  frames: 10,
  cpuMs,
  ...more,
});

describe("what the rounds say together", () => {
  it("sets each round against itself: a machine that slows down changes no ratio", () => {
    const results = new Results(
      [1, 2, 3].flatMap((round) => [
        ...bareStages.map((stage) => one(stage, round, 18 * round)),
        ...bareStages.map((stage) => one(`${stage}-beside`, round, 17 * round)),
        one("pipeline", round, 100 * round),
        one("peer", round, 400 * round),
      ]),
    );
    expect(results.perFrame("decode")).toEqual({ median: 3.6, spread: 0.5, rounds: 3 });
    expect(results.limitRatio("pipeline")).toEqual({ median: 0.9, spread: 0, rounds: 3 });
    expect(results.limitRatio("pipeline", "-beside")).toEqual({ median: 0.85, spread: 0, rounds: 3 });
    expect(results.timesOurs("peer", "pipeline")).toEqual({ median: 4, spread: 0, rounds: 3 });
  });

  it("claims nothing about what was not measured", () => {
    const results = new Results([one("pipeline", 1, 100), one("decode", 1, 50)]);
    expect(results.limitRatio("pipeline")).toBeUndefined();
    expect(results.perFrame("peer")).toBeUndefined();
    expect(results.timesOurs("peer", "pipeline")).toBeUndefined();
    expect(results.wall("wall")).toBeUndefined();
    expect(results.peakRssBytes).toBe(0);
  });

  it("counts cameras per core by the slope, which knows nothing of the fixed part", () => {
    const wall = (cameras: number, round: number) =>
      one("wall", round, 2 * (50 + 20 * cameras), { cameras, wallMs: 2000, rssBytes: 1000 + 40 * cameras });
    const results = new Results([0, 8, 16, 32].flatMap((cameras) => [wall(cameras, 1), wall(cameras, 2)]));
    expect(results.wall("wall")).toMatchObject({
      fixed: { cpuMsPerSec: 50, rssBytes: 1000 },
      cpuMsPerCameraSec: 20,
      camerasPerCore: 50,
      rssBytesPerCamera: 40,
      cpuGrowth: 1,
      rssGrowth: 1,
    });
    expect(results.peakRssBytes).toBe(1000 + 40 * 32);
  });
});

describe("a peer's answer", () => {
  it("is its last line, or the reason why there is none", () => {
    const answer = { frames: 100, cpuMs: 5000, wallMs: 4000 };
    expect(readAnswer(`warming up\n${JSON.stringify(answer)}\n`)).toEqual(answer);
    for (const text of ["", "done", '{"frames":0,"cpuMs":1,"wallMs":1}'])
      expect(readAnswer(text)).toMatchObject({ skipped: expect.stringContaining("no result") });
  });
});

import { describe, expect, it } from "vitest";
import { parseStat } from "./process-tree.ts";

describe("a line of /proc/PID/stat", () => {
  const rest = "S 7 1 1 0 -1 4194560 1 2 3 4 150 50 20 10 20 0 1 0 99 1000 256 18446744073709551615";

  it("is read by the place behind the name, whatever the name", () => {
    const use = { pid: 42, parent: 7, ownCpuMs: 2_000, endedCpuMs: 300, rssBytes: 1_048_576 };
    for (const name of ["ffmpeg", "a b) S 1", ")("]) expect(parseStat(`42 (${name}) ${rest}`)).toEqual(use);
  });

  it("is refused when it reads otherwise", () => {
    expect(() => parseStat("42 (ffmpeg) S 7")).toThrow(/reads otherwise/);
  });
});

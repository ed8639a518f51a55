import { describe, expect, it } from "vitest";
import { endedChildrenCpuMs } from "./cpu-time.ts";

describe("endedChildrenCpuMs", () => {
  // Fields 14–17: this process 4311 + 112 ticks, its ended children 250 + 31.
  const after = "S 41 42 41 34816 42 4194304 9613 2200 3 0 4311 112 250 31 20 0 11 0 1785423 1183068160";

  it("adds user and system time of the ended children", () => {
    expect(endedChildrenCpuMs(`42 (node) ${after}`)).toBe(2810);
  });

  it("takes no name for a field", () => {
    expect(endedChildrenCpuMs(`42 (my (odd) 1 2 3 node) ${after}`)).toBe(2810);
  });

  it("says so when the line has another shape", () => {
    expect(() => endedChildrenCpuMs("42 (node) S 41")).toThrow("proc_pid_stat(5): 42 (node) S 41");
  });
});

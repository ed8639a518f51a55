import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { treeCpuMs } from "./cpu-time.ts";

/** Works until it has used 200 ms of processor time, however long that takes, and says how much it was. */
const BUSY = `
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
while (used() < 200);
console.log(used());`;

describe("treeCpuMs", () => {
  it.runIf(process.platform === "linux")("counts a child's work once it has ended", () => {
    const own = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    const before = { tree: treeCpuMs(), own: own() };
    const child = spawnSync(process.execPath, ["-e", BUSY], { encoding: "utf8" });
    expect(child.status).toBe(0);
    const ofChildren = treeCpuMs() - before.tree - (own() - before.own);
    // User and system time are each counted in whole ticks of 10 ms.
    expect(ofChildren).toBeGreaterThanOrEqual(Number(child.stdout) - 20);
  });

  it("counts this process's own work", () => {
    const before = treeCpuMs();
    const { user } = process.cpuUsage();
    while (process.cpuUsage().user - user < 50_000);
    expect(treeCpuMs() - before).toBeGreaterThanOrEqual(50);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordChild, sweepOrphans } from "./orphans.ts";
import { processStart } from "./process-start.ts";

let dir: string;
let child: ChildProcess;
let ended: Promise<unknown>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-orphans-"));
  child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  ended = new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
});
afterEach(async () => {
  child.kill("SIGKILL");
  await ended;
  await rm(dir, { recursive: true, force: true });
});

const pidOf = (process: ChildProcess) => process.pid ?? 0;
const record = (fields: object) =>
  writeFile(
    join(dir, "1.json"),
    JSON.stringify({
      pid: pidOf(child),
      start: processStart(pidOf(child)),
      ownerPid: process.pid,
      ownerStart: "1",
      ...fields,
    }),
  );

it.runIf(process.platform === "linux")("leaves the children of a living program alone", async () => {
  const forget = recordChild(dir, pidOf(child));
  expect(sweepOrphans(dir)).toBe(0);
  expect(child.exitCode).toBeNull();
  expect(await readdir(dir)).toEqual([`${child.pid}.json`]);
  forget();
  expect(await readdir(dir)).toEqual([]);
});

it.runIf(process.platform === "linux")("ends what a killed program left, and forgets it", async () => {
  // Our own number, but another start: somebody else had it before us.
  await record({});
  expect(sweepOrphans(dir)).toBe(1);
  expect(await ended).toBe("SIGKILL");
  expect(await readdir(dir)).toEqual([]);
});

it.runIf(process.platform === "linux")("does not end a process that got the number since", async () => {
  await record({ start: "1" });
  expect(sweepOrphans(dir)).toBe(0);
  expect(processStart(pidOf(child))).toBeDefined();
  expect(await readdir(dir)).toEqual([]);
});

it("forgets a record that was cut off", async () => {
  await writeFile(join(dir, "7.json"), '{"pid":');
  expect(sweepOrphans(dir)).toBe(0);
  expect(await readdir(dir)).toEqual([]);
});

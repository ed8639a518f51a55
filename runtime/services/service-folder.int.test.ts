import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { claimFolder, endProcess, runningServiceUrl } from "./service-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "forewarn-claim-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that ends only by SIGKILL. */
async function stubborn(): Promise<ProcessIdentity> {
  const child = spawn("/bin/sh", ["-c", 'trap "" TERM INT; echo ready; while :; do sleep 1; done'], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  await once(child.stdout, "data");
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new Error("sh did not start");
  return identity;
}

const byForce = (server: ProcessIdentity) =>
  endProcess(server, [
    { signal: "SIGTERM", graceMs: 100 },
    { signal: "SIGKILL", graceMs: 5_000 },
  ]);

it("ends the server of an owner that died, and only then owns the folder", async () => {
  const server = await stubborn();
  const dead = { pid: process.pid, started: "another process of this number" };
  await writeFile(join(folder, "service.json"), JSON.stringify({ owner: dead, server, url: "x:" }));
  const claim = await claimFolder(folder, byForce);
  expect(isAlive(server)).toBe(false);
  await claim.release();
});

it("does not take a successor of the same number for the server", async () => {
  const innocent = await stubborn();
  try {
    const dead = { pid: process.pid, started: "another process of this number" };
    const server = { pid: innocent.pid, started: "earlier" };
    await writeFile(join(folder, "service.json"), JSON.stringify({ owner: dead, server, url: "x:" }));
    const claim = await claimFolder(folder, byForce);
    expect(isAlive(innocent)).toBe(true);
    await claim.release();
  } finally {
    await byForce(innocent);
  }
});

it("takes over a record that a crash cut short", async () => {
  await writeFile(join(folder, "service.json"), '{"owner":{"pi');
  const claim = await claimFolder(folder, byForce);
  await claim.serve({ pid: process.pid, started: identify(process.pid)?.started ?? "" }, "redis://here");
  expect(await runningServiceUrl(folder)).toBe("redis://here");
  await expect(claimFolder(folder, byForce)).rejects.toThrow(/in use by another Forewarn/);
  await claim.release();
  expect(await runningServiceUrl(folder)).toBeUndefined();
});

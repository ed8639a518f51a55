import { execFileSync } from "node:child_process";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withFolderLock } from "./folder-lock.ts";
import { tempDir } from "./testing/bundle-fixture.ts";
import { thisWriter } from "./writer-identity.ts";

/** The pid of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync(process.execPath, ["-e", "process.stdout.write(String(process.pid))"]));
}

const claimOf = (writer: { host?: string; pid: number }, token = "a".repeat(12)) =>
  `.lock-${writer.host ?? thisWriter.host}-${writer.pid}-${token}-00000000`;

describe("withFolderLock", () => {
  it("lets one at a time work, and leaves nothing behind", async () => {
    const dir = await tempDir();
    let inside = 0;
    const seen: number[] = [];
    await Promise.all(
      Array.from({ length: 12 }, () =>
        withFolderLock(dir, async () => {
          inside += 1;
          seen.push(inside);
          await stat(dir);
          inside -= 1;
        }),
      ),
    );
    expect(seen).toEqual(Array.from({ length: 12 }, () => 1));
    expect(await readdir(dir)).toEqual([]);
  });

  it("is given back when the work fails", async () => {
    const dir = await tempDir();
    await expect(withFolderLock(dir, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withFolderLock(dir, () => Promise.resolve(1))).toBe(1);
  });

  it("is nobody's whose holder died, had this pid in another life, or has held it for ages", async () => {
    const dir = await tempDir();
    const old = claimOf({ host: "0".repeat(8), pid: 1 });
    for (const name of [claimOf({ pid: deadPid() }), claimOf({ pid: process.pid }), old])
      await writeFile(join(dir, name), "");
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(dir, old), longAgo, longAgo);
    expect(await withFolderLock(dir, () => Promise.resolve("done"))).toBe("done");
    expect(await readdir(dir)).toEqual([]);
  });

  it("waits for whoever may still be at work on another machine", async () => {
    const dir = await tempDir();
    const other = join(dir, claimOf({ host: "0".repeat(8), pid: 1 }));
    await writeFile(other, "");
    let done = false;
    const waiting = withFolderLock(dir, () => {
      done = true;
      return Promise.resolve();
    });
    expect(await readdir(dir)).toHaveLength(1);
    expect(done).toBe(false);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(other, longAgo, longAgo);
    await waiting;
    expect(done).toBe(true);
  });
});

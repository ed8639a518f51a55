import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of its own, held in memory, that a test may fill. */
export interface SmallDisk {
  readonly dir: string;
  free(): Promise<number>;
  /** Takes all room but so many bytes with one file, `ballast`. */
  leaveFree(bytes: number): Promise<void>;
  /** The ballast is gone; what the test wrote stays. */
  dropBallast(): Promise<void>;
  close(): Promise<void>;
}

/** What a test says that is skipped without one. */
export const NEEDS_SMALL_DISK = "needs root and the right to mount a tmpfs";

/** Undefined where this user may not mount. */
export async function openSmallDisk(sizeMib: number): Promise<SmallDisk | undefined> {
  const dir = await mkdtemp(join(tmpdir(), "forewarn-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${sizeMib}m,mode=0755`, "tmpfs", dir]);
  } catch {
    // Not root, or a container without that right: no reason to fail.
    await rm(dir, { recursive: true });
    return undefined;
  }
  const ballast = join(dir, "ballast");
  const free = async () => {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  };
  const dropBallast = () => rm(ballast, { force: true });
  return {
    dir,
    free,
    dropBallast,
    async leaveFree(bytes) {
      await dropBallast();
      await writeFile(ballast, Buffer.alloc(Math.max(0, (await free()) - bytes)));
    },
    async close() {
      await run("umount", ["-l", dir]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withRemedy } from "./disk-full-error.ts";

/** Writes a new file and waits until the disk has it. @throws EEXIST when it is there already; DiskFullError */
export async function writeNewFile(path: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
  await writeThrough(path, bytes, mode).catch((fault: unknown) => {
    throw withRemedy(path, fault);
  });
}

async function writeThrough(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the disk has a file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole: a reader sees the old or the new one, also after a power cut. @throws DiskFullError */
export async function replaceFile(path: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
  const draft = draftPathFor(path);
  try {
    await writeThrough(draft, bytes, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw withRemedy(path, error);
  }
  await syncPath(dirname(path));
}

/**
 * Puts a new file in place as a whole, or leaves the one that is there: of two processes one wins.
 *
 * @returns whether it was ours
 * @throws DiskFullError
 */
export async function createFileOnce(path: string, bytes: Uint8Array, mode = 0o644): Promise<boolean> {
  const draft = draftPathFor(path);
  try {
    await writeThrough(draft, bytes, mode);
    // Unlike rename, link never replaces.
    await link(draft, path);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw withRemedy(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  await syncPath(dirname(path));
  return true;
}

/** An unused name beside `path`. */
function draftPathFor(path: string): string {
  return join(dirname(path), `.draft-${process.pid}-${randomBytes(6).toString("hex")}`);
}

/** The `code` of a file system error (`ENOENT`), undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

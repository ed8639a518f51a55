import { randomBytes } from "node:crypto";
import { open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { withRemedy } from "./disk-full-error.ts";
import { errnoOf } from "./durable-fs.ts";
import { FolderBusyError } from "./errors.ts";
import { mayStillWrite, thisWriter } from "./writer-identity.ts";

const LOCK_NAME = /^\.lock-([0-9a-f]{8})-(\d+)-([0-9a-f]{12})-[0-9a-f]{8}$/;
/** What is done under a lock is a few small files. */
const PATIENCE_MS = 20_000;
/** At most so long between two looks; by chance, so that two who meet do not meet again. */
const LONGEST_PAUSE_MS = 40;

/**
 * Does `work` while nobody else who asks for the same folder does theirs: in this process, in another, or on another
 * machine that shares the folder. Whoever died in the middle keeps nobody out.
 *
 * A claim is a file whose name nobody else uses; it counts when, put down, it is the only one of a living writer.
 * So there is no moment at which a dead one's claim could be taken over twice.
 *
 * @param folder must be there
 * @throws FolderBusyError when it does not come free within 20 seconds, DiskFullError
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const claim = await claimFolder(folder);
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

async function claimFolder(folder: string): Promise<string> {
  const { host, pid, token } = thisWriter;
  const name = `.lock-${host}-${pid}-${token}-${randomBytes(4).toString("hex")}`;
  const path = join(folder, name);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    let other = await otherClaim(folder, name);
    if (other === undefined) {
      await putDown(path);
      other = await otherClaim(folder, name).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
      if (other === undefined) return path;
      await rm(path, { force: true });
    }
    if (Date.now() > until)
      throw new FolderBusyError(
        `${folder} is being changed by somebody else (${other}). Try again; if no program of ours is running, delete that file.`,
      );
    await pause(Math.random() * LONGEST_PAUSE_MS);
  }
}

/** The claim of a writer that may still be at work; those of dead ones are cleared away. */
async function otherClaim(folder: string, own: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    const match = name === own ? null : LOCK_NAME.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    const sinceMs = await ageMs(path);
    // Given back since we looked.
    if (sinceMs === undefined) continue;
    const writer = { host: match[1] ?? "", pid: Number(match[2]), token: match[3] ?? "" };
    if (mayStillWrite(writer, sinceMs)) return name;
    await rm(path, { force: true });
  }
  return undefined;
}

async function putDown(path: string): Promise<void> {
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    throw withRemedy(path, error);
  }
}

async function ageMs(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { FolderInUseError, ServiceError } from "./errors.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";

const identity = z.object({ pid: z.number().int().positive(), started: z.string() });
const record = z.object({
  owner: identity,
  server: identity.optional(),
  /** With the password: the file is readable by its owner only. */
  url: z.string().optional(),
});
type Record = z.infer<typeof record>;

const fileIn = (folder: string) => join(folder, "service.json");

async function readRecord(folder: string): Promise<Record | undefined> {
  try {
    const parsed = record.safeParse(JSON.parse(await readFile(fileIn(folder), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    // Cut short by a crash or a full disk: as good as none.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The address of the server that runs on this folder now, for other programs of the same user. */
export async function runningServiceUrl(folder: string): Promise<string | undefined> {
  const found = await readRecord(folder);
  return found?.url !== undefined && found.server !== undefined && isAlive(found.server)
    ? found.url
    : undefined;
}

/**
 * Makes this process the only one that runs a server on `folder`. A server that outlived its owner (kill −9,
 * power cut of the shell) is ended first. Throws `FolderInUseError` while the owner lives.
 */
export async function claimFolder(folder: string, endLeftover: (server: ProcessIdentity) => Promise<void>) {
  const owner = identify(process.pid);
  if (owner === undefined) throw new ServiceError("this system does not say when a process started");
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(fileIn(folder), JSON.stringify({ owner }), { mode: 0o600, flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 3) throw error;
    }
    const found = await readRecord(folder);
    if (found !== undefined && isAlive(found.owner))
      throw new FolderInUseError(
        `${folder} is in use by another Forewarn (process ${found.owner.pid}): end that one, or give this one a folder of its own with FOREWARN_DATA_DIR.`,
      );
    if (found?.server !== undefined && isAlive(found.server)) await endLeftover(found.server);
    await rm(fileIn(folder), { force: true });
  }
  return {
    /** Remembers which process serves this folder, and where. */
    serve: (server: ProcessIdentity, url: string) =>
      writeFile(fileIn(folder), JSON.stringify({ owner, server, url }), { mode: 0o600 }),
    release: () => rm(fileIn(folder), { force: true }),
  };
}

/** Sends each signal in turn until the process is gone. Throws `ServiceError` when it survives them all. */
export async function endProcess(
  target: ProcessIdentity,
  steps: readonly { readonly signal: NodeJS.Signals; readonly graceMs: number }[],
): Promise<void> {
  for (const { signal, graceMs } of steps) {
    try {
      process.kill(target.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      throw new ServiceError(`process ${target.pid} cannot be ended: stop it by hand`, { cause: error });
    }
    for (let waited = 0; waited < graceMs; waited += 25) {
      if (!isAlive(target)) return;
      await delay(25);
    }
  }
  if (isAlive(target)) throw new ServiceError(`process ${target.pid} does not end: stop it by hand`);
}

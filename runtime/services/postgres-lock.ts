import { spawnSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { identify } from "./process-identity.ts";
import { stopSteps } from "./server-process.ts";
import { endProcess } from "./service-folder.ts";

/**
 * Clears postmaster.pid of a server that died without a word, for whoever has claimed the folder. PostgreSQL
 * does so itself unless the number now belongs to another program of the same user: in a container, where
 * numbers start anew, that is the rule. A server that does still run on this cluster is ended.
 */
export async function clearStaleLock(cluster: string, log: (line: string) => void): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const pid = await lockHolder(file);
  const holder = pid === undefined ? undefined : identify(pid);
  if (holder === undefined) return;
  if ((await commandOf(holder.pid)).includes(cluster)) {
    log(`ending a PostgreSQL (process ${holder.pid}) that still runs on ${cluster}`);
    await endProcess(holder, stopSteps("INT"));
  } else {
    log(`${file} names process ${holder.pid}, which is another program: removing it`);
    await rm(file, { force: true });
  }
}

async function lockHolder(file: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The command line of a process, empty when it has just ended. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform !== "linux")
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
}

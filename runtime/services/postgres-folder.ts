import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Account, canReach } from "./server-account.ts";

/** Where root keeps data of an account that cannot enter the folder asked for. */
const ROOT_DATA = "/var/lib/forewarn";

/** In the folder asked for: says where the data went. Who removes that folder gets an empty database. */
const markerIn = (dataDir: string) => join(resolve(dataDir), "moved-to");

/** Where the data of `dataDir` is or will be. */
export function postgresFolder(dataDir: string, account: Account | undefined): string {
  const wanted = resolve(dataDir);
  if (account === undefined) return wanted;
  if (existsSync(markerIn(dataDir))) return readFileSync(markerIn(dataDir), "utf8").trim();
  // The folder itself gets its mode from us; what counts is the way to it.
  if (canReach(account, dirname(wanted))) return wanted;
  return join(ROOT_DATA, createHash("sha256").update(wanted).digest("hex").slice(0, 12));
}

/** Makes a folder that we and the account can both enter. Returns where it is. */
export async function makePostgresFolder(dataDir: string, account: Account | undefined): Promise<string> {
  // To pass through, not to look around: what is secret in here has its own mode.
  const mode = account === undefined ? 0o700 : 0o711;
  await mkdir(resolve(dataDir), { recursive: true, mode });
  const folder = postgresFolder(dataDir, account);
  if (account === undefined) return folder;
  await mkdir(folder, { recursive: true, mode });
  if (folder !== resolve(dataDir)) await chmod(dirname(folder), mode);
  await chmod(folder, mode);
  return folder;
}

/**
 * Leaves the marker where the data was asked for, once the folder is ours alone. Data without one belongs to
 * a folder that was since removed: it is put aside, and kept until the next time that happens.
 */
export async function markMoved(dataDir: string, folder: string, log: (line: string) => void): Promise<void> {
  if (folder === resolve(dataDir) || existsSync(markerIn(dataDir))) return;
  log(`PostgreSQL keeps its data in ${folder}: the user it runs as cannot enter ${resolve(dataDir)}`);
  if (existsSync(join(folder, "cluster"))) {
    const aside = join(folder, "before");
    log(`putting the database of the removed ${resolve(dataDir)} aside in ${aside}`);
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { mode: 0o700 });
    for (const name of ["cluster", "password"])
      if (existsSync(join(folder, name))) await rename(join(folder, name), join(aside, name));
  }
  await writeFile(markerIn(dataDir), `${folder}\n`);
}

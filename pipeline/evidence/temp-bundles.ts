import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { withRemedy } from "./disk-full-error.ts";
import { errnoOf } from "./durable-fs.ts";
import { mayStillWrite, thisWriter } from "./writer-identity.ts";

const TEMP_NAME = /^\.tmp-([0-9a-f]{8})-(\d+)-([0-9a-f]{12})-[0-9a-f]{8}$/;

/**
 * A fresh folder beside the bundles, on the same file system, so that a rename can put its content in place at once.
 *
 * @throws DiskFullError
 */
export async function makeTempFolder(outDir: string): Promise<string> {
  const name = `.tmp-${thisWriter.host}-${thisWriter.pid}-${thisWriter.token}-${randomBytes(4).toString("hex")}`;
  const path = join(outDir, name);
  try {
    await mkdir(outDir, { recursive: true });
    await mkdir(path, { mode: 0o700 });
  } catch (fault) {
    throw withRemedy(path, fault);
  }
  return path;
}

/**
 * Deletes what broken-off writers left in `outDir` and returns the names. Folders of writers that may still be at
 * work stay. Run it at start and now and then: several may do so at once.
 */
export async function cleanTempBundles(outDir: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(outDir).catch(noneWhenMissing)) {
    const match = TEMP_NAME.exec(name);
    if (match === null) continue;
    const path = join(outDir, name);
    const begunMs = await modifiedMs(path);
    // It is done, or somebody else cleans here, too.
    if (begunMs === undefined) continue;
    const writer = { host: match[1] ?? "", pid: Number(match[2]), token: match[3] ?? "" };
    if (mayStillWrite(writer, Date.now() - begunMs)) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

async function modifiedMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function noneWhenMissing(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT") return [];
  throw error;
}

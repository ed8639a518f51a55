import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "./durable-fs.ts";
import { mayStillWrite, thisWriter } from "./writer-identity.ts";

const TEMP_NAME = /^\.tmp-([0-9a-f]{8})-(\d+)-([0-9a-f]{12})-[0-9a-f]{8}$/;

/** A fresh folder beside the bundles, on the same file system, so that a rename can put its content in place at once. */
export async function makeTempFolder(outDir: string): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const name = `.tmp-${thisWriter.host}-${thisWriter.pid}-${thisWriter.token}-${randomBytes(4).toString("hex")}`;
  const path = join(outDir, name);
  await mkdir(path, { mode: 0o700 });
  return path;
}

/**
 * Deletes what broken-off writers left in `outDir` and returns the names. Folders of writers that may still be at
 * work stay. Run it at start.
 */
export async function cleanTempBundles(outDir: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(outDir).catch(noneWhenMissing)) {
    const match = TEMP_NAME.exec(name);
    if (match === null) continue;
    const path = join(outDir, name);
    const { mtimeMs } = await stat(path);
    const writer = { host: match[1] ?? "", pid: Number(match[2]), token: match[3] ?? "" };
    if (mayStillWrite(writer, Date.now() - mtimeMs)) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function noneWhenMissing(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT") return [];
  throw error;
}

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../../pipeline/evidence/durable-fs.ts";
import { cleanTempBundles } from "../../pipeline/evidence/temp-bundles.ts";

/** A ring that is written gets a segment every few seconds; what was cut from it is used up in minutes. */
const ABANDONED_MS = 30 * 60_000;

/** Where rings of cameras with privacy masks lie. */
export function memoryRings(memoryDir: string): string {
  return join(memoryDir, "rings");
}

/**
 * Deletes unmasked pictures that nobody needs any more: scratch folders of writers that were killed, rings of cameras that were
 * switched off, lost their masks or are watched elsewhere now. Memory is not emptied by a restart of the program.
 */
export async function clearMemory(memoryDir: string, now: number = Date.now()): Promise<void> {
  await cleanTempBundles(memoryDir);
  const rings = memoryRings(memoryDir);
  for (const camera of await readdir(rings).catch(noneWhenMissing)) {
    const ring = join(rings, camera);
    if (await isAbandoned(ring, now)) {
      await rm(ring, { recursive: true, force: true });
      continue;
    }
    for (const name of await readdir(ring).catch(noneWhenMissing))
      if (name.startsWith("cut-") && (await isAbandoned(join(ring, name), now)))
        await rm(join(ring, name), { recursive: true, force: true });
  }
}

/** A folder's time is that of the last name that came or went in it. */
async function isAbandoned(folder: string, now: number): Promise<boolean> {
  const touchedMs = await stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  return now - touchedMs > ABANDONED_MS;
}

function noneWhenMissing(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
  throw error;
}

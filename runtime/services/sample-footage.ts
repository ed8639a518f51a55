import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sharedCacheDir } from "../../config/env.ts";
import { MissingToolError } from "../../pipeline/domain/errors.ts";

/** PETS 2009 S2.L1 as OpenCV ships it; where it comes from: scripts/lib/footage.mjs. */
export const SAMPLE_FOOTAGE = {
  file: "vtest.avi",
  sha256: "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
} as const;

/**
 * The path of the sample clip in the shared cache, whole and unchanged (sha256). `npm run setup` puts it there.
 * Throws `MissingToolError` with the remedy.
 */
export async function sampleFootage(cacheDir = sharedCacheDir()): Promise<string> {
  const path = join(cacheDir, "footage", SAMPLE_FOOTAGE.file);
  const remedy = "run `npm run setup`, which gets it, or name footage of your own with --source";
  if (!existsSync(path)) throw new MissingToolError(`the sample footage ${path} is missing: ${remedy}.`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  if (hash.digest("hex") !== SAMPLE_FOOTAGE.sha256)
    throw new MissingToolError(`the sample footage ${path} is damaged: ${remedy}.`);
  return path;
}

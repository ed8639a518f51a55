import { open } from "node:fs/promises";
import type { BundleSource } from "./bundle-source.ts";
import { digestBytes } from "./node-digest.ts";
import { MAX_ZIP_BYTES, openZipBytes, refusedZip, zipTooBig } from "./portable/unzip.ts";

/** A bundle as a zip file. Nothing is written to disk. */
export async function openZip(path: string): Promise<BundleSource> {
  const handle = await open(path, "r");
  try {
    if ((await handle.stat()).size > MAX_ZIP_BYTES) return refusedZip(zipTooBig());
    return openZipBytes(await handle.readFile(), digestBytes);
  } finally {
    await handle.close();
  }
}

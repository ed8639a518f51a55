import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BundleSource } from "./bundle-source.ts";
import { errnoOf } from "./durable-fs.ts";
import { NotABundleError } from "./errors.ts";
import { openFolder } from "./folder-source.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { startsLikeZip } from "./portable/unzip.ts";
import {
  holdsBundle,
  type VerifyOptions,
  type VerifyResult,
  verifySource,
} from "./portable/verify-source.ts";
import { openZip } from "./zip-source.ts";

/**
 * Says whether a bundle (folder or zip) is as it was sealed and names everything that is not. Reads only the path:
 * no network, no database.
 *
 * @throws NotABundleError when nothing is there, or neither manifest.json nor seal.json.
 */
export async function verifyBundle(path: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  return verifySource(await openBundle(path), nodeCrypto, options);
}

/** A bundle on this disk, folder or zip, not yet judged. @throws NotABundleError */
export async function openBundle(path: string): Promise<BundleSource> {
  const found = await stat(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR")
      throw new NotABundleError(`${path}: there is nothing here.`);
    throw error;
  });
  const isZip = found.isFile() && (path.toLowerCase().endsWith(".zip") || (await looksLikeZip(path)));
  if (!found.isDirectory() && !isZip)
    throw new NotABundleError(`${path} is no evidence bundle: give the bundle's folder, or a zip of it.`);
  const source = isZip ? await openZip(path) : await openFolder(path);
  // A zip that is damaged or set as a trap gets its verdict; only a sound container of other things is no bundle.
  if (holdsBundle(source) || source.problems.length > 0) return source;
  throw new NotABundleError(
    `${path} is no evidence bundle: it holds neither manifest.json nor seal.json. ` +
      "Give the folder named after the candidate, or a zip of it.",
  );
}

async function looksLikeZip(path: string): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return startsLikeZip(buffer);
  } finally {
    await handle.close();
  }
}

/** Whether a folder or file looks like one bundle (as against a folder of bundles). */
export async function looksLikeBundle(path: string): Promise<boolean> {
  const found = await stat(path);
  if (!found.isDirectory()) return true;
  for (const name of ["manifest.json", "seal.json"])
    if (await stat(join(path, name)).then(() => true, noneWhenMissing)) return true;
  return false;
}

function noneWhenMissing(error: unknown): false {
  if (errnoOf(error) === "ENOENT") return false;
  throw error;
}

import { join } from "node:path";
import type { ManifestFile } from "./manifest-schema.ts";
import { digestFile } from "./node-digest.ts";

/** Hashes what is on the disk, not what was meant to be written. */
export async function describeFile(
  draft: string,
  path: string,
  role: ManifestFile["role"],
  mediaType: string,
  derivedFrom: string | null,
): Promise<ManifestFile> {
  return { path, role, mediaType, derivedFrom, ...(await digestFile(join(draft, path))) };
}

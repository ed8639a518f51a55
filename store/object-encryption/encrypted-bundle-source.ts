import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { BundleEntry, BundleSource } from "../../pipeline/evidence/bundle-source.ts";
import { openFolder } from "../../pipeline/evidence/folder-source.ts";
import { digestStream } from "../../pipeline/evidence/node-digest.ts";
import { BUNDLE_KEY_FILE } from "./bundle-key.ts";
import { ObjectDamagedError } from "./errors.ts";

/** The folder of a bundle whose files are encrypted at rest. */
export const ORIGINALS = "originals";
/** Behind the name of an encrypted file. */
export const ENCRYPTED = ".enc";

/** Whether a path inside a bundle is that of an original. */
export function isOriginal(path: string): boolean {
  return path.replaceAll("\\", "/").startsWith(`${ORIGINALS}/`);
}

interface PlainAccess {
  read(path: string): Readable;
  /** Throws when no file of ours has the size that is found. */
  sizeOf(path: string): Promise<number>;
}

/**
 * A bundle of the object store as it was sealed: originals in plain under their own names, the wrapped key not shown. A
 * file that does not decrypt was changed, so it has the size or the digest of nothing: whoever verifies names it.
 *
 * @throws ObjectKeyError, ObjectShreddedError where no file can be read at all
 */
export async function encryptedBundleSource(folder: string, plain: PlainAccess): Promise<BundleSource> {
  const stored = await openFolder(folder);
  const entries = new Map<string, BundleEntry>();
  for (const entry of stored.entries) {
    if (entry.path === BUNDLE_KEY_FILE) continue;
    const shown = await inPlain(entry, plain);
    // What somebody put beside an original, under its name in plain, is not hidden by the original.
    if (entries.get(shown.path)?.kind !== "other") entries.set(shown.path, shown);
  }
  return {
    entries: [...entries.values()],
    problems: stored.problems,
    read: (path) => buffer(plain.read(path)),
    digest: (path) =>
      digestStream(plain.read(path)).catch((error: unknown) => {
        if (error instanceof ObjectDamagedError) return digestStream(Readable.from([]));
        throw error;
      }),
  };
}

async function inPlain(entry: BundleEntry, plain: PlainAccess): Promise<BundleEntry> {
  if (!isOriginal(entry.path) || entry.kind !== "file") return entry;
  // No original of ours lies here in plain, and nobody could read it through the store.
  if (!entry.path.endsWith(ENCRYPTED)) return { ...entry, kind: "other" };
  const path = entry.path.slice(0, -ENCRYPTED.length);
  const sizeBytes = await plain.sizeOf(path).catch((error: unknown) => {
    if (error instanceof ObjectDamagedError) return 0;
    throw error;
  });
  return { path, kind: "file", sizeBytes };
}

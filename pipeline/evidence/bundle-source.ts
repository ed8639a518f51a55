import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestFile } from "./hash.ts";

/** One thing inside a bundle. Paths are relative, with `/`. */
export interface BundleEntry {
  readonly path: string;
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
}

/** Something that is not as it was sealed. `code` is stable and for programs, `message` for people. */
export interface Problem {
  readonly code: string;
  /** Path inside the bundle. */
  readonly file?: string;
  readonly message: string;
}

/** Read access to a bundle, whether folder or zip. */
export interface BundleSource {
  readonly entries: readonly BundleEntry[];
  /** What is wrong with the container itself. */
  readonly problems: readonly Problem[];
  read(path: string): Promise<Uint8Array>;
  digest(path: string): Promise<Digest>;
}

/** Folders a bundle has; whatever lies in any other is not looked at, only named. */
export const BUNDLE_FOLDERS: readonly string[] = ["originals", "masked"];

/** A bundle as a folder. Links are reported, never followed. */
export async function openFolder(dir: string): Promise<BundleSource> {
  const entries: BundleEntry[] = [];
  for (const path of (await readdir(dir)).sort()) {
    const entry = await describe(dir, path);
    entries.push(entry);
    if (entry.kind !== "folder" || !BUNDLE_FOLDERS.includes(path)) continue;
    for (const name of (await readdir(join(dir, path))).sort())
      entries.push(await describe(dir, `${path}/${name}`));
  }
  return {
    entries,
    problems: [],
    read: (path) => readFile(join(dir, path)),
    digest: (path) => digestFile(join(dir, path)),
  };
}

async function describe(dir: string, path: string): Promise<BundleEntry> {
  const found = await lstat(join(dir, path));
  const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  return { path, kind, sizeBytes: found.size };
}

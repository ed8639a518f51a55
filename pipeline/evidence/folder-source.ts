import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE_FOLDERS, type BundleEntry, type BundleSource } from "./bundle-source.ts";
import { digestFile } from "./node-digest.ts";

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

import { BUNDLE_FOLDERS, type BundleEntry, type BundleSource, type Problem } from "../bundle-source.ts";
import type { Manifest, ManifestFile } from "../manifest-schema.ts";

export interface Comparison {
  /** Paths that may be absent because an export says so. */
  readonly withheld: ReadonlySet<string>;
  /** Files that may lie beside the bundle's own. */
  readonly extras: ReadonlySet<string>;
  /** Called with the bytes just read. */
  readonly onBytes?: (bytes: number) => void;
}

/** Every listed file must be there with its size and hashes, and nothing else may be. */
export async function compareFiles(
  source: BundleSource,
  manifest: Manifest,
  { withheld, extras, onBytes = () => undefined }: Comparison,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const found = new Map(source.entries.map((entry) => [entry.path, entry]));
  for (const [path, expected] of listed) {
    if (withheld.has(path) && !found.has(path)) continue;
    let doneBytes = 0;
    const problem = await compareFile(source, found.get(path), expected, (bytes) => {
      doneBytes += bytes;
      onBytes(bytes);
    });
    if (problem !== undefined) problems.push(problem);
    onBytes(expected.sizeBytes - doneBytes);
  }
  for (const entry of source.entries) {
    if (isExpected(entry, listed) || (entry.kind === "file" && extras.has(entry.path))) continue;
    const what = entry.kind === "folder" ? "folder" : "file";
    problems.push({
      code: `${what}.extra`,
      file: entry.path,
      message: `${entry.path} does not belong to the bundle: it was added after sealing`,
    });
  }
  return problems;
}

async function compareFile(
  source: BundleSource,
  entry: BundleEntry | undefined,
  expected: ManifestFile,
  onBytes: (bytes: number) => void,
): Promise<Problem | undefined> {
  const file = expected.path;
  if (entry === undefined) return { code: "file.missing", file, message: `${file} is missing` };
  if (entry.kind !== "file")
    return { code: "file.not_regular", file, message: `${file} is a link or folder, not a regular file` };
  if (entry.sizeBytes !== expected.sizeBytes)
    return {
      code: "file.size_changed",
      file,
      message: `${file} has ${entry.sizeBytes} bytes, was sealed with ${expected.sizeBytes}`,
    };
  const digest = await source.digest(file, onBytes);
  for (const hash of ["sha256", "sm3"] as const)
    if (digest[hash] !== expected[hash])
      return {
        code: "file.hash_mismatch",
        file,
        message: `${file} was changed: its ${hash} is ${digest[hash]}, was sealed with ${expected[hash]}`,
      };
  return undefined;
}

function isExpected(entry: BundleEntry, listed: ReadonlyMap<string, unknown>): boolean {
  if (entry.kind === "folder" && BUNDLE_FOLDERS.includes(entry.path)) return true;
  // A listed path that is no file has been named by compareFile already.
  return entry.path === "manifest.json" || entry.path === "seal.json" || listed.has(entry.path);
}

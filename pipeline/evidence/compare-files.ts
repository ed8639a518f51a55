import { BUNDLE_FOLDERS, type BundleEntry, type BundleSource, type Problem } from "./bundle-source.ts";
import type { Digest } from "./hash.ts";
import type { Manifest } from "./manifest-schema.ts";

/** Every listed file must be there with its size and sha256, and nothing else may be. */
export async function compareFiles(source: BundleSource, manifest: Manifest): Promise<Problem[]> {
  const problems: Problem[] = [];
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const found = new Map(source.entries.map((entry) => [entry.path, entry]));
  for (const [file, expected] of listed) {
    const problem = await compareFile(source, found.get(file), file, expected);
    if (problem !== undefined) problems.push(problem);
  }
  for (const entry of source.entries) {
    if (isExpected(entry, listed)) continue;
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
  file: string,
  expected: Digest,
): Promise<Problem | undefined> {
  if (entry === undefined) return { code: "file.missing", file, message: `${file} is missing` };
  if (entry.kind !== "file")
    return { code: "file.not_regular", file, message: `${file} is a link or folder, not a regular file` };
  if (entry.sizeBytes !== expected.sizeBytes)
    return {
      code: "file.size_changed",
      file,
      message: `${file} has ${entry.sizeBytes} bytes, was sealed with ${expected.sizeBytes}`,
    };
  const digest = await source.digest(file);
  if (digest.sha256 === expected.sha256) return undefined;
  return {
    code: "file.hash_mismatch",
    file,
    message: `${file} was changed: its sha256 is ${digest.sha256}, was sealed with ${expected.sha256}`,
  };
}

function isExpected(entry: BundleEntry, listed: ReadonlyMap<string, unknown>): boolean {
  if (entry.kind === "folder" && BUNDLE_FOLDERS.includes(entry.path)) return true;
  // A listed path that is no file has been named by compareFile already.
  return entry.path === "manifest.json" || entry.path === "seal.json" || listed.has(entry.path);
}

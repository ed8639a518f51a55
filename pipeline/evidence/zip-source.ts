import { open } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { BundleEntry, BundleSource, Problem } from "./bundle-source.ts";
import { sha256Hex } from "./hash.ts";

/** A zip is unpacked in memory, so it is bounded: a bundle of two minutes of 4K video stays well below. */
const MAX_ZIP_BYTES = 512 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 768 * 1024 * 1024;
const MAX_ENTRIES = 256;

/** Ends the unpacking; what it says becomes the problem. */
class ZipRefusal {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

/**
 * A bundle as a zip, with or without one folder around it. Nothing is written to disk. Names that point outside,
 * names that occur twice and zips made to blow up are problems, never followed.
 */
export async function openZip(path: string): Promise<BundleSource> {
  const { bytes, tooBig } = await readBounded(path);
  if (tooBig)
    return refused({ code: "zip.too_big", message: `the zip is larger than ${mib(MAX_ZIP_BYTES)}` });
  try {
    return fromFiles(...unpack(bytes));
  } catch (error) {
    if (error instanceof ZipRefusal) return refused(error.problem);
    const why = error instanceof Error ? error.message : String(error);
    return refused({ code: "zip.unreadable", message: `the zip is damaged and cannot be unpacked (${why})` });
  }
}

function unpack(bytes: Uint8Array): [Record<string, Uint8Array>, Problem[]] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  let unpacked = 0;
  const files = unzipSync(bytes, {
    filter: ({ name, size, originalSize, compression }) => {
      if (seen.size >= MAX_ENTRIES)
        throw new ZipRefusal({
          code: "zip.too_many_entries",
          message: `the zip has more than ${MAX_ENTRIES} entries`,
        });
      unpacked += Math.max(size, originalSize);
      if (unpacked > MAX_UNPACKED_BYTES)
        throw new ZipRefusal({
          code: "zip.too_big",
          file: name,
          message: `the zip unpacks to more than ${mib(MAX_UNPACKED_BYTES)}`,
        });
      const problem = entryProblem(name, compression, seen.has(name));
      seen.add(name);
      if (problem !== undefined) problems.push(problem);
      return problem === undefined && !name.endsWith("/");
    },
  });
  return [files, problems];
}

function entryProblem(name: string, compression: number, twice: boolean): Problem | undefined {
  if (!isSafeName(name))
    return {
      code: "zip.unsafe_path",
      file: name,
      message: `entry ${JSON.stringify(name)} points outside the bundle`,
    };
  if (twice) return { code: "zip.duplicate_entry", file: name, message: `${name} is in the zip twice` };
  if (compression !== 0 && compression !== 8)
    return {
      code: "zip.unreadable",
      file: name,
      message: `${name} is packed by method ${compression}, which we don't read`,
    };
  return undefined;
}

function isSafeName(name: string): boolean {
  if (name === "" || name.startsWith("/") || name.includes("\\") || name.includes("\0")) return false;
  if (/^[A-Za-z]:/.test(name)) return false;
  return name
    .replace(/\/$/, "")
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && part !== "__proto__");
}

function fromFiles(files: Record<string, Uint8Array>, problems: Problem[]): BundleSource {
  const prefix = commonFolder(Object.keys(files));
  const byPath = new Map(
    Object.entries(files).map(([name, bytes]) => [
      // What lies beside the bundle's folder is named as such and found to be too much.
      name.startsWith(prefix) ? name.slice(prefix.length) : `../${name}`,
      bytes,
    ]),
  );
  const entries: BundleEntry[] = [...byPath].map(([path, bytes]) => ({
    path,
    kind: "file",
    sizeBytes: bytes.length,
  }));
  const bytesOf = (path: string) => byPath.get(path) ?? new Uint8Array();
  return {
    entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    problems,
    read: (path) => Promise.resolve(bytesOf(path)),
    digest: (path) => Promise.resolve({ sha256: sha256Hex(bytesOf(path)), sizeBytes: bytesOf(path).length }),
  };
}

/** `cnd_1/` when manifest.json or seal.json lies in that one folder. */
function commonFolder(names: readonly string[]): string {
  const top = names.find((name) => /^[^/]+\/(manifest|seal)\.json$/.test(name));
  if (top === undefined || names.includes("manifest.json") || names.includes("seal.json")) return "";
  return top.slice(0, top.indexOf("/") + 1);
}

async function readBounded(path: string): Promise<{ bytes: Uint8Array; tooBig: boolean }> {
  const handle = await open(path, "r");
  try {
    if ((await handle.stat()).size > MAX_ZIP_BYTES) return { bytes: new Uint8Array(), tooBig: true };
    return { bytes: await handle.readFile(), tooBig: false };
  } finally {
    await handle.close();
  }
}

function refused(problem: Problem): BundleSource {
  return {
    entries: [],
    problems: [problem],
    read: () => Promise.resolve(new Uint8Array()),
    digest: () => Promise.resolve({ sha256: sha256Hex(new Uint8Array()), sizeBytes: 0 }),
  };
}

function mib(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}

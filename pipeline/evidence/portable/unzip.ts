import { inflateSync } from "fflate";
import type { BundleEntry, BundleSource, FileDigest, Problem } from "../bundle-source.ts";
import { equalBytes } from "./bytes.ts";
import { printable } from "./printable.ts";
import { isSafeZipName, readDirectory } from "./zip-directory.ts";
import { ZipRefusal } from "./zip-refusal.ts";

/** A zip is unpacked in memory, so it is bounded: a bundle of two minutes of 4K video stays well below. */
export const MAX_ZIP_BYTES = 512 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 768 * 1024 * 1024;

/** How a host hashes bytes that are at hand. */
export type DigestBytes = (bytes: Uint8Array, onBytes?: (bytes: number) => void) => Promise<FileDigest>;

interface Unpacked {
  readonly entry: BundleEntry;
  readonly bytes: Uint8Array;
}

/**
 * A bundle as the bytes of a zip, with or without one folder around it. Names that point outside, names that occur
 * twice, zips made to blow up and zips that two programs would unpack differently are problems, never followed.
 */
export function openZipBytes(bytes: Uint8Array, digest: DigestBytes): BundleSource {
  try {
    const { files, problems } = unpack(bytes);
    return zipSource(files, problems, digest);
  } catch (error) {
    if (error instanceof ZipRefusal) return zipSource(new Map(), [error.problem], digest);
    const why = error instanceof Error ? error.message : String(error);
    const message = `the zip is damaged and cannot be unpacked (${why})`;
    return zipSource(new Map(), [{ code: "zip.unreadable", message }], digest);
  }
}

/** A zip that is not even looked into. */
export function refusedZip(problem: Problem): BundleSource {
  return zipSource(new Map(), [problem], () => Promise.reject(new Error("an unread zip has no files")));
}

export function zipTooBig(): Problem {
  return { code: "zip.too_big", message: `the zip is larger than ${mib(MAX_ZIP_BYTES)}` };
}

function unpack(bytes: Uint8Array): { files: Map<string, Unpacked>; problems: Problem[] } {
  const files = new Map<string, Unpacked>();
  const seen = new Set<string>();
  const problems: Problem[] = [];
  let unpackedBytes = 0;
  for (const { name, method, isLink, packed, sizeBytes } of readDirectory(bytes)) {
    unpackedBytes += sizeBytes;
    if (unpackedBytes > MAX_UNPACKED_BYTES)
      throw new ZipRefusal("too_big", `the zip unpacks to more than ${mib(MAX_UNPACKED_BYTES)}`, name);
    const problem = entryProblem(name, method, seen.has(name));
    seen.add(name);
    if (problem !== undefined) problems.push(problem);
    if (problem !== undefined || name.endsWith("/")) continue;
    const content = method === 0 ? packed : inflate(packed, sizeBytes);
    if (content.length !== sizeBytes)
      throw new ZipRefusal("unreadable", `${name} unpacks to another size than the zip says`, name);
    files.set(name, {
      entry: { path: name, kind: isLink ? "other" : "file", sizeBytes },
      bytes: content,
    });
  }
  return { files, problems };
}

/** One byte more than announced is enough room to notice that there is more. */
function inflate(packed: Uint8Array, sizeBytes: number): Uint8Array {
  return inflateSync(packed, { out: new Uint8Array(sizeBytes + 1) });
}

function entryProblem(name: string, method: number, twice: boolean): Problem | undefined {
  if (!isSafeZipName(name))
    return {
      code: "zip.unsafe_path",
      file: name,
      message: `the entry "${printable(name)}" points outside the bundle, or has control characters in its name`,
    };
  if (twice) return { code: "zip.duplicate_entry", file: name, message: `${name} is in the zip twice` };
  if (method !== 0 && method !== 8)
    return {
      code: "zip.unreadable",
      file: name,
      message: `${name} is packed by method ${method}, which we don't read`,
    };
  return undefined;
}

function zipSource(
  files: ReadonlyMap<string, Unpacked>,
  problems: readonly Problem[],
  digest: DigestBytes,
): BundleSource {
  const folder = commonFolder([...files.keys()]);
  // What lies beside the bundle's folder is named as such and found to be too much.
  const pathOf = (name: string) => (name.startsWith(folder) ? name.slice(folder.length) : `../${name}`);
  const byPath = new Map([...files].map(([name, file]) => [pathOf(name), file]));
  const bytesOf = (path: string) => byPath.get(path)?.bytes ?? new Uint8Array();
  return {
    entries: [...byPath]
      .map(([path, { entry }]) => ({ ...entry, path }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    problems,
    read: (path) => Promise.resolve(bytesOf(path)),
    digest: (path, onBytes) => digest(bytesOf(path), onBytes),
  };
}

/** `cnd_1/` when manifest.json or seal.json lies in that one folder. */
function commonFolder(names: readonly string[]): string {
  const top = names.find((name) => /^[^/]+\/(manifest|seal)\.json$/.test(name));
  if (top === undefined || names.includes("manifest.json") || names.includes("seal.json")) return "";
  return top.slice(0, top.indexOf("/") + 1);
}

/** Whether a file begins like a zip, whatever its name. */
export function startsLikeZip(head: Uint8Array): boolean {
  return equalBytes(head.subarray(0, 4), Uint8Array.of(0x50, 0x4b, 0x03, 0x04));
}

function mib(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}

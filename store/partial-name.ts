import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const PARTIAL = ".partial-";
/** Nobody copies a bundle, or wraps a key, for so long: whoever began was killed. */
const ABANDONED_MS = 3_600_000;

/** A name beside `target` for what is to get that name in the end; nobody's else's, on any machine. */
export function partialOf(target: string): string {
  return `${target}${PARTIAL}${randomBytes(6).toString("hex")}`;
}

/** The name of the bundle that a name in the object store is, or is to become. */
export function bundleOf(name: string): string {
  return name.split(PARTIAL)[0] ?? name;
}

/** Removes what was begun in `folder` and given up an hour ago; only of one bundle, when it is named. */
export async function removeAbandoned(folder: string, bundle?: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.includes(PARTIAL) || (bundle !== undefined && bundleOf(name) !== bundle)) continue;
    const path = join(folder, name);
    const begunMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (Date.now() - begunMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

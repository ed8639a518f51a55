import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A random secret kept in a file only we may read. Two programs starting at once end up with the same one. */
export async function loadOrCreateSecret(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const candidate = `${path}.${process.pid}`;
  await writeFile(candidate, randomBytes(48).toString("base64url"), { mode: 0o600 });
  try {
    // link() fails when the name exists: the first one wins, and its content is whole.
    await link(candidate, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(candidate, { force: true });
  }
  return readFile(path, "utf8");
}

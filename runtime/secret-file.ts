import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../pipeline/domain/errors.ts";

/** What is shorter, or lost in a power cut, would let anybody sign sessions or guess links. */
const LEAST_CHARACTERS = 32;

/**
 * A random secret kept in a file only we may read, made on first use. Whoever asks at the same time, in this program
 * or in another, ends up with the same one. Throws `UsageError` when the file holds no secret worth the name.
 */
export async function loadOrCreateSecret(path: string): Promise<string> {
  const secret = ((await read(path)) ?? (await create(path))).trim();
  if (secret.length >= LEAST_CHARACTERS) return secret;
  throw new UsageError(
    `${path} holds no secret of at least ${LEAST_CHARACTERS} characters: put the right one back, or delete the ` +
      "file to have a new one made (sessions and links made with the old one then end).",
  );
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function create(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const candidate = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    const handle = await open(candidate, "wx", 0o600);
    await handle
      .writeFile(randomBytes(48).toString("base64url"))
      .then(() => handle.sync())
      .finally(() => handle.close());
    // link() fails when the name exists: the first one wins, and its content is whole.
    await link(candidate, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(candidate, { force: true });
  }
  return readFile(path, "utf8");
}

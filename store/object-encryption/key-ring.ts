import { randomBytes } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createFileOnce, errnoOf, replaceFile } from "../../pipeline/evidence/durable-fs.ts";
import { withFolderLock } from "../../pipeline/evidence/folder-lock.ts";
import { ObjectKeyError } from "./errors.ts";

export const KEY_RING_FILE = "object-keys.json";

/**
 * How long a retired key stays after its last use at least: a program that read the ring just before the rotation may
 * still be wrapping a bundle's key with the old one.
 */
export const RETIRED_FOR_MS = 24 * 3_600_000;

const kek = z.strictObject({
  id: z.string().regex(/^kek_[0-9a-f]{16}$/),
  /** 32 bytes. */
  key: z.base64().length(44),
  createdAt: z.iso.datetime(),
  /** Null for the one that wraps. */
  retiredAt: z.iso.datetime().nullable(),
});
const ringSchema = z
  .strictObject({ schema: z.literal("forewarn-object-keys/1"), keys: z.array(kek).min(1) })
  .refine(({ keys }) => keys.filter(({ retiredAt }) => retiredAt === null).length === 1, {
    path: ["keys"],
    message: "exactly one key is not retired",
  });
type Ring = z.infer<typeof ringSchema>;

/** One key-encryption key of the site (AES-256). */
export interface WrappingKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * The site's key-encryption keys, in `dir/object-keys.json` (mode 0600), the first made at the first use. The newest
 * wraps, the older ones only unwrap. Read anew each time: another process may have rotated.
 */
export class KeyRing {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The key that wraps. @throws ObjectKeyError */
  async current(): Promise<WrappingKey> {
    const found = (await this.#readOrCreate()).keys.find(({ retiredAt }) => retiredAt === null);
    if (found === undefined) throw new Error("the schema lets no ring without a current key through");
    return decoded(found);
  }

  /** The key of this id. @throws ObjectKeyError when the ring does not have it. */
  async find(id: string): Promise<WrappingKey> {
    const found = (await this.#read())?.keys.find((key) => key.id === id);
    if (found !== undefined) return decoded(found);
    throw new ObjectKeyError(
      `${this.#path} does not hold key ${id}, under which originals were stored. Restore the file from your backup.`,
    );
  }

  /**
   * Makes a new wrapping key and retires the one before; both stay in the ring. Returns the new one's id.
   *
   * @throws ObjectKeyError, FolderBusyError
   */
  async rotate(now: Date): Promise<string> {
    const added = newKey(now);
    await this.#change((ring) => {
      const retired = ring.keys.map((key) => ({ ...key, retiredAt: key.retiredAt ?? now.toISOString() }));
      return { ...ring, keys: [added, ...retired] };
    });
    return added.id;
  }

  /**
   * Drops keys that were retired a day ago and that no bundle's key is under any more. Returns their ids.
   *
   * @throws ObjectKeyError, FolderBusyError
   */
  async dropUnused(inUse: ReadonlySet<string>, now: Date): Promise<string[]> {
    let dropped: Ring["keys"] = [];
    await this.#change((ring) => {
      dropped = ring.keys.filter(
        ({ id, retiredAt }) =>
          retiredAt !== null && !inUse.has(id) && now.getTime() - Date.parse(retiredAt) >= RETIRED_FOR_MS,
      );
      return dropped.length === 0
        ? ring
        : { ...ring, keys: ring.keys.filter((key) => !dropped.includes(key)) };
    });
    return dropped.map(({ id }) => id);
  }

  /** Nobody else changes the ring between the look at it and the change: a key that is lost loses originals. */
  async #change(change: (ring: Ring) => Ring): Promise<void> {
    await this.#readOrCreate();
    await withFolderLock(this.#dir, async () => {
      const ring = await this.#readOrCreate();
      const changed = change(ring);
      if (changed !== ring) await replaceFile(this.#path, encoded(changed), 0o600);
    });
  }

  get #path(): string {
    return join(this.#dir, KEY_RING_FILE);
  }

  async #readOrCreate(): Promise<Ring> {
    const found = await this.#read();
    if (found !== undefined) return found;
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    // Of two processes that start at once one wins, and both use the winner's key.
    await createFileOnce(
      this.#path,
      encoded({ schema: "forewarn-object-keys/1", keys: [newKey(new Date())] }),
      0o600,
    );
    const made = await this.#read();
    if (made === undefined) throw new ObjectKeyError(`${this.#path} vanished while it was being made.`);
    return made;
  }

  async #read(): Promise<Ring | undefined> {
    let text: string;
    try {
      const { mode } = await stat(this.#path);
      // Windows has no such bits.
      if (process.platform !== "win32" && (mode & 0o077) !== 0)
        throw new ObjectKeyError(
          `${this.#path} can be read by others (mode ${(mode & 0o777).toString(8)}): anyone could open the originals. ` +
            `Run "chmod 600 ${this.#path}", and rotate the key if somebody may have copied it.`,
        );
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
    return this.#parse(text);
  }

  #parse(text: string): Ring {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new ObjectKeyError(`${this.#path} is no JSON. Restore it from your backup.`, { cause });
    }
    const parsed = ringSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new ObjectKeyError(
      `${this.#path}: ${issue?.path.join(".")}: ${issue?.message}. Restore it from your backup.`,
    );
  }
}

function newKey(now: Date): Ring["keys"][number] {
  return {
    id: `kek_${randomBytes(8).toString("hex")}`,
    key: randomBytes(32).toString("base64"),
    createdAt: now.toISOString(),
    retiredAt: null,
  };
}

function decoded({ id, key }: Ring["keys"][number]): WrappingKey {
  return { id, key: Buffer.from(key, "base64") };
}

function encoded(ring: Ring): Buffer {
  return Buffer.from(`${JSON.stringify(ring, null, 2)}\n`);
}

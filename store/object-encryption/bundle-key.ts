import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errnoOf, syncPath, writeNewFile } from "../../pipeline/evidence/durable-fs.ts";
import { partialOf } from "../partial-name.ts";
import { ObjectDamagedError, ObjectKeyError } from "./errors.ts";
import type { KeyRing, WrappingKey } from "./key-ring.ts";

/** Beside manifest.json in the object store; whoever deletes it makes the originals unreadable for good. */
export const BUNDLE_KEY_FILE = "bundle-key.json";

const wrappedKeySchema = z.strictObject({
  schema: z.literal("forewarn-bundle-key/1"),
  bundleId: z.string().min(1),
  /** Which of the site's key-encryption keys it is wrapped with. */
  kekId: z.string().min(1),
  algorithm: z.literal("A256GCM"),
  /** 12 bytes, random. */
  nonce: z.base64().length(16),
  /** Cipher text of the 32 bytes, then the 16 of the tag. */
  wrapped: z.base64().length(64),
});

type WrappedKey = z.infer<typeof wrappedKeySchema>;

const TAG_BYTES = 16;

/** A fresh key for one bundle, wrapped in `folder/bundle-key.json`. */
export async function makeBundleKey(folder: string, bundleId: string, ring: KeyRing): Promise<Buffer> {
  const key = randomBytes(32);
  const wrapped = wrap(key, bundleId, await ring.current());
  await writeNewFile(join(folder, BUNDLE_KEY_FILE), encoded(wrapped), 0o600);
  return key;
}

/**
 * The key of a stored bundle; undefined when it has none.
 *
 * @throws ObjectDamagedError when it is not the one that was made for this bundle, ObjectKeyError when the site's key is missing.
 */
export async function readBundleKey(
  folder: string,
  bundleId: string,
  ring: KeyRing,
): Promise<Buffer | undefined> {
  const wrapped = await readWrapped(folder, bundleId);
  return wrapped === undefined ? undefined : unwrap(wrapped, bundleId, await ring.find(wrapped.kekId));
}

/** Which of the site's keys a bundle's is under; undefined when the bundle has none. */
export async function wrappingKeyIdOf(folder: string, bundleId: string): Promise<string | undefined> {
  return (await readWrapped(folder, bundleId))?.kekId;
}

/**
 * Wraps a bundle's key anew with the site's newest one; the originals stay as they are.
 *
 * @returns whether there was anything to do
 */
export async function rewrapBundleKey(folder: string, bundleId: string, ring: KeyRing): Promise<boolean> {
  const [wrapped, newest] = [await readWrapped(folder, bundleId), await ring.current()];
  if (wrapped === undefined || wrapped.kekId === newest.id) return false;
  const key = unwrap(wrapped, bundleId, await ring.find(wrapped.kekId));
  return replaceWrapped(folder, wrap(key, bundleId, newest));
}

/**
 * The draft lies beside the folder: inside it, whatever a killed process leaves would belong to the bundle for ever.
 *
 * @returns false when the bundle is no longer there
 */
async function replaceWrapped(folder: string, wrapped: WrappedKey): Promise<boolean> {
  const draft = partialOf(folder);
  try {
    await writeNewFile(draft, encoded(wrapped), 0o600);
    await rename(draft, join(folder, BUNDLE_KEY_FILE));
  } catch (error) {
    await rm(draft, { force: true });
    // It was destroyed in the meantime.
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
  await syncPath(folder);
  return true;
}

function wrap(key: Buffer, bundleId: string, kek: WrappingKey): WrappedKey {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", kek.key, nonce);
  cipher.setAAD(boundTo(bundleId, kek.id));
  const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return {
    schema: "forewarn-bundle-key/1",
    bundleId,
    kekId: kek.id,
    algorithm: "A256GCM",
    nonce: nonce.toString("base64"),
    wrapped: wrapped.toString("base64"),
  };
}

function unwrap({ nonce, wrapped }: WrappedKey, bundleId: string, kek: WrappingKey): Buffer {
  const bytes = Buffer.from(wrapped, "base64");
  const split = bytes.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv("aes-256-gcm", kek.key, Buffer.from(nonce, "base64"), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundTo(bundleId, kek.id));
    decipher.setAuthTag(bytes.subarray(split));
    return Buffer.concat([decipher.update(bytes.subarray(0, split)), decipher.final()]);
  } catch (cause) {
    throw new ObjectDamagedError(
      `${bundleId}: ${BUNDLE_KEY_FILE} was changed, or key ${kek.id} is not the one that wrapped it. ` +
        "Restore both from the same backup.",
      { cause },
    );
  }
}

function boundTo(bundleId: string, kekId: string): Buffer {
  return Buffer.from(JSON.stringify(["forewarn-bundle-key/1", bundleId, kekId]));
}

async function readWrapped(folder: string, bundleId: string): Promise<WrappedKey | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, BUNDLE_KEY_FILE), "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
  const parsed = wrappedKeySchema.safeParse(jsonOrNull(text));
  if (!parsed.success)
    throw new ObjectKeyError(`${bundleId}: ${BUNDLE_KEY_FILE} is damaged. Restore it from your backup.`);
  if (parsed.data.bundleId !== bundleId)
    throw new ObjectDamagedError(`${bundleId}: ${BUNDLE_KEY_FILE} is that of ${parsed.data.bundleId}`);
  return parsed.data;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function encoded(wrapped: WrappedKey): Buffer {
  return Buffer.from(`${JSON.stringify(wrapped)}\n`);
}

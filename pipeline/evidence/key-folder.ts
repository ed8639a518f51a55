import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { EpochMs } from "../domain/types.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { createFileOnce, errnoOf, replaceFile, syncPath } from "./durable-fs.ts";
import { SiteKeyError } from "./errors.ts";
import { withFolderLock } from "./folder-lock.ts";
import { firstKeyList, type KeyList, parseKeyList, withNextKey } from "./key-list.ts";
import { nodeCrypto } from "./node-crypto.ts";
import {
  createSiteKey,
  generatePrivateKey,
  loadSiteKey,
  PRIVATE_KEY_FILE,
  type SealAlgorithm,
  type SiteKey,
  siteKeyFromPem,
} from "./site-key.ts";
import { isoUtc } from "./time-text.ts";

const PUBLIC_KEY_FILE = "site-key.pub.pem";
/** A key that is about to come into use. */
const NEXT_KEY_FILE = "site-key.next.pem";
export const KEY_LIST_FILE = "site-keys.json";

interface KeyOptions {
  readonly algorithm: SealAlgorithm;
  readonly now: EpochMs;
}

/**
 * The key a site seals with, from `dir/site-key.pem` (mode 0600), made at the first call. Beside it, to be handed out:
 * `site-key.pub.pem`, its public half, and `site-keys.json`, every key there ever was. A change of key that was
 * interrupted is finished. Processes that start at once end up with the same key.
 *
 * @param algorithm of a key that is made; one that is there stays what it is
 * @throws SiteKeyError when others may read the private key, or the files do not belong together
 * @throws FolderBusyError when somebody has been changing the key for too long
 */
export async function openSiteKey(dir: string, options: Partial<KeyOptions> = {}): Promise<SiteKey> {
  const { algorithm = "Ed25519", now = Date.now() } = options;
  const settled = await settledKey(dir);
  if (settled !== undefined) return settled;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // Whatever is put right is put right by one at a time: a half-done change looks to others like files that differ.
  return withFolderLock(dir, () => settleKey(dir, { algorithm, now }));
}

/** Every key the site has sealed with; undefined before the first. @throws SiteKeyError when it is damaged */
export async function readKeyList(dir: string): Promise<KeyList | undefined> {
  const path = join(dir, KEY_LIST_FILE);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return parseKeyList(bytes, nodeCrypto);
  } catch (cause) {
    throw new SiteKeyError(
      `${path} is damaged: ${cause instanceof Error ? cause.message : String(cause)}. Restore it from your backup.`,
      { cause },
    );
  }
}

/**
 * A new key in place of the one in use, which endorses it and is then gone: what no longer seals need not be kept.
 * Whoever seals asks for the key each time, so nothing has to be started anew. May be killed at any instant: the
 * next `openSiteKey` finishes what the list says. Several at once are done one after the other.
 *
 * @throws SiteKeyError and changes nothing when the list would not hold with the new key in it
 * @throws FolderBusyError
 */
export async function rotateSiteKey(
  dir: string,
  wanted: { readonly algorithm: SealAlgorithm; readonly why: string; readonly at: EpochMs },
): Promise<SiteKey> {
  const options = { algorithm: wanted.algorithm, now: wanted.at };
  await openSiteKey(dir, options);
  return withFolderLock(dir, async () => {
    const current = await settleKey(dir, options);
    const list = await readOrBeginList(dir, current, wanted.at);
    const pem = generatePrivateKey(wanted.algorithm);
    const next = siteKeyFromPem(pem, NEXT_KEY_FILE);
    const longer = lengthened(list, current, next, wanted);
    await replaceFile(join(dir, NEXT_KEY_FILE), Buffer.from(pem), 0o600);
    await replaceFile(join(dir, KEY_LIST_FILE), longer);
    return settleKey(dir, options);
  });
}

/** The bytes of the list with the next key in it, which whoever opens it next will take. @throws SiteKeyError */
function lengthened(
  list: KeyList,
  current: SiteKey,
  next: SiteKey,
  { at, why }: { readonly at: EpochMs; readonly why: string },
): Uint8Array {
  const from = list.keys.at(-1)?.from;
  if (from !== undefined && Date.parse(from) >= at)
    throw new SiteKeyError(
      `The key in use (${current.keyId}) has been in use since ${from}, which is not before ${isoUtc(at)}: ` +
        "this machine's clock ran ahead when it was made, or is behind now. " +
        "Set the clock right, or wait until that instant has passed; until then go on with the key in use. Nothing was changed.",
    );
  const bytes = canonicalBytes(withNextKey(list, current, next, at, why));
  try {
    parseKeyList(bytes, nodeCrypto);
  } catch (cause) {
    throw new SiteKeyError(
      `The key was not changed: ${KEY_LIST_FILE} would be damaged by it (${cause instanceof Error ? cause.message : String(cause)}). ` +
        "Give a reason for the change, and check the files of the key against your backup.",
      { cause },
    );
  }
  return bytes;
}

/** The key in use where nothing has to be made or put right; undefined otherwise. @throws SiteKeyError */
async function settledKey(dir: string): Promise<SiteKey | undefined> {
  const key = await loadSiteKey(dir);
  const list = await readKeyList(dir);
  if (key === undefined || list?.keys.at(-1)?.keyId !== key.keyId) return undefined;
  return isPublicHalf(await publicHalf(dir), key.publicKeyPem) ? key : undefined;
}

/** Makes what is missing and finishes what was interrupted; only under the folder's lock. @throws SiteKeyError */
async function settleKey(dir: string, { algorithm, now }: KeyOptions): Promise<SiteKey> {
  const found = (await loadSiteKey(dir)) ?? (await createSiteKey(dir, algorithm));
  const list = await readOrBeginList(dir, found, now);
  const key = await keyInUse(dir, found, list);
  await keepPublicHalf(dir, key, list);
  return key;
}

async function readOrBeginList(dir: string, key: SiteKey, now: EpochMs): Promise<KeyList> {
  const list = await readKeyList(dir);
  if (list !== undefined) return list;
  await createFileOnce(join(dir, KEY_LIST_FILE), canonicalBytes(firstKeyList(key, now)));
  // Of two processes that start at once one has written it.
  const begun = await readKeyList(dir);
  if (begun === undefined)
    throw new SiteKeyError(`${join(dir, KEY_LIST_FILE)} vanished while it was being made.`);
  return begun;
}

/** The last key of the list is in use; the file may be one behind, when a change was interrupted. */
async function keyInUse(dir: string, found: SiteKey, { keys }: KeyList): Promise<SiteKey> {
  const last = keys.at(-1);
  if (last?.keyId === found.keyId) return found;
  const next = await loadSiteKey(dir, NEXT_KEY_FILE);
  if (last !== undefined && next?.keyId === last.keyId) {
    await rename(join(dir, NEXT_KEY_FILE), join(dir, PRIVATE_KEY_FILE));
    await syncPath(dir);
    return next;
  }
  throw new SiteKeyError(
    `${join(dir, PRIVATE_KEY_FILE)} (key id ${found.keyId}) is not the last key of ${KEY_LIST_FILE} beside it. ` +
      "Put back the files that belong together.",
  );
}

async function keepPublicHalf(dir: string, key: SiteKey, { keys }: KeyList): Promise<void> {
  const path = join(dir, PUBLIC_KEY_FILE);
  const found = await publicHalf(dir);
  if (isPublicHalf(found, key.publicKeyPem)) return;
  // That of an earlier key is left from before a change.
  if (found !== undefined && !keys.some(({ publicKey }) => isPublicHalf(found, publicKey)))
    throw new SiteKeyError(
      `${path} is not the public half of ${PRIVATE_KEY_FILE} beside it (key id ${key.keyId}). ` +
        "Put back the pair that belongs together, or delete the public file to have it written again.",
    );
  await replaceFile(path, Buffer.from(key.publicKeyPem));
}

async function publicHalf(dir: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, PUBLIC_KEY_FILE), "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isPublicHalf(found: string | undefined, pem: string): boolean {
  return found?.trim() === pem.trim();
}

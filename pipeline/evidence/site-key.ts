import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createFileOnce, errnoOf, replaceFile } from "./durable-fs.ts";
import { SiteKeyError } from "./errors.ts";

const PRIVATE_FILE = "site-key.pem";
const PUBLIC_FILE = "site-key.pub.pem";

/** The key one site seals its bundles with. The private half stays inside. */
export interface SiteKey {
  /** First 16 hex digits of the sha256 of the public key (SPKI, DER). */
  readonly keyId: string;
  /** SPKI, PEM: what others need to check a seal. */
  readonly publicKeyPem: string;
  /** Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Buffer;
}

/** First 16 hex digits of the sha256 of the SPKI DER. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash("sha256").update(spkiDer(publicKey)).digest("hex").slice(0, 16);
}

export function spkiDer(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

/** An Ed25519 public key from PEM, SPKI; undefined when it is anything else, a private key included. */
export function parsePublicKey(pem: string): KeyObject | undefined {
  // createPublicKey would take a private key too and quietly derive the public one.
  if (!pem.includes("-----BEGIN PUBLIC KEY-----")) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Every public key of a PEM file, each as PEM; undefined when there is none or one of them is not Ed25519. */
export function parsePublicKeys(text: string): string[] | undefined {
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  if (blocks.length === 0 || blocks.some((block) => parsePublicKey(block) === undefined)) return undefined;
  return blocks;
}

/** @throws SiteKeyError unless the PEM holds an Ed25519 private key (PKCS#8). `origin` names it in messages. */
export function siteKeyFromPem(pem: string, origin: string): SiteKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch (cause) {
    throw new SiteKeyError(`${origin} holds no private key in PEM form. Restore it from your backup.`, {
      cause,
    });
  }
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new SiteKeyError(
      `${origin} holds a key of type ${privateKey.asymmetricKeyType}; seals need Ed25519.`,
    );
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    sign: (message) => sign(null, message, privateKey),
  };
}

/**
 * The site's key from `dir/site-key.pem` (mode 0600), made at the first call; `dir/site-key.pub.pem` is its public
 * half, to be handed out. Processes that start at once end up with the same key.
 *
 * @throws SiteKeyError when others may read the private key, or the files are not a pair.
 */
export async function loadOrCreateSiteKey(dir: string): Promise<SiteKey> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const privatePath = join(dir, PRIVATE_FILE);
  const key = (await load(privatePath)) ?? (await create(privatePath));
  await keepPublicHalf(join(dir, PUBLIC_FILE), key);
  return key;
}

async function load(path: string): Promise<SiteKey | undefined> {
  let mode: number;
  try {
    mode = (await stat(path)).mode;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  // Windows has no such bits.
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw new SiteKeyError(
      `${path} can be read by others (mode ${(mode & 0o777).toString(8)}): anyone could seal in this site's name. ` +
        `Run "chmod 600 ${path}", and make a new key if somebody may have copied it.`,
    );
  return siteKeyFromPem(await readFile(path, "utf8"), path);
}

async function create(path: string): Promise<SiteKey> {
  const { privateKey } = generateKeyPairSync("ed25519");
  // Of two processes that start at once one wins, and both load the winner's key.
  await createFileOnce(path, Buffer.from(privateKey.export({ type: "pkcs8", format: "pem" })), 0o600);
  const key = await load(path);
  if (key === undefined) throw new SiteKeyError(`${path} vanished while it was being made.`);
  return key;
}

async function keepPublicHalf(path: string, key: SiteKey): Promise<void> {
  let found: string | undefined;
  try {
    found = await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  if (found === undefined) return replaceFile(path, Buffer.from(key.publicKeyPem));
  if (found.trim() !== key.publicKeyPem.trim())
    throw new SiteKeyError(
      `${path} is not the public half of ${PRIVATE_FILE} beside it (key id ${key.keyId}). ` +
        "Put back the pair that belongs together, or delete the public file to have it written again.",
    );
}

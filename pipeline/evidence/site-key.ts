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
import { createFileOnce, errnoOf } from "./durable-fs.ts";
import { SiteKeyError } from "./errors.ts";
import { generateSm2Key, pemOf, readSm2Key } from "./sm2-key.ts";

export const PRIVATE_KEY_FILE = "site-key.pem";

/** What a site may seal with: Ed25519 (RFC 8032), or the national profile SM2 with SM3 (GB/T 32918, GM/T 0009). */
export const SEAL_ALGORITHMS = ["Ed25519", "SM2"] as const;
export type SealAlgorithm = (typeof SEAL_ALGORITHMS)[number];

/** The key one site seals its bundles with. The private half stays inside. */
export interface SiteKey {
  readonly algorithm: SealAlgorithm;
  /** First 16 hex digits of the sha256 of the public key (SPKI, DER). */
  readonly keyId: string;
  /** SPKI, PEM: what others need to check a seal. */
  readonly publicKeyPem: string;
  /** Ed25519: 64 bytes; SM2: ASN.1 DER of r and s. */
  sign(message: Uint8Array): Buffer;
}

/** A new private key. @returns PEM, PKCS#8 */
export function generatePrivateKey(algorithm: SealAlgorithm): string {
  if (algorithm === "SM2") return generateSm2Key();
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** @throws SiteKeyError unless the PEM holds an Ed25519 or SM2 private key (PKCS#8). `origin` names it in messages. */
export function siteKeyFromPem(pem: string, origin: string): SiteKey {
  const sm2 = readSm2Key(pem);
  if (sm2 !== undefined) return siteKey("SM2", sm2.spki, sm2.sign);
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
      `${origin} holds a key of type ${privateKey.asymmetricKeyType ?? "unknown"}; seals need Ed25519 or SM2.`,
    );
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return siteKey("Ed25519", spki, (message) => sign(null, message, privateKey));
}

function siteKey(algorithm: SealAlgorithm, spki: Buffer, signMessage: SiteKey["sign"]): SiteKey {
  return {
    algorithm,
    keyId: createHash("sha256").update(spki).digest("hex").slice(0, 16),
    publicKeyPem: pemOf("PUBLIC KEY", spki),
    sign: signMessage,
  };
}

/** The key that is there; undefined when there is none yet. @throws SiteKeyError */
export async function loadSiteKey(
  dir: string,
  name: string = PRIVATE_KEY_FILE,
): Promise<SiteKey | undefined> {
  const path = join(dir, name);
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

/** Makes the first key, unless somebody else has just done so. @returns the key that is there then */
export async function createSiteKey(dir: string, algorithm: SealAlgorithm): Promise<SiteKey> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, PRIVATE_KEY_FILE);
  await createFileOnce(path, Buffer.from(generatePrivateKey(algorithm)), 0o600);
  const key = await loadSiteKey(dir);
  if (key === undefined) throw new SiteKeyError(`${path} vanished while it was being made.`);
  return key;
}

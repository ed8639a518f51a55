import { verify } from "node:crypto";
import type { EpochMs } from "../domain/types.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { sha256Hex } from "./hash.ts";
import type { Manifest, Seal } from "./manifest-schema.ts";
import { parsePublicKey, type SiteKey } from "./site-key.ts";
import { isoUtc } from "./time-text.ts";

/** Stands before the signed text, so that a signature made for anything else can never pass as a seal. */
const DOMAIN_LINE = "forewarn-seal/1\n";

/**
 * What is signed: the line `forewarn-seal/1`, then the seal without its signature as canonical JSON. The seal holds
 * the manifest's sha256 and the manifest that of every file, so the signature stands for the whole bundle.
 */
export function sealMessage(seal: Omit<Seal, "signature">): Buffer {
  const { schema, algorithm, bundleId, cameraId, sequence, previousManifestSha256 } = seal;
  const { manifestSha256, keyId, publicKey, signedAt } = seal;
  const signed = {
    ...{ schema, algorithm, bundleId, cameraId, sequence, previousManifestSha256 },
    ...{ manifestSha256, keyId, publicKey, signedAt },
  };
  return Buffer.concat([Buffer.from(DOMAIN_LINE), canonicalBytes(signed)]);
}

/** Seals the manifest's exact bytes. */
export function makeSeal(
  manifest: Manifest,
  manifestBytes: Uint8Array,
  key: SiteKey,
  signedAt: EpochMs,
): Seal {
  const unsigned: Omit<Seal, "signature"> = {
    schema: "forewarn-seal/1",
    algorithm: "Ed25519",
    bundleId: manifest.bundleId,
    cameraId: manifest.camera.id,
    sequence: manifest.sequence,
    previousManifestSha256: manifest.previousManifestSha256,
    manifestSha256: sha256Hex(manifestBytes),
    keyId: key.keyId,
    publicKey: key.publicKeyPem,
    signedAt: isoUtc(signedAt),
  };
  return { ...unsigned, signature: key.sign(sealMessage(unsigned)).toString("base64") };
}

/** Whether the seal's own key made the seal's signature. Whose key that is, is another question. */
export function isSignatureGood(seal: Seal): boolean {
  const key = parsePublicKey(seal.publicKey);
  const signature = Buffer.from(seal.signature, "base64");
  // Base64 has spare bits at the end: only the one true spelling counts.
  if (key === undefined || signature.toString("base64") !== seal.signature) return false;
  return verify(null, sealMessage(seal), key, signature);
}

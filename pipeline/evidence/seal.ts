import type { EpochMs } from "../domain/types.ts";
import { sha256Hex, sm3Hex } from "./hash.ts";
import type { Manifest, Seal } from "./manifest-schema.ts";
import { SEAL_SCHEMA } from "./manifest-schema.ts";
import { signedText } from "./portable/seal-signature.ts";
import type { SiteKey } from "./site-key.ts";
import { isoUtc } from "./time-text.ts";

/**
 * Seals the manifest's exact bytes. The seal holds the manifest's hashes and the manifest those of every file, so the
 * signature stands for the whole bundle.
 */
export function makeSeal(
  manifest: Manifest,
  manifestBytes: Uint8Array,
  key: SiteKey,
  signedAt: EpochMs,
): Seal {
  const unsigned: Omit<Seal, "signature"> = {
    schema: SEAL_SCHEMA,
    algorithm: key.algorithm,
    bundleId: manifest.bundleId,
    cameraId: manifest.camera.id,
    sequence: manifest.sequence,
    previousManifestSha256: manifest.previousManifestSha256,
    manifestSha256: sha256Hex(manifestBytes),
    manifestSm3: sm3Hex(manifestBytes),
    keyId: key.keyId,
    publicKey: key.publicKeyPem,
    signedAt: isoUtc(signedAt),
  };
  return { ...unsigned, signature: key.sign(signedText(unsigned)).toString("base64") };
}

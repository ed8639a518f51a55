import type { Problem } from "../bundle-source.ts";
import type { Manifest, Seal } from "../manifest-schema.ts";
import { equalBytes } from "./bytes.ts";
import { keyIdOf, readPublicKey } from "./public-key.ts";
import type { ReadDocument } from "./read-document.ts";
import { isSealSignatureGood } from "./seal-signature.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/**
 * Whether the seal is genuine in itself and is the seal of this very manifest. A seal or manifest that cannot be
 * read has been reported by the reader; nothing is said about it twice.
 */
export function sealProblems(
  seal: Seal | undefined,
  manifest: Pick<ReadDocument<Manifest>, "sha256" | "sm3" | "value">,
  trustedKeys: readonly string[] | undefined,
  crypto: VerifyCrypto,
): Problem[] {
  if (seal === undefined) return [];
  const problems = [...keyProblems(seal, trustedKeys, crypto)];
  const add = (code: string, message: string) =>
    problems.push({ code: `seal.${code}`, file: "seal.json", message });
  if (!isSealSignatureGood(seal, crypto))
    add(
      "signature_invalid",
      "the signature does not match: seal.json was changed or was never signed by its key",
    );
  const hashes = [
    ["sha256", seal.manifestSha256, manifest.sha256],
    ["sm3", seal.manifestSm3, manifest.sm3],
  ] as const;
  const different = hashes.find(([, sealed, found]) => found !== undefined && sealed !== found);
  if (different !== undefined) {
    const [hash, sealed, found] = different;
    add(
      "manifest_mismatch",
      `the seal is of another manifest: it names ${hash} ${sealed}, manifest.json has ${found}`,
    );
  }
  const { value } = manifest;
  if (value === undefined) return problems;
  const pairs = [
    ["bundleId", seal.bundleId, value.bundleId],
    ["cameraId", seal.cameraId, value.camera.id],
    ["sequence", seal.sequence, value.sequence],
    ["previousManifestSha256", seal.previousManifestSha256, value.previousManifestSha256],
  ] as const;
  for (const [field, sealed, stated] of pairs)
    if (sealed !== stated)
      add("link_mismatch", `${field} is ${sealed} in seal.json but ${stated} in manifest.json`);
  return problems;
}

function* keyProblems(
  seal: Seal,
  trustedKeys: readonly string[] | undefined,
  crypto: VerifyCrypto,
): Generator<Problem> {
  const file = "seal.json";
  const key = readPublicKey(seal.publicKey);
  if (key?.algorithm !== seal.algorithm) {
    yield {
      code: "seal.public_key_invalid",
      file,
      message: `publicKey in seal.json is not an ${seal.algorithm} public key`,
    };
    return;
  }
  const keyId = keyIdOf(key, crypto);
  if (keyId !== seal.keyId)
    yield {
      code: "seal.key_id_mismatch",
      file,
      message: `keyId in seal.json is ${seal.keyId}, but its public key has the id ${keyId}`,
    };
  // Whole keys are compared: a key id is only a name and could be aimed at.
  const isTrusted = (pem: string) => {
    const trusted = readPublicKey(pem);
    return trusted !== undefined && equalBytes(trusted.spki, key.spki);
  };
  if (trustedKeys !== undefined && !trustedKeys.some(isTrusted))
    yield {
      code: "seal.untrusted_key",
      file,
      message: `sealed with key ${keyId}, which is none of the trusted keys`,
    };
}

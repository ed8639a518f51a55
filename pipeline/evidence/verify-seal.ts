import type { Problem } from "./bundle-source.ts";
import type { Manifest, Seal } from "./manifest-schema.ts";
import { isSignatureGood } from "./seal.ts";
import { keyIdOf, parsePublicKey, spkiDer } from "./site-key.ts";

/**
 * Whether the seal is genuine in itself and is the seal of this very manifest. A seal or manifest that cannot be
 * read has been reported by the reader; nothing is said about it twice.
 */
export function sealProblems(
  seal: Seal | undefined,
  manifest: { readonly sha256: string | undefined; readonly value: Manifest | undefined },
  trustedKeys: readonly string[] | undefined,
): Problem[] {
  if (seal === undefined) return [];
  const problems = [...keyProblems(seal, trustedKeys)];
  const add = (code: string, message: string) =>
    problems.push({ code: `seal.${code}`, file: "seal.json", message });
  if (!isSignatureGood(seal))
    add(
      "signature_invalid",
      "the signature does not match: seal.json was changed or was never signed by its key",
    );
  if (manifest.sha256 !== undefined && seal.manifestSha256 !== manifest.sha256)
    add(
      "manifest_mismatch",
      `the seal is of another manifest: it names sha256 ${seal.manifestSha256}, manifest.json has ${manifest.sha256}`,
    );
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

function* keyProblems(seal: Seal, trustedKeys: readonly string[] | undefined): Generator<Problem> {
  const file = "seal.json";
  const key = parsePublicKey(seal.publicKey);
  if (key === undefined) {
    yield {
      code: "seal.public_key_invalid",
      file,
      message: "publicKey in seal.json is not an Ed25519 public key",
    };
    return;
  }
  if (keyIdOf(key) !== seal.keyId)
    yield {
      code: "seal.key_id_mismatch",
      file,
      message: `keyId in seal.json is ${seal.keyId}, but its public key has the id ${keyIdOf(key)}`,
    };
  // Whole keys are compared: a key id is only a name and could be aimed at.
  const isTrusted = (pem: string) => {
    const trusted = parsePublicKey(pem);
    return trusted !== undefined && spkiDer(trusted).equals(spkiDer(key));
  };
  if (trustedKeys !== undefined && !trustedKeys.some(isTrusted))
    yield {
      code: "seal.untrusted_key",
      file,
      message: `sealed with key ${keyIdOf(key)}, which is none of the trusted keys`,
    };
}

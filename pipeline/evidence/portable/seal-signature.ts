import type { Seal } from "../manifest-schema.ts";
import { fromBase64, utf8 } from "./bytes.ts";
import { canonicalText } from "./canonical-text.ts";
import { type PublicKey, readPublicKey } from "./public-key.ts";
import { isSm2SignatureGood } from "./sm2.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/**
 * What is signed: the name of the format as a line, then the seal without its signature as canonical JSON. The line
 * keeps a signature that was made for anything else from passing as a seal.
 */
export function signedText(seal: Omit<Seal, "signature">): Uint8Array {
  return utf8(`${seal.schema}\n${canonicalText(seal)}`);
}

/** Whether the seal's own key made the seal's signature. Whose key that is, is another question. */
export function isSealSignatureGood(seal: Seal, crypto: VerifyCrypto): boolean {
  const { signature, ...signed } = seal;
  const key = readPublicKey(seal.publicKey);
  if (key?.algorithm !== seal.algorithm) return false;
  return isSignatureOf(key, signedText(signed), signature, crypto);
}

/** Whether a key made a signature over these bytes. @param signature base64, in its one true spelling */
export function isSignatureOf(
  { algorithm, key }: PublicKey,
  message: Uint8Array,
  signature: string,
  crypto: VerifyCrypto,
): boolean {
  const bytes = fromBase64(signature);
  if (bytes === undefined) return false;
  return algorithm === "SM2"
    ? isSm2SignatureGood(key, message, bytes)
    : crypto.isEd25519SignatureGood(key, message, bytes);
}

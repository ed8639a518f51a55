import type { Problem } from "../bundle-source.ts";
import { canonicalText } from "../canonical-json.ts";
import { equalBytes, utf8 } from "../portable/bytes.ts";
import { keyIdOf, readPublicKey } from "../portable/public-key.ts";
import { isSignatureOf } from "../portable/seal-signature.ts";
import type { VerifyCrypto } from "../portable/verify-crypto.ts";

/** A JSON document that carries its own signature and the key it was made with. */
export interface SignedDocument {
  /** Name and version of the format. */
  readonly schema: string;
  readonly algorithm: string;
  /** First 16 hex digits of the sha256 of the public key (SPKI, DER). */
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
}

/**
 * What is signed: the name of the format as a line, then the document without its signature as canonical JSON. The
 * line keeps a signature that was made for anything else from passing as one of this format.
 */
export function signedBytes(document: Omit<SignedDocument, "signature">): Uint8Array {
  const { signature: _signature, ...signed } = document as SignedDocument;
  return utf8(`${document.schema}\n${canonicalText(signed)}`);
}

/**
 * Whether the document is signed by its own key, and that key is one of those trusted. Whole keys are compared: a
 * key id is only a name and could be aimed at.
 *
 * @param name begins the codes: `checkpoint` gives `log.checkpoint_signature_invalid`
 * @param trustedKeys PEM; undefined: whose key it is, is not asked
 */
export function signatureProblems(
  document: SignedDocument,
  name: string,
  trustedKeys: readonly string[] | undefined,
  crypto: VerifyCrypto,
): Problem[] {
  const { algorithm, keyId } = document;
  const problem = (code: string, message: string): Problem => ({ code: `log.${name}_${code}`, message });
  const key = readPublicKey(document.publicKey);
  if (key?.algorithm !== algorithm)
    return [problem("public_key_invalid", `publicKey of the ${name} is not an ${algorithm} public key`)];
  const problems: Problem[] = [];
  if (!isSignatureOf(key, signedBytes(document), document.signature, crypto))
    problems.push(
      problem(
        "signature_invalid",
        `the signature does not match: the ${name} was changed or never signed by its key`,
      ),
    );
  const id = keyIdOf(key, crypto);
  if (id !== keyId)
    problems.push(
      problem("key_id_mismatch", `keyId of the ${name} is ${keyId}, but its public key has the id ${id}`),
    );
  const isTrusted = trustedKeys?.some((pem) =>
    equalBytes(readPublicKey(pem)?.spki ?? new Uint8Array(), key.spki),
  );
  if (isTrusted === false)
    problems.push(
      problem("untrusted_key", `the ${name} is signed with key ${id}, which is none of the trusted keys`),
    );
  return problems;
}

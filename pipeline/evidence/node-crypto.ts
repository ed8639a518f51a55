import { createHash, createPublicKey, verify } from "node:crypto";
import type { VerifyCrypto } from "./portable/verify-crypto.ts";

/** SubjectPublicKeyInfo of Ed25519 up to the key (RFC 8410, section 4). */
const ED25519_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** What checking needs, by Node's OpenSSL. */
export const nodeCrypto: VerifyCrypto = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
  isEd25519SignatureGood: (publicKey, message, signature) => {
    const spki = Buffer.concat([ED25519_HEAD, publicKey]);
    return verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
  },
};

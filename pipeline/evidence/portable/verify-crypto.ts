/** What a host has to bring for checking; everything else is the same in Node, in a browser and in verify.mjs. */
export interface VerifyCrypto {
  /** FIPS 180-4. @returns 32 bytes */
  sha256(bytes: Uint8Array): Uint8Array;
  /** RFC 8032, strict (no small-order keys, no second spelling of a signature). Key 32, signature 64 bytes. */
  isEd25519SignatureGood(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

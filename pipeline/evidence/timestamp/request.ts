import { createHash, randomBytes } from "node:crypto";
import { Integer, Null, OctetString } from "asn1js";
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from "pkijs";

/** RFC 5754, section 2.2. */
export const SHA256_OID = "2.16.840.1.101.3.4.2.1";
const NONCE_BYTES = 8;

/** A number nobody has asked with before, so that an old answer cannot pass as ours. @returns 8 bytes, big-endian */
export function newNonce(): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  // DER numbers begin neither with a zero byte nor, being positive, with a set bit.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  return nonce;
}

/** The SHA-256 by which an authority knows the message; it never sees more. @returns 32 bytes */
export function imprintOf(message: Uint8Array): Uint8Array {
  return createHash("sha256").update(message).digest();
}

/** A TimeStampReq (RFC 3161, section 2.4.1) for a message, asking for the signer's certificate. @returns DER */
export function timestampRequest(message: Uint8Array, nonce: Uint8Array): Uint8Array {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256_OID, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: bufferOf(imprintOf(message)) }),
    }),
    nonce: new Integer({ valueHex: bufferOf(nonce) }),
    certReq: true,
  });
  return new Uint8Array(request.toSchema().toBER());
}

/** An ArrayBuffer of just these bytes. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

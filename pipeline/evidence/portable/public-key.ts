import { concatBytes, equalBytes, fromBase64, toHex } from "./bytes.ts";
import type { VerifyCrypto } from "./verify-crypto.ts";

/** A public key as seals carry it. */
export interface PublicKey {
  readonly algorithm: "Ed25519" | "SM2";
  /** SubjectPublicKeyInfo, DER: what the key id is made from. */
  readonly spki: Uint8Array;
  /** Ed25519: 32 bytes. SM2: the uncompressed point, 65 bytes. */
  readonly key: Uint8Array;
}

/** SubjectPublicKeyInfo has one form for each of the two: a fixed head, then the key. */
const HEADS = [
  // RFC 8410, section 4.
  {
    algorithm: "Ed25519",
    head: [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00],
    keyBytes: 32,
  },
  // RFC 5480, section 2, with the curve of GB/T 32918.5 (1.2.156.10197.1.301).
  {
    algorithm: "SM2",
    head: [
      ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08],
      ...[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00],
    ],
    keyBytes: 65,
  },
] as const;

/**
 * Points of order 8 or less, sign bit left out: y of 0, 1, -1 and the two of order 8. With such a key anybody can make
 * a signature that is good for any message.
 */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];
/** y of the field's prime, 2^255 - 19, or more: a second spelling, which RFC 8032 (5.1.3) refuses and OpenSSL reads. */
const SECOND_SPELLING = /^(ed|ee|ef|f.)(ff){30}7f$/;

const PEM = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/;

/**
 * An Ed25519 or SM2 public key from PEM (RFC 7468, SPKI); undefined when it is anything else, a private key included, or
 * a key of Ed25519 under which anybody could sign.
 */
export function readPublicKey(pem: string): PublicKey | undefined {
  const body = PEM.exec(pem.trim())?.[1];
  const spki = body === undefined ? undefined : fromBase64(body.replaceAll(/\s/g, ""));
  if (spki === undefined) return undefined;
  for (const { algorithm, head, keyBytes } of HEADS) {
    const key = spki.subarray(head.length);
    if (key.length !== keyBytes || !equalBytes(spki, concatBytes(Uint8Array.from(head), key))) continue;
    return algorithm === "Ed25519" && isWeakEd25519(key) ? undefined : { algorithm, spki, key };
  }
  return undefined;
}

function isWeakEd25519(key: Uint8Array): boolean {
  const y = toHex(key.map((byte, index) => (index === 31 ? byte & 0x7f : byte)));
  return SMALL_ORDER.includes(y) || SECOND_SPELLING.test(y);
}

/** Every public key of a PEM file, each as PEM; undefined when there is none or one block is no such key. */
export function readPublicKeys(text: string): string[] | undefined {
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const isGood = blocks.length > 0 && blocks.every((block) => readPublicKey(block) !== undefined);
  return isGood ? blocks : undefined;
}

/** First 16 hex digits of the sha256 of the SPKI DER. */
export function keyIdOf(key: PublicKey, crypto: VerifyCrypto): string {
  return toHex(crypto.sha256(key.spki)).slice(0, 16);
}

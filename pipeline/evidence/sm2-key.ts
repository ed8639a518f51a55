import { randomBytes } from "node:crypto";
import { SM2_CURVE, Sm2Point, sm2Digest } from "./portable/sm2.ts";

/** Length of a private key's number, and of each half of a signature. */
const NUMBER_BYTES = 32;
/**
 * PKCS#8 (RFC 5208) of an SM2 key has one form: algorithm and curve, then ECPrivateKey (RFC 5915) with the number and the
 * uncompressed point. Written and read here, for Node's own key objects do not know the curve and crash on some of them.
 */
const PKCS8_HEAD = "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420";
const PKCS8_POINT = "a144034200";
/** SubjectPublicKeyInfo (RFC 5480) up to the point. */
const SPKI_HEAD = "3059301306072a8648ce3d020106082a811ccf5501822d034200";

/** An SM2 key pair. */
export interface Sm2Key {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /**
   * Signature by GB/T 32918.2-2016, section 6; hash SM3, default identity.
   *
   * @returns ASN.1 DER, a sequence of r and s, 70 to 72 bytes
   */
  sign(message: Uint8Array): Buffer;
}

/** A new private key. @returns PEM, PKCS#8, as OpenSSL reads it */
export function generateSm2Key(): string {
  const number = randomNumber();
  const digits = number.toString(16).padStart(2 * NUMBER_BYTES, "0");
  const der = PKCS8_HEAD + digits + PKCS8_POINT + publicPointOf(number).toString("hex");
  return pemOf("PRIVATE KEY", Buffer.from(der, "hex"));
}

/** The key of a PEM file (PKCS#8); undefined when it is no SM2 private key, or not a pair. */
export function readSm2Key(pem: string): Sm2Key | undefined {
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  const der = Buffer.from(body ?? "", "base64").toString("hex");
  const digits = der.slice(PKCS8_HEAD.length, PKCS8_HEAD.length + 2 * NUMBER_BYTES);
  if (!der.startsWith(PKCS8_HEAD) || digits.length !== 2 * NUMBER_BYTES) return undefined;
  const number = BigInt(`0x${digits}`);
  if (number < 1n || number >= SM2_CURVE.n - 1n) return undefined;
  const point = publicPointOf(number);
  if (der !== PKCS8_HEAD + digits + PKCS8_POINT + point.toString("hex")) return undefined;
  return {
    spki: Buffer.concat([Buffer.from(SPKI_HEAD, "hex"), point]),
    sign: (message) => signWith(number, point, message),
  };
}

/** RFC 7468: base64 in lines of 64. */
export function pemOf(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function signWith(number: bigint, publicPoint: Buffer, message: Uint8Array): Buffer {
  const e = sm2Digest(publicPoint, message);
  const { Fn } = Sm2Point;
  for (;;) {
    const k = randomNumber();
    const r = Fn.create(e + Sm2Point.BASE.multiply(k).toAffine().x);
    if (r === 0n || r + k === SM2_CURVE.n) continue;
    const s = Fn.mul(Fn.inv(Fn.create(1n + number)), Fn.create(k - Fn.mul(r, number)));
    if (s !== 0n) return derPair(r, s);
  }
}

function publicPointOf(number: bigint): Buffer {
  return Buffer.from(Sm2Point.BASE.multiply(number).toBytes(false));
}

/** From 1 to n − 2, each as likely as another: what is too large is thrown again. */
function randomNumber(): bigint {
  for (;;) {
    const number = BigInt(`0x${randomBytes(NUMBER_BYTES).toString("hex")}`);
    if (number > 0n && number < SM2_CURVE.n - 1n) return number;
  }
}

function derPair(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(number: bigint): Buffer {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  // The first bit would be a minus sign.
  const positive = bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
}

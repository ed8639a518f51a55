import { weierstrassN } from "@noble/curves/abstract/weierstrass";
import { concatBytes, toHex, utf8 } from "./bytes.ts";
import { sm3 } from "./sm3.ts";

/** The recommended curve (GB/T 32918.5-2017), OID 1.2.156.10197.1.301. */
export const SM2_CURVE = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};
export const Sm2Point = weierstrassN(SM2_CURVE);

/** The identity that signatures use where nothing else was agreed (GM/T 0009-2012, section 10). */
const DEFAULT_ID = utf8("1234567812345678");

/**
 * Whether an SM2 signature (GB/T 32918.2-2016, section 7; hash SM3, default identity) is of this message and key.
 *
 * @param publicKey uncompressed point: 0x04, x, y; 65 bytes
 * @param signature ASN.1 DER, a sequence of the two integers r and s, as OpenSSL writes it
 */
export function isSm2SignatureGood(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const pair = readIntegerPair(signature);
  if (pair === undefined || publicKey.length !== 65 || publicKey[0] !== 4) return false;
  const [r, s] = pair;
  const { n } = SM2_CURVE;
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const t = (r + s) % n;
  if (t === 0n) return false;
  try {
    const key = Sm2Point.fromHex(toHex(publicKey));
    const sum = Sm2Point.BASE.multiplyUnsafe(s).add(key.multiplyUnsafe(t));
    if (sum.is0()) return false;
    const e = sm2Digest(publicKey, message);
    return (e + sum.toAffine().x) % n === r;
  } catch {
    // The key is no point of the curve.
    return false;
  }
}

/** What is signed in place of the message: e of sections 6.1 and 7.1, as a number. */
export function sm2Digest(publicKey: Uint8Array, message: Uint8Array): bigint {
  return toNumber(sm3(concatBytes(identityHash(publicKey), message)));
}

/** Z of section 5.5: ties the signature to identity, curve and key. */
function identityHash(publicKey: Uint8Array): Uint8Array {
  const bits = DEFAULT_ID.length * 8;
  const curve = [SM2_CURVE.a, SM2_CURVE.b, SM2_CURVE.Gx, SM2_CURVE.Gy].map(to32Bytes);
  return sm3(concatBytes(Uint8Array.of(bits >> 8, bits & 0xff), DEFAULT_ID, ...curve, publicKey.subarray(1)));
}

/** Strict DER: one spelling for one pair, else a signature could be rewritten and stay good. */
function readIntegerPair(der: Uint8Array): [bigint, bigint] | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const numbers: bigint[] = [];
  let at = 2;
  while (at < der.length) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const isPadded = digits[0] === 0 && (digits[1] ?? 0x80) < 0x80;
    const isNegative = (digits[0] ?? 0) >= 0x80;
    if (der[at] !== 2 || length === 0 || digits.length !== length || isPadded || isNegative) return undefined;
    numbers.push(toNumber(digits));
    at += 2 + length;
  }
  const [r, s, ...more] = numbers;
  return r === undefined || s === undefined || more.length > 0 ? undefined : [r, s];
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function to32Bytes(number: bigint): Uint8Array {
  const digits = number.toString(16).padStart(64, "0");
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

import { concatBytes } from "./bytes.ts";

/** Section 4.1: the starting value. */
const START = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;

/** Section 4.2, already turned by the number of the round as 5.3.3 wants it. */
const ROUND = Int32Array.from({ length: 64 }, (_, round) =>
  rotate(round < 16 ? 0x79cc4519 : 0x7a879d8a, round % 32),
);

const BLOCK_BYTES = 64;

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * SM3 cryptographic hash (GB/T 32905-2016), piece by piece. Written here because browsers have none and Node has it only
 * where its OpenSSL was built with it.
 */
export class Sm3 {
  readonly #state = Int32Array.from(START);
  readonly #words = new Int32Array(68);
  readonly #rest = new Uint8Array(BLOCK_BYTES);
  #restBytes = 0;
  #totalBytes = 0;

  update(bytes: Uint8Array): this {
    this.#totalBytes += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(BLOCK_BYTES - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < BLOCK_BYTES) return this;
      this.#compress(this.#rest, 0);
      this.#restBytes = 0;
    }
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#compress(bytes, at);
    this.#rest.set(bytes.subarray(at), 0);
    this.#restBytes = bytes.length - at;
    return this;
  }

  /** The 32 bytes of the hash. Nothing may be added afterwards. */
  digest(): Uint8Array {
    // Section 5.2: a one bit, zeros, the length in bits as 64 bit number.
    const zeros = (2 * BLOCK_BYTES - 9 - this.#restBytes) % BLOCK_BYTES;
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(this.#totalBytes) * 8n);
    this.update(concatBytes(Uint8Array.of(0x80), new Uint8Array(zeros), new Uint8Array(length.buffer)));
    const hash = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => {
      hash.setInt32(index * 4, word);
    });
    return new Uint8Array(hash.buffer);
  }

  /**
   * Sections 5.3.2 (expansion) and 5.3.3 (compression); the letters are the standard's. Plain loops over typed arrays:
   * a clip of 50 MB goes through here in a browser.
   */
  #compress(bytes: Uint8Array, at: number): void {
    const w = this.#words;
    const state = this.#state;
    const block = new DataView(bytes.buffer, bytes.byteOffset + at, BLOCK_BYTES);
    for (let j = 0; j < 16; j += 1) w[j] = block.getInt32(j * 4);
    for (let j = 16; j < 68; j += 1) {
      const last = w[j - 3] as number;
      const x = (w[j - 16] as number) ^ (w[j - 9] as number) ^ ((last << 15) | (last >>> 17));
      const far = w[j - 13] as number;
      w[j] =
        x ^
        ((x << 15) | (x >>> 17)) ^
        ((x << 23) | (x >>> 9)) ^
        ((far << 7) | (far >>> 25)) ^
        (w[j - 6] as number);
    }
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let j = 0; j < 64; j += 1) {
      const wj = w[j] as number;
      const a12 = (a << 12) | (a >>> 20);
      const turned = (a12 + e + (ROUND[j] as number)) | 0;
      const ss1 = (turned << 7) | (turned >>> 25);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + (ss1 ^ a12) + (wj ^ (w[j + 4] as number))) | 0;
      const tt2 = (gg + h + ss1 + wj) | 0;
      d = c;
      c = (b << 9) | (b >>> 23);
      b = a;
      a = tt1;
      h = g;
      g = (f << 19) | (f >>> 13);
      f = e;
      e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
    }
    state[0] = (state[0] as number) ^ a;
    state[1] = (state[1] as number) ^ b;
    state[2] = (state[2] as number) ^ c;
    state[3] = (state[3] as number) ^ d;
    state[4] = (state[4] as number) ^ e;
    state[5] = (state[5] as number) ^ f;
    state[6] = (state[6] as number) ^ g;
    state[7] = (state[7] as number) ^ h;
  }
}

/** SM3 of bytes that are at hand. @returns 32 bytes */
export function sm3(bytes: Uint8Array): Uint8Array {
  return new Sm3().update(bytes).digest();
}

import { createHash, getHashes } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileDigest } from "./bundle-source.ts";
import { toHex } from "./portable/bytes.ts";
import { Sm3 } from "./portable/sm3.ts";

/** Node has SM3 where its OpenSSL was built with it; elsewhere ours is slower and gives the same. */
const HAS_SM3 = getHashes().includes("sm3");

interface Hashing {
  update(bytes: Uint8Array): unknown;
  hex(): string;
}

function startSm3(): Hashing {
  if (!HAS_SM3) {
    const sm3 = new Sm3();
    return { update: (bytes) => sm3.update(bytes), hex: () => toHex(sm3.digest()) };
  }
  const hash = createHash("sm3");
  return { update: (bytes) => hash.update(bytes), hex: () => hash.digest("hex") };
}

/** Reads the file once, piece by piece; size and hashes are of the same bytes. */
export function digestFile(path: string): Promise<FileDigest> {
  return digestStream(createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>);
}

export function digestBytes(bytes: Uint8Array): Promise<FileDigest> {
  return digestStream([bytes]);
}

/** Size and hashes of what the pieces are together. */
export async function digestStream(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<FileDigest> {
  const sha256 = createHash("sha256");
  const sm3 = startSm3();
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sha256.update(piece);
    sm3.update(piece);
    sizeBytes += piece.length;
  }
  return { sha256: sha256.digest("hex"), sm3: sm3.hex(), sizeBytes };
}

import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { ObjectDamagedError } from "./errors.ts";

/*
 * One encrypted file: the magic, then chunks of at most 64 KiB of plain text, each followed by its tag. Every chunk but
 * the last is full, so a byte range is found by arithmetic. AES-256-GCM (NIST SP 800-38D) with a key of the file's own,
 * derived from the bundle's (HKDF, RFC 5869), so a counter as nonce never meets the same key twice. What a chunk is
 * bound to besides: bundle, path, size of the whole, its number, and whether it is the last.
 */

const MAGIC = Buffer.from("FWENC/1\n", "latin1");
const TAG_BYTES = 16;
export const CHUNK_BYTES = 64 * 1024;
export const HEADER_BYTES = MAGIC.length;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Which file, of which bundle, and how long it is in plain. */
export interface FileIdentity {
  readonly bundleId: string;
  /** Inside the bundle, without `.enc`: `originals/clip.mp4`. */
  readonly path: string;
  readonly sizeBytes: number;
}

export function header(): Buffer {
  return Buffer.from(MAGIC);
}

/** @throws ObjectDamagedError when the file does not begin as ours do. */
export function checkHeader(bytes: Buffer, { bundleId, path }: FileIdentity): void {
  if (!bytes.equals(MAGIC)) throw new ObjectDamagedError(`${bundleId}: ${path} is not an encrypted original`);
}

/** At least one: an empty file is one empty chunk, so that its emptiness is vouched for too. */
export function chunkCount(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / CHUNK_BYTES));
}

/** Bytes on disk for so many in plain. */
export function sealedSize(sizeBytes: number): number {
  return HEADER_BYTES + sizeBytes + chunkCount(sizeBytes) * TAG_BYTES;
}

/** Bytes in plain for so many on disk; null when no plain size gives that. */
export function plainSize(sealedBytes: number): number | null {
  const body = sealedBytes - HEADER_BYTES;
  if (body < TAG_BYTES) return null;
  const sizeBytes = body - Math.ceil(body / SEALED_CHUNK_BYTES) * TAG_BYTES;
  return sealedSize(sizeBytes) === sealedBytes ? sizeBytes : null;
}

/** 32 bytes: the key of one file, from the key of its bundle. */
export function fileKey(bundleKey: Buffer, { bundleId, path }: FileIdentity): Buffer {
  const info = JSON.stringify(["forewarn-object/1", bundleId, path]);
  return Buffer.from(hkdfSync("sha256", bundleKey, Buffer.alloc(0), info, 32));
}

/** One chunk's cipher text and tag. */
export function sealChunk(key: Buffer, file: FileIdentity, index: number, plain: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index));
  cipher.setAAD(boundTo(file, index));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws ObjectDamagedError when the chunk is not the one that was written for this place. */
export function openChunk(key: Buffer, file: FileIdentity, index: number, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(file, index));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new ObjectDamagedError(
      `${file.bundleId}: ${file.path} was changed in the object store (piece ${index + 1} of ` +
        `${chunkCount(file.sizeBytes)}). Restore it from a copy and find out who could write there.`,
      { cause },
    );
  }
}

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

function boundTo({ bundleId, path, sizeBytes }: FileIdentity, index: number): Buffer {
  const isLast = index === chunkCount(sizeBytes) - 1;
  return Buffer.from(JSON.stringify(["forewarn-object/1", bundleId, path, sizeBytes, index, isLast]));
}

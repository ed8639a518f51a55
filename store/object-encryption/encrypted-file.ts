import { type FileHandle, open } from "node:fs/promises";
import {
  CHUNK_BYTES,
  checkHeader,
  chunkCount,
  type FileIdentity,
  fileKey,
  HEADER_BYTES,
  header,
  openChunk,
  plainSize,
  SEALED_CHUNK_BYTES,
  sealChunk,
} from "./chunk-format.ts";
import { ObjectDamagedError } from "./errors.ts";

export type FileName = Pick<FileIdentity, "bundleId" | "path">;

/** Writes an encrypted copy of `from` as the new file `to`, and waits until the disk has it. Memory: one chunk. */
export async function encryptFile(
  from: string,
  to: string,
  name: FileName,
  bundleKey: Buffer,
): Promise<void> {
  const source = await open(from, "r");
  try {
    const file = { ...name, sizeBytes: (await source.stat()).size };
    const target = await open(to, "wx", 0o644);
    try {
      await writeChunks(source, target, file, fileKey(bundleKey, file));
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Writes bytes that lie nowhere in plain as the new encrypted file `to`, and waits until the disk has it. */
export async function encryptBytes(
  bytes: Buffer,
  to: string,
  name: FileName,
  bundleKey: Buffer,
): Promise<void> {
  const file = { ...name, sizeBytes: bytes.length };
  const key = fileKey(bundleKey, file);
  const target = await open(to, "wx", 0o644);
  try {
    await target.writeFile(header());
    for (let index = 0; index < chunkCount(file.sizeBytes); index += 1) {
      const start = index * CHUNK_BYTES;
      await target.writeFile(sealChunk(key, file, index, bytes.subarray(start, start + CHUNK_BYTES)));
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

async function writeChunks(source: FileHandle, target: FileHandle, file: FileIdentity, key: Buffer) {
  await target.writeFile(header());
  for (let index = 0; index < chunkCount(file.sizeBytes); index += 1) {
    const start = index * CHUNK_BYTES;
    const plain = await readExactly(source, start, Math.min(CHUNK_BYTES, file.sizeBytes - start), file);
    await target.writeFile(sealChunk(key, file, index, plain));
  }
}

/**
 * Size in plain of an encrypted file, by its size on disk; a file that was cut or extended is found when it is read.
 *
 * @throws ObjectDamagedError when no file of ours has that size.
 */
export function plainSizeOf(sealedBytes: number, { bundleId, path }: FileName): number {
  const sizeBytes = plainSize(sealedBytes);
  if (sizeBytes === null)
    throw new ObjectDamagedError(`${bundleId}: ${path} was cut or extended in the store`);
  return sizeBytes;
}

/**
 * Bytes `start` to `end`, both included, in plain, piece by piece: nothing is given out before its tag was checked.
 *
 * @throws ObjectDamagedError at the first piece that is not as it was written.
 */
export async function* decryptRange(
  from: string,
  name: FileName,
  bundleKey: Buffer,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(from, "r");
  try {
    const file = { ...name, sizeBytes: plainSizeOf((await handle.stat()).size, name) };
    checkHeader(await readExactly(handle, 0, HEADER_BYTES, file), file);
    const key = fileKey(bundleKey, file);
    const last = Math.min(end, file.sizeBytes - 1);
    // An empty file has one empty chunk, whose tag says that it ought to be empty.
    const lastIndex = Math.max(0, Math.floor(last / CHUNK_BYTES));
    for (let index = Math.floor(start / CHUNK_BYTES); index <= lastIndex; index += 1) {
      const offset = index * CHUNK_BYTES;
      const plain = openChunk(key, file, index, await readSealed(handle, file, index));
      const wanted = plain.subarray(Math.max(0, start - offset), last - offset + 1);
      if (wanted.length > 0) yield wanted;
    }
  } finally {
    await handle.close();
  }
}

function readSealed(handle: FileHandle, file: FileIdentity, index: number): Promise<Buffer> {
  const plainBytes = Math.min(CHUNK_BYTES, file.sizeBytes - index * CHUNK_BYTES);
  const sealedBytes = plainBytes + (SEALED_CHUNK_BYTES - CHUNK_BYTES);
  return readExactly(handle, HEADER_BYTES + index * SEALED_CHUNK_BYTES, sealedBytes, file);
}

/** A single read may give less than was asked for. */
async function readExactly(
  handle: FileHandle,
  position: number,
  bytes: number,
  { bundleId, path }: FileName,
): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, position + filled);
    if (bytesRead === 0) throw new ObjectDamagedError(`${bundleId}: ${path} ended while it was read`);
    filled += bytesRead;
  }
  return buffer;
}

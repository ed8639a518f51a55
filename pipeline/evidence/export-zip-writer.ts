import type { FileHandle } from "node:fs/promises";
import { deflateRawSync } from "node:zlib";
import type { EpochMs } from "../domain/types.ts";

/** APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16. */
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY_BYTES = 46;
const END_RECORD_BYTES = 22;
/** Version 2.0 reads it; names are UTF-8 (bit 11); made on Unix; a regular file of mode 0644. */
const VERSION = 20;
const UTF8_FLAG = 1 << 11;
const MADE_BY_UNIX = (3 << 8) | VERSION;
const FILE_MODE = 0o100_644;
/** Beyond it other, longer records would be needed. */
const MAX_OFFSET = 0xffff_ffff;

interface Written {
  readonly name: Buffer;
  /** What both headers say alike: version to size of the name. */
  readonly common: Buffer;
  readonly offset: number;
}

/**
 * Writes a zip entry by entry, sizes and checksum before the content, so that every unpacking program can read it,
 * also one that reads from a pipe. Holds one entry in memory at a time.
 */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #time: { readonly date: number; readonly time: number };
  readonly #written: Written[] = [];
  #offset = 0;

  /** @param at goes on every entry, so that the same content gives the same zip */
  constructor(file: FileHandle, at: EpochMs) {
    this.#file = file;
    this.#time = dosTime(at);
  }

  /** @param options.deflate for text; pictures and clips are packed already */
  async add(name: string, content: Uint8Array, options: { readonly deflate: boolean }): Promise<void> {
    const packed = options.deflate ? deflateRawSync(content) : content;
    const nameBytes = Buffer.from(name, "utf8");
    const common = Buffer.alloc(LOCAL_HEADER_BYTES - 4);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_FLAG, 2);
    common.writeUInt16LE(options.deflate ? 8 : 0, 4);
    common.writeUInt16LE(this.#time.time, 6);
    common.writeUInt16LE(this.#time.date, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    this.#written.push({ name: nameBytes, common, offset: this.#offset });
    await this.#write(Buffer.from("PK\x03\x04", "latin1"), common, nameBytes, packed);
  }

  /** The central directory, without which it is no zip. */
  async finish(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#written) await this.#write(...directoryEntry(entry));
    const end = Buffer.alloc(END_RECORD_BYTES);
    end.write("PK\x05\x06", "latin1");
    end.writeUInt16LE(this.#written.length, 8);
    end.writeUInt16LE(this.#written.length, 10);
    end.writeUInt32LE(this.#offset - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#write(end);
  }

  async #write(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#offset += part.length;
      if (this.#offset > MAX_OFFSET) throw new RangeError("a zip of this form ends at 4 GiB");
      await this.#file.writeFile(part);
    }
  }
}

function directoryEntry({ name, common, offset }: Written): Buffer[] {
  const head = Buffer.alloc(DIRECTORY_ENTRY_BYTES);
  head.write("PK\x01\x02", "latin1");
  head.writeUInt16LE(MADE_BY_UNIX, 4);
  common.copy(head, 6);
  head.writeUInt32LE(FILE_MODE * 0x1_0000, 38);
  head.writeUInt32LE(offset, 42);
  return [head, name];
}

/** Section 4.4.6: two seconds a step, no time zone; local time of Shanghai, as everywhere people read. */
function dosTime(at: EpochMs): { date: number; time: number } {
  const local = new Date(at + 8 * 3_600_000);
  return {
    date: ((local.getUTCFullYear() - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate(),
    time: (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1),
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

/** CRC-32 as zip has it (ISO 3309); Node's own came with 20.15 only. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffff_ffff) >>> 0;
}

import { equalBytes } from "./bytes.ts";
import { ambiguous, cutOff } from "./zip-refusal.ts";

/** APPNOTE.TXT, section 4.3.7. */
const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
/** Info-ZIP's Unicode path (4.6.9): a second name, which some programs take instead of the first. */
const UNICODE_PATH = { id: 0x7075, headBytes: 5 };
/** Section 4.4.4: encrypted in one of three ways (bits 0, 6, 13), or sizes and checksum only behind the content (bit 3). */
const REFUSED_FLAGS = (1 << 0) | (1 << 3) | (1 << 6) | (1 << 13);

/** What the central directory says of an entry. */
export interface DirectoryRecord {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly extra: Uint8Array;
  readonly flags: number;
  /** 0 stored, 8 deflated; others exist. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
  /** A symbolic link of Unix, which an unpacking program would make. */
  readonly isLink: boolean;
}

/**
 * The packed content of each entry. Programs go by the directory or from one local header to the next, so both have to
 * lead to the same: the entries lie one behind the other from the first byte to the directory, with nothing between,
 * and each header says of its content what the directory says.
 *
 * @param start where the directory begins
 * @throws ZipRefusal
 */
export function contentOf(
  bytes: Uint8Array,
  records: readonly DirectoryRecord[],
  start: number,
): Map<DirectoryRecord, Uint8Array> {
  const content = new Map<DirectoryRecord, Uint8Array>();
  let at = 0;
  for (const record of [...records].sort((a, b) => a.offset - b.offset)) {
    const packed = packedAt(bytes, record, start);
    if (record.offset !== at)
      throw ambiguous(`there are bytes before ${record.name} that belong to no file, or to two`, record.name);
    at = packed.end;
    content.set(record, packed.bytes);
  }
  if (at !== start) throw ambiguous("there are bytes before the zip's directory that belong to no file");
  return content;
}

function packedAt(
  bytes: Uint8Array,
  record: DirectoryRecord,
  limit: number,
): { readonly bytes: Uint8Array; readonly end: number } {
  const { name, offset } = record;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getUint16(offset + at, true);
  const long = (at: number) => view.getUint32(offset + at, true);
  if (offset + LOCAL_HEADER.bytes > limit || long(0) !== LOCAL_HEADER.signature) throw cutOff();
  const extraAt = offset + LOCAL_HEADER.bytes + word(26);
  const from = extraAt + word(28);
  const end = from + record.packedBytes;
  if (from > limit) throw cutOff();
  const differs = (what: string) =>
    ambiguous(`${name} has another ${what} where its content begins than in the zip's directory`, name);
  if (!equalBytes(bytes.subarray(offset + LOCAL_HEADER.bytes, extraAt), record.nameBytes))
    throw differs("name");
  if ((record.flags & REFUSED_FLAGS) !== 0)
    throw ambiguous(
      `${name} is encrypted, or its size stands only behind its content: pack the files anew, or check them unpacked`,
      name,
    );
  if (word(6) !== record.flags) throw differs("set of flags");
  if (word(8) !== record.method) throw differs("packing method");
  if (long(14) !== record.crc) throw differs("checksum");
  if (long(18) !== record.packedBytes || long(22) !== record.sizeBytes) throw differs("size");
  for (const extra of [record.extra, bytes.subarray(extraAt, from)])
    if (hasSecondName(extra, record.nameBytes)) throw differs("name in its extra field");
  if (end > limit) throw cutOff();
  return { bytes: bytes.subarray(from, end), end };
}

/** Whether an extra field (section 4.5.1) gives the entry another name than its header. */
function hasSecondName(extra: Uint8Array, nameBytes: Uint8Array): boolean {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    const name = extra.subarray(at + 4 + UNICODE_PATH.headBytes, end);
    if (view.getUint16(at, true) === UNICODE_PATH.id && !equalBytes(name, nameBytes)) return true;
    at = end;
  }
  return false;
}

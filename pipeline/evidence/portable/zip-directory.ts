import { contentOf, type DirectoryRecord } from "./zip-content.ts";
import { ambiguous, cutOff, ZipRefusal } from "./zip-refusal.ts";

const MAX_ENTRIES = 256;

/** APPNOTE.TXT, sections 4.3.12 and 4.3.16. */
const DIRECTORY_ENTRY = { signature: 0x02014b50, bytes: 46 };
const END_RECORD = { signature: 0x06054b50, bytes: 22, maxCommentBytes: 0xffff };

/** One entry of a zip, not yet unpacked. */
export interface ZipEntry extends Pick<DirectoryRecord, "name" | "method" | "isLink" | "sizeBytes"> {
  readonly packed: Uint8Array;
}

/**
 * The entries of a zip (APPNOTE.TXT 6.3), in the order of its central directory. Any program must find the same files
 * in it, however it reads.
 *
 * @throws ZipRefusal for more than 256 entries and for what is damaged or ambiguous
 */
export function readDirectory(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const start = view.getUint32(end + 16, true);
  for (let at = start; at < view.byteLength - 3; at += 1)
    if (at !== end && view.getUint32(at, true) === END_RECORD.signature)
      throw ambiguous("the zip has more than one end");
  const records = readRecords(bytes, view, start, end);
  const content = contentOf(bytes, records, start);
  return records.map((record) => {
    const { name, method, isLink, sizeBytes } = record;
    return { name, method, isLink, sizeBytes, packed: content.get(record) ?? new Uint8Array() };
  });
}

function readRecords(bytes: Uint8Array, view: DataView, start: number, end: number): DirectoryRecord[] {
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES)
    throw new ZipRefusal("too_many_entries", `the zip has more than ${MAX_ENTRIES} entries`);
  const records: DirectoryRecord[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (at + DIRECTORY_ENTRY.bytes > end || view.getUint32(at, true) !== DIRECTORY_ENTRY.signature)
      throw cutOff();
    const nameAt = at + DIRECTORY_ENTRY.bytes;
    const extraAt = nameAt + view.getUint16(at + 28, true);
    const commentAt = extraAt + view.getUint16(at + 30, true);
    const nameBytes = bytes.subarray(nameAt, extraAt);
    records.push({
      name: new TextDecoder().decode(nameBytes),
      nameBytes,
      extra: bytes.subarray(extraAt, commentAt),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
      isLink: (view.getUint16(at + 40, true) & 0xf000) === 0xa000,
    });
    at = commentAt + view.getUint16(at + 32, true);
  }
  if (at !== end) throw cutOff();
  return records;
}

/** The record that ends the file, comment included; nothing may stand behind it. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_RECORD.bytes;
  for (let at = last; at >= 0 && at >= last - END_RECORD.maxCommentBytes; at -= 1)
    if (
      view.getUint32(at, true) === END_RECORD.signature &&
      view.getUint16(at + 20, true) === view.byteLength - at - END_RECORD.bytes
    )
      return at;
  throw cutOff();
}

/** Whether an entry's name stays inside the folder it is unpacked into, on every system, and is no trick on a screen. */
export function isSafeZipName(name: string): boolean {
  if (name === "" || name.startsWith("/") || name.includes("\\") || /\p{Cc}/u.test(name)) return false;
  if (/^[A-Za-z]:/.test(name)) return false;
  return name
    .replace(/\/$/, "")
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== "..");
}

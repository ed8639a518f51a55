import { ed25519 } from "@noble/curves/ed25519";
import { sha256 } from "@noble/hashes/sha2";
import {
  BUNDLE_FOLDERS,
  type BundleEntry,
  type BundleSource,
  type FileDigest,
} from "../../pipeline/evidence/bundle-source.ts";
import { toHex } from "../../pipeline/evidence/portable/bytes.ts";
import { Sm3 } from "../../pipeline/evidence/portable/sm3.ts";
import {
  MAX_ZIP_BYTES,
  openZipBytes,
  refusedZip,
  zipTooBig,
} from "../../pipeline/evidence/portable/unzip.ts";
import type { VerifyCrypto } from "../../pipeline/evidence/portable/verify-crypto.ts";
import type { PlacedFile } from "./messages.ts";

/** The same library in every browser: WebCrypto has Ed25519 in some only, and answers later instead of at once. */
export const browserCrypto: VerifyCrypto = {
  sha256,
  isEd25519SignatureGood: (publicKey, message, signature) => {
    try {
      // Strict, as OpenSSL is: ZIP 215 would take spellings that RFC 8032 does not.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      // No point of the curve, or not 64 bytes.
      return false;
    }
  },
};

/** After so many bytes the progress bar moves. */
const PIECE_BYTES = 2 * 1024 * 1024;

/** A page opened from a disk may be without WebCrypto; then the library does it, slower. */
async function digestBytes(
  bytes: Uint8Array,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<FileDigest> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  const hash =
    subtle === undefined ? sha256(bytes) : await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const sm3 = new Sm3();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    sm3.update(piece);
    onBytes(piece.length);
  }
  return { sha256: toHex(new Uint8Array(hash)), sm3: toHex(sm3.digest()), sizeBytes: bytes.length };
}

/** A zip that somebody dropped on the page. */
export async function openZipFile(file: File): Promise<BundleSource> {
  if (file.size > MAX_ZIP_BYTES) return refusedZip(zipTooBig());
  return openZipBytes(await bytesOf(file), digestBytes);
}

/** A folder that somebody chose. What lies in folders that no bundle has is named by the folder, as on a disk. */
export function openFiles(files: readonly PlacedFile[]): BundleSource {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const entries = new Map<string, BundleEntry>();
  for (const [path, file] of byPath) {
    const top = path.slice(0, Math.max(path.indexOf("/"), 0));
    const entry: BundleEntry =
      top === "" || BUNDLE_FOLDERS.includes(top)
        ? { path, kind: "file", sizeBytes: file.size }
        : { path: top, kind: "folder", sizeBytes: 0 };
    entries.set(entry.path, entry);
  }
  const read = async (path: string) => {
    const file = byPath.get(path);
    return file === undefined ? new Uint8Array() : bytesOf(file);
  };
  return {
    entries: [...entries.values()],
    problems: [],
    read,
    digest: async (path, onBytes) => digestBytes(await read(path), onBytes),
  };
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

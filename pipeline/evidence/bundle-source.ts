/** One thing inside a bundle. Paths are relative, with `/`. */
export interface BundleEntry {
  readonly path: string;
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
}

/** Something that is not as it was sealed. `code` is stable and for programs, `message` for people. */
export interface Problem {
  readonly code: string;
  /** Path inside the bundle. */
  readonly file?: string;
  readonly message: string;
}

/** Size and hashes of one file, all of the same bytes. */
export interface FileDigest {
  /** 64 lower-case hex digits (FIPS 180-4). */
  readonly sha256: string;
  /** 64 lower-case hex digits (GB/T 32905-2016). */
  readonly sm3: string;
  readonly sizeBytes: number;
}

/**
 * Read access to a bundle, whatever it lies in: folder, zip, store, a file dropped on a page. Knows nothing of Node, so
 * that the same checks run everywhere.
 */
export interface BundleSource {
  readonly entries: readonly BundleEntry[];
  /** What is wrong with the container itself. */
  readonly problems: readonly Problem[];
  read(path: string): Promise<Uint8Array>;
  /** @param onBytes called while a large file is read, with how many bytes more are done; a source may leave it */
  digest(path: string, onBytes?: (bytes: number) => void): Promise<FileDigest>;
}

/** Folders a bundle has; whatever lies in any other is not looked at, only named. */
export const BUNDLE_FOLDERS: readonly string[] = ["originals", "masked"];

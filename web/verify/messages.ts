import type { VerifyResult } from "../../pipeline/evidence/portable/verify-source.ts";

/** A file and where it lies, relative to the folder that was chosen. */
export interface PlacedFile {
  readonly path: string;
  readonly file: File;
}

/** What the page asks of its worker. */
export interface CheckRequest {
  readonly bundle: { readonly zip: File } | { readonly folder: readonly PlacedFile[] };
  /** Public keys (PEM) to compare with; null when none were given. */
  readonly trustedKeys: readonly string[] | null;
}

/** A masked picture or clip of an intact bundle, to be shown. */
export interface Exhibit {
  readonly path: string;
  readonly kind: "picture" | "clip";
  readonly content: Blob;
}

/** What the worker answers: any number of `progress`, then one of the others. */
export type CheckReply =
  | { readonly type: "progress"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly type: "verdict"; readonly result: VerifyResult; readonly exhibits: readonly Exhibit[] }
  | { readonly type: "no_bundle" }
  | { readonly type: "failed"; readonly message: string };

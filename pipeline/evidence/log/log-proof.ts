import { z } from "zod";
import type { Problem } from "../bundle-source.ts";
import { canonicalText, parseJsonBytes } from "../canonical-json.ts";
import { equalBytes, fromBase64, toHex, utf8 } from "../portable/bytes.ts";
import type { VerifyCrypto } from "../portable/verify-crypto.ts";
import { checkpointSchema, hashHex } from "./checkpoint.ts";
import { entryBytes, logEntrySchema } from "./entry.ts";
import { signatureProblems } from "./signed-document.ts";
import { leafHash } from "./tree.ts";
import { rootFromInclusion } from "./verify-proof.ts";

/** The file's name beside a bundle. */
export const LOG_PROOF_FILE = "log-proof.json";

/** log-proof.json: that one entry is in the log which a checkpoint is of. */
export const logProofSchema = z.strictObject({
  schema: z.literal("forewarn-log-proof/1"),
  entry: logEntrySchema,
  index: z.int().min(0),
  leafHash: hashHex,
  /** Inclusion proof (RFC 6962, section 2.1.1), from the leaf upwards. */
  proof: z.array(hashHex).max(64),
  checkpoint: checkpointSchema,
  /** RFC 3161 token over the canonical checkpoint, base64 DER; null when no authority has stamped it. */
  timestamp: z.base64().max(40_000).nullable(),
});

export type LogProof = z.infer<typeof logProofSchema>;

export function logProofBytes(proof: LogProof): Uint8Array {
  return utf8(canonicalText(proof));
}

export interface LogProofExpectation {
  /** Of the manifest.json that lies beside; undefined: it is of any. */
  readonly manifestSha256?: string;
  readonly bundleId?: string;
  /** PEM; without them it is not asked whose key signed the checkpoint. */
  readonly trustedKeys?: readonly string[];
}

/**
 * What is wrong with a log-proof.json, each with a stable code; nothing when it proves that the entry is in the
 * signed log and tells of this bundle. The timestamp is not looked into (`verifyTimestamp` does that). Pure, and the
 * same in Node, in a browser and in a script.
 */
export function verifyLogProof(
  file: Uint8Array,
  expected: LogProofExpectation,
  crypto: VerifyCrypto,
): Problem[] {
  const read = readLogProof(file);
  if (read.proof === undefined) return read.problems;
  const { proof } = read;
  return [
    ...read.problems,
    ...entryProblems(proof, expected),
    ...treeProblems(proof, crypto),
    ...signatureProblems(proof.checkpoint, "checkpoint", expected.trustedKeys, crypto),
  ].map((problem) => ({ file: LOG_PROOF_FILE, ...problem }));
}

/** The document, or why it is none; never throws for what is in it. */
export function readLogProof(file: Uint8Array): { proof: LogProof | undefined; problems: Problem[] } {
  const problem = (code: string, message: string): Problem => ({
    ...{ code: `log.proof_${code}`, file: LOG_PROOF_FILE },
    message: `${LOG_PROOF_FILE} ${message}`,
  });
  let json: unknown;
  try {
    json = parseJsonBytes(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { proof: undefined, problems: [problem("unreadable", `is not readable JSON (${why})`)] };
  }
  const parsed = logProofSchema.safeParse(json);
  if (!parsed.success)
    return {
      proof: undefined,
      problems: parsed.error.issues.map((issue) =>
        problem("invalid", `is no log proof: ${issue.path.join(".") || "whole document"}: ${issue.message}`),
      ),
    };
  const isCanonical = equalBytes(logProofBytes(parsed.data), file);
  return {
    proof: parsed.data,
    problems: isCanonical
      ? []
      : [problem("not_canonical", "is not in canonical form (RFC 8785): it was edited or written anew")],
  };
}

function* entryProblems({ entry }: LogProof, expected: LogProofExpectation): Generator<Problem> {
  const { manifestSha256, bundleId } = expected;
  if (manifestSha256 !== undefined && entry.manifestSha256 !== manifestSha256)
    yield {
      code: "log.manifest_mismatch",
      message: `the entry tells of another manifest: sha256 ${entry.manifestSha256}, manifest.json has ${manifestSha256}`,
    };
  if (bundleId !== undefined && entry.bundleId !== bundleId)
    yield {
      code: "log.bundle_mismatch",
      message: `the entry tells of bundle ${entry.bundleId}, this is ${bundleId}`,
    };
}

function* treeProblems(document: LogProof, { sha256 }: VerifyCrypto): Generator<Problem> {
  const { index, checkpoint } = document;
  const leaf = leafHash(sha256, entryBytes(document.entry));
  if (toHex(leaf) !== document.leafHash)
    yield {
      code: "log.leaf_mismatch",
      message: `leafHash is ${document.leafHash}, but the entry has ${toHex(leaf)}: one of them was changed`,
    };
  if (index >= checkpoint.size) {
    yield {
      code: "log.index_beyond_checkpoint",
      message: `entry ${index} is not among the ${checkpoint.size} of the checkpoint`,
    };
    return;
  }
  const root = rootFromInclusion(sha256, {
    leafHash: leaf,
    ...{ index, size: checkpoint.size },
    proof: document.proof.map(bytesOfHex),
  });
  if (root === undefined || toHex(root) !== checkpoint.rootHash)
    yield {
      code: "log.inclusion_invalid",
      message: `the proof does not lead from entry ${index} to the checkpoint's root: the entry is not in that log, or the proof or the checkpoint was changed`,
    };
}

/** The token's bytes; undefined when there is none. */
export function timestampOf({ timestamp }: LogProof): Uint8Array | undefined {
  return timestamp === null ? undefined : fromBase64(timestamp);
}

/** Of whole bytes of lower-case hex digits, as the schema has made sure. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}

import { AppError } from "../pipeline/domain/errors.ts";
import { parseJsonBytes } from "../pipeline/evidence/canonical-json.ts";
import type { Checkpoint } from "../pipeline/evidence/log/checkpoint.ts";
import { type LogEntryKind, logEntrySchema } from "../pipeline/evidence/log/entry.ts";
import type { LogProof } from "../pipeline/evidence/log/log-proof.ts";
import { leafHash } from "../pipeline/evidence/log/tree.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { toHex } from "../pipeline/evidence/portable/bytes.ts";
import { checkpointOf, findCheckpointOver } from "./checkpoint-read-model.ts";
import { findFirstLogEntry, inclusionProof } from "./evidence-log-read-model.ts";
import type { Queryable } from "./pool.ts";

/** Nothing in the log can be proved of this bundle, or not yet. */
export class NoLogProofError extends AppError {
  readonly code = "log.no_proof";
}

/**
 * The document that proves a bundle's first entry to be in the signed log: that of its collection, or the first of
 * any kind. It is proved in the oldest checkpoint over it, one with a timestamp if there is any.
 *
 * @throws NoLogProofError when the log has no entry of it, or no checkpoint over that entry
 */
export async function proveBundle(
  db: Queryable,
  bundleId: string,
  kind: LogEntryKind = "collected",
): Promise<LogProof> {
  const stored = (await findFirstLogEntry(db, bundleId, kind)) ?? (await findFirstLogEntry(db, bundleId));
  if (stored === undefined)
    throw new NoLogProofError(
      `The evidence log has no entry of bundle ${bundleId}. Is it of this installation?`,
    );
  const over = await findCheckpointOver(db, stored.index);
  if (over === undefined)
    throw new NoLogProofError(
      `Entry ${stored.index} of bundle ${bundleId} is not yet under a checkpoint: run "forewarn log checkpoint", or wait for the next one.`,
    );
  const checkpoint: Checkpoint = checkpointOf(over);
  const proof = await inclusionProof(db, stored.index, checkpoint.size);
  return {
    schema: "forewarn-log-proof/1",
    entry: logEntrySchema.parse(parseJsonBytes(stored.entry)),
    index: stored.index,
    leafHash: toHex(leafHash(nodeCrypto.sha256, stored.entry)),
    proof: proof.map(toHex),
    checkpoint,
    timestamp: over.token === null ? null : Buffer.from(over.token).toString("base64"),
  };
}

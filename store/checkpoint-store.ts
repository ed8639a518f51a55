import { AppError } from "../pipeline/domain/errors.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Problem } from "../pipeline/evidence/bundle-source.ts";
import { type Checkpoint, checkpointBytes, signCheckpoint } from "../pipeline/evidence/log/checkpoint.ts";
import { signatureProblems } from "../pipeline/evidence/log/signed-document.ts";
import { EMPTY_FRONTIER, type Frontier, rootOf } from "../pipeline/evidence/log/tree.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { toHex } from "../pipeline/evidence/portable/bytes.ts";
import type { SiteKey } from "../pipeline/evidence/site-key.ts";
import { checkpointOf, findLastCheckpoint } from "./checkpoint-read-model.ts";
import { frontierAt, logOrigin, logSize } from "./evidence-log-read-model.ts";
import { walkLog } from "./evidence-log-walk.ts";
import type { Queryable, Tx } from "./pool.ts";

/** The log is not the one that was signed before: nothing is signed until a person has looked. */
export class CheckpointRefusedError extends AppError {
  readonly code = "log.checkpoint_refused";

  constructor(problem: Problem) {
    super(
      `No checkpoint was signed: ${problem.message}. Run "forewarn log check", and restore the database from a backup that agrees with the last checkpoint.`,
      { details: problem },
    );
  }
}

/** The newest checkpoint, and how it came about. */
export interface MadeCheckpoint {
  readonly checkpoint: Checkpoint;
  /** False when the last one covers everything or is young. */
  readonly isNew: boolean;
  /** The instant of the last one where that lies ahead of us: this machine's clock was wrong then, or is now. */
  readonly lastAhead: string | null;
}

/**
 * Signs a checkpoint over all entries there are, after making sure that they go on from the last one: its root is
 * found again, and every entry since has the hashes it should. One at a time, whoever asks.
 *
 * @param tx holds a lock until it ends; appending goes on beside it
 * @param minAgeMs while the last checkpoint is younger, none is made; one that is dated after `at` says nothing of its age
 * @returns undefined while the log is empty
 * @throws CheckpointRefusedError
 */
export async function makeCheckpoint(
  tx: Tx,
  key: SiteKey,
  at: EpochMs,
  minAgeMs = 0,
): Promise<MadeCheckpoint | undefined> {
  await tx.query(
    "select pg_advisory_xact_lock('pg_class'::regclass::oid::int, 'log_checkpoints'::regclass::oid::int)",
  );
  const stored = await findLastCheckpoint(tx);
  const last = stored === undefined ? undefined : checkpointOf(stored);
  const ageMs = last === undefined ? null : at - Date.parse(last.at);
  const lastAhead = last !== undefined && ageMs !== null && ageMs < 0 ? last.at : null;
  const isYoung = ageMs !== null && ageMs >= 0 && ageMs < minAgeMs;
  if (last !== undefined && isYoung) return { checkpoint: last, isNew: false, lastAhead };
  const size = await logSize(tx);
  if (last !== undefined && last.size === size) return { checkpoint: last, isNew: false, lastAhead };
  const origin = await logOrigin(tx);
  const frontier = await extended(tx, last, size, origin);
  if (size === 0) return undefined;
  const checkpoint = signCheckpoint({ origin, size, root: rootOf(nodeCrypto.sha256, frontier), at }, key);
  await tx.query("insert into log_checkpoints (size, document, at) values ($1, $2, $3)", [
    size,
    checkpointBytes(checkpoint),
    new Date(at),
  ]);
  return { checkpoint, isNew: true, lastAhead };
}

/** The tree of `size` entries, grown from the last checkpoint's. */
async function extended(
  db: Queryable,
  last: Checkpoint | undefined,
  size: number,
  origin: string,
): Promise<Frontier> {
  let frontier = last === undefined ? EMPTY_FRONTIER : await signedFrontier(db, last, size, origin);
  for await (const step of walkLog(db, frontier, size)) {
    const [problem] = step.problems;
    if (problem !== undefined) throw new CheckpointRefusedError(problem);
    frontier = step.frontier;
  }
  return frontier;
}

async function signedFrontier(
  db: Queryable,
  last: Checkpoint,
  size: number,
  origin: string,
): Promise<Frontier> {
  const refuse = (code: string, message: string) =>
    new CheckpointRefusedError({ code: `log.${code}`, message });
  const [problem] = signatureProblems(last, "checkpoint", undefined, nodeCrypto);
  if (problem !== undefined) throw new CheckpointRefusedError(problem);
  if (last.origin !== origin)
    throw refuse("other_origin", `the last checkpoint is of the log ${last.origin}, this is ${origin}`);
  if (last.size > size)
    throw refuse("entries_missing", `the last checkpoint is over ${last.size} entries, the log has ${size}`);
  const frontier = { size: last.size, hashes: await frontierAt(db, last.size) };
  if (toHex(rootOf(nodeCrypto.sha256, frontier)) !== last.rootHash)
    throw refuse("root_mismatch", `the first ${last.size} entries are not those the last checkpoint signed`);
  return frontier;
}

/** Keeps an authority's token; a checkpoint that has one keeps the first. */
export async function recordTimestamp(
  db: Queryable,
  size: number,
  stamp: { readonly token: Uint8Array; readonly at: string },
): Promise<void> {
  await db.query("insert into log_timestamps (size, token, at) values ($1, $2, $3) on conflict do nothing", [
    size,
    stamp.token,
    new Date(stamp.at),
  ]);
}

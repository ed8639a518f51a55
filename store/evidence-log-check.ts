import type { X509Certificate } from "node:crypto";
import type pg from "pg";
import type { LogProblem } from "../pipeline/evidence/log/check-entry.ts";
import { type Checkpoint, checkpointBytes } from "../pipeline/evidence/log/checkpoint.ts";
import { signatureProblems } from "../pipeline/evidence/log/signed-document.ts";
import { EMPTY_FRONTIER, type Frontier, rootOf } from "../pipeline/evidence/log/tree.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { equalBytes, toHex } from "../pipeline/evidence/portable/bytes.ts";
import { type TimestampVerdict, verifyTimestamp } from "../pipeline/evidence/timestamp/verify-token.ts";
import {
  listCheckpoints,
  listStrayTimestamps,
  readCheckpoint,
  type StoredCheckpoint,
} from "./checkpoint-read-model.ts";
import { logOrigin, logSize } from "./evidence-log-read-model.ts";
import { walkLog } from "./evidence-log-walk.ts";
import { type Queryable, withTx } from "./pool.ts";

const CHECKPOINTS_AT_ONCE = 500;

export interface LogCheckOptions {
  /** PEM; without them it is not asked whose key signed the checkpoints. */
  readonly trustedKeys?: readonly string[];
  /** Without them it is not asked whose timestamps they are. */
  readonly authorities?: readonly X509Certificate[];
  /** Called after each entry, with how many there are: for a progress bar. */
  readonly onEntry?: (done: number, total: number) => void;
}

export interface LogCheck {
  readonly origin: string;
  readonly size: number;
  /** Of everything, as recomputed from the entries; null when some are missing. */
  readonly rootHash: string | null;
  readonly checkpoints: number;
  /** Timestamps by whether their authority is trusted. */
  readonly timestamps: Readonly<Record<TimestampVerdict["trust"], number>>;
  readonly problems: readonly LogProblem[];
}

/**
 * Recomputes the whole log: every entry's hash, the tree over them, and at each checkpoint its root, signature and
 * timestamp. Names the entry where something is wrong. Looks at one state of the database while others go on writing.
 */
export async function checkLog(pool: pg.Pool, options: LogCheckOptions = {}): Promise<LogCheck> {
  return withTx(pool, async (tx) => {
    await tx.query("set transaction isolation level repeatable read, read only");
    return new Check(tx, options).run();
  });
}

class Check {
  readonly #db: Queryable;
  readonly #options: LogCheckOptions;
  readonly #problems: LogProblem[] = [];
  readonly #timestamps = { trusted: 0, untrusted: 0, not_checked: 0 };
  #checkpoints = 0;
  /** Size of the last checkpoint whose root was found again: a change lies after it. */
  #proven = 0;

  constructor(db: Queryable, options: LogCheckOptions) {
    this.#db = db;
    this.#options = options;
  }

  async run(): Promise<LogCheck> {
    const origin = await logOrigin(this.#db);
    const size = await logSize(this.#db);
    let frontier = EMPTY_FRONTIER;
    let pending = await this.#checkpointsAfter(0);
    for await (const step of walkLog(this.#db, frontier, size)) {
      this.#problems.push(...step.problems);
      frontier = step.frontier;
      this.#options.onEntry?.(frontier.size, size);
      const [next] = pending;
      if (next?.size !== frontier.size) continue;
      await this.#checkpoint(next, origin, frontier);
      pending = pending.length > 1 ? pending.slice(1) : await this.#checkpointsAfter(next.size);
    }
    for (; pending.length > 0; pending = await this.#checkpointsAfter(pending.at(-1)?.size ?? 0))
      for (const beyond of pending) await this.#checkpoint(beyond, origin, undefined);
    for (const stray of await listStrayTimestamps(this.#db))
      this.#found(
        "timestamp_stray",
        `there is a timestamp of a checkpoint over ${stray} entries, but no such checkpoint`,
      );
    return {
      ...{ origin, size },
      rootHash: frontier.size === size ? toHex(rootOf(nodeCrypto.sha256, frontier)) : null,
      checkpoints: this.#checkpoints,
      timestamps: this.#timestamps,
      problems: this.#problems,
    };
  }

  /** @param frontier of as many entries; undefined when the log has not so many, or not all of them */
  async #checkpoint(stored: StoredCheckpoint, origin: string, frontier: Frontier | undefined): Promise<void> {
    this.#checkpoints += 1;
    const { size } = stored;
    const checkpoint = readCheckpoint(stored.document);
    if (checkpoint === undefined || !equalBytes(checkpointBytes(checkpoint), stored.document)) {
      this.#found("checkpoint_unreadable", `the checkpoint over ${size} entries is damaged`);
      return;
    }
    this.#add(signatureProblems(checkpoint, "checkpoint", this.#options.trustedKeys, nodeCrypto), size);
    if (checkpoint.origin !== origin)
      this.#found(
        "other_origin",
        `the checkpoint over ${size} entries is of the log ${checkpoint.origin}, this is ${origin}`,
      );
    if (checkpoint.size !== size)
      this.#found(
        "checkpoint_size_changed",
        `the checkpoint stored for ${size} entries is over ${checkpoint.size}`,
      );
    this.#compareRoot(checkpoint, frontier);
    await this.#timestamp(stored);
  }

  #compareRoot({ size, rootHash }: Checkpoint, frontier: Frontier | undefined): void {
    if (frontier === undefined) {
      this.#found(
        "entries_missing",
        `a checkpoint is over ${size} entries, the log no longer holds all of them`,
      );
      return;
    }
    if (toHex(rootOf(nodeCrypto.sha256, frontier)) === rootHash) this.#proven = size;
    else
      this.#found(
        "root_mismatch",
        `the first ${size} entries are not those that the checkpoint signed: something in entries ${this.#proven} to ${size - 1} was changed, hashes and all`,
      );
  }

  async #timestamp({ size, document, token, stampedAt }: StoredCheckpoint): Promise<void> {
    if (token === null) return;
    const { authorities } = this.#options;
    const verdict = await verifyTimestamp(token, document, authorities === undefined ? {} : { authorities });
    this.#timestamps[verdict.trust] += 1;
    this.#add(verdict.problems, size);
    if (verdict.at !== null && stampedAt !== verdict.at)
      this.#found(
        "timestamp_column_changed",
        `the time stored with the timestamp over ${size} entries is not the token's`,
      );
  }

  #checkpointsAfter(size: number): Promise<StoredCheckpoint[]> {
    return listCheckpoints(this.#db, size, CHECKPOINTS_AT_ONCE);
  }

  #add(problems: readonly { readonly code: string; readonly message: string }[], size: number): void {
    for (const { code, message } of problems)
      this.#problems.push({ code, index: null, message: `checkpoint over ${size} entries: ${message}` });
  }

  #found(code: string, message: string): void {
    this.#problems.push({ code: `log.${code}`, index: null, message });
  }
}

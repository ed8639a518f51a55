import type pg from "pg";
import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Checkpoint } from "../pipeline/evidence/log/checkpoint.ts";
import type { SiteKey } from "../pipeline/evidence/site-key.ts";
import { listUnstamped } from "./checkpoint-read-model.ts";
import { makeCheckpoint, recordTimestamp } from "./checkpoint-store.ts";
import { withTx } from "./pool.ts";

/** An authority that is back after a long time is not asked everything at once. */
const STAMPS_AT_ONCE = 50;

/** Has an authority say that the message exists now. Rejects when it does not. */
export type Stamp = (message: Uint8Array) => Promise<{ readonly token: Uint8Array; readonly at: string }>;

export interface RoundOptions {
  readonly siteKey: SiteKey;
  readonly now: EpochMs;
  /** While the last checkpoint is younger, none is made. */
  readonly minAgeMs: number;
  /** Undefined: no authority is configured, checkpoints stay unstamped. */
  readonly stamp: Stamp | undefined;
}

export interface RoundResult {
  /** The newest; undefined while the log is empty. */
  readonly checkpoint: Checkpoint | undefined;
  readonly isNew: boolean;
  /** The instant of the checkpoint before, where that lies ahead of us; a person has to look at the clocks. */
  readonly lastAhead: string | null;
  /** Timestamps that came in this round. */
  readonly stamped: number;
  /** Why the authority gave none, if so: what is unstamped waits for the next round. */
  readonly stampError: unknown;
}

/**
 * Makes a checkpoint when one is due and has an authority stamp what is not yet stamped. May be run by any number of
 * workers at once and be killed at any instant: the next round finds what is left.
 *
 * @throws CheckpointRefusedError when the log is not the one that was signed before
 */
export async function checkpointRound(pool: pg.Pool, options: RoundOptions): Promise<RoundResult> {
  const { siteKey, now, minAgeMs, stamp } = options;
  const made = await withTx(pool, (tx) => makeCheckpoint(tx, siteKey, now, minAgeMs));
  const stamps = stamp === undefined ? { stamped: 0, stampError: undefined } : await stampAll(pool, stamp);
  const { checkpoint, isNew = false, lastAhead = null } = made ?? {};
  return { checkpoint, isNew, lastAhead, ...stamps };
}

async function stampAll(pool: pg.Pool, stamp: Stamp): Promise<{ stamped: number; stampError: unknown }> {
  let stamped = 0;
  for (const { size, document } of await listUnstamped(pool, STAMPS_AT_ONCE)) {
    let answer: Awaited<ReturnType<Stamp>>;
    try {
      answer = await stamp(document);
    } catch (stampError) {
      // The others would fare no better.
      return { stamped, stampError };
    }
    await recordTimestamp(pool, size, answer);
    stamped += 1;
  }
  return { stamped, stampError: undefined };
}

import { TimestampError } from "../../pipeline/evidence/timestamp/errors.ts";
import { configuredStamp } from "../../runtime/timestamp-authority.ts";
import { checkpointRound, type RoundResult } from "../../store/checkpoint-round.ts";
import { CheckpointRefusedError } from "../../store/checkpoint-store.ts";
import type { WorkerContext } from "../context.ts";

const MINUTE_MS = 60_000;

/**
 * Signs a checkpoint of the evidence log when one is due, and has the configured authority stamp what waits for it.
 * May run as often as one likes and in several workers at once; an authority that is away, or wrongly configured, holds
 * nothing up.
 *
 * @throws CheckpointRefusedError when the log is not the one that was signed before: counted, and logged as an error
 */
export async function makeCheckpoint(context: WorkerContext): Promise<void> {
  const { config, log, pool, clock, desk, metrics } = context;
  try {
    const round = await checkpointRound(pool, {
      siteKey: await desk.siteKey(),
      now: clock.now(),
      minAgeMs: config.checkpointMinutes * MINUTE_MS,
      stamp: configuredStamp(config),
    });
    tell(log, round);
  } catch (error) {
    if (error instanceof CheckpointRefusedError) {
      metrics.logRefused();
      log.error({ err: error }, "evidence log not signed: somebody may have rewritten it");
    }
    throw error;
  }
}

function tell(
  log: WorkerContext["log"],
  { checkpoint, isNew, lastAhead, stamped, stampError }: RoundResult,
): void {
  if (lastAhead !== null)
    log.warn({ lastAhead }, `the evidence log's last checkpoint is dated ${lastAhead}, ahead of this clock`);
  if (isNew) log.info({ size: checkpoint?.size, rootHash: checkpoint?.rootHash }, "evidence log signed");
  if (stamped > 0) log.info({ stamped }, "evidence log timestamped");
  if (stampError === undefined) return;
  // An authority comes back by itself; a certificate that cannot be read waits for a person.
  const level = stampError instanceof TimestampError ? "warn" : "error";
  log[level]({ err: stampError }, "no timestamp for the evidence log; it is asked for again");
}

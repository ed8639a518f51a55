import { checkEntry, type LogProblem } from "../pipeline/evidence/log/check-entry.ts";
import type { Frontier } from "../pipeline/evidence/log/tree.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { readLogEntries } from "./evidence-log-read-model.ts";
import type { Queryable } from "./pool.ts";

const ROWS_AT_ONCE = 1_000;

export interface WalkStep {
  /** Of all entries up to here. */
  readonly frontier: Frontier;
  readonly problems: readonly LogProblem[];
}

/**
 * Goes through the entries after `from` up to `size` in order and checks each against those before it. Ends at the
 * first that is missing, since nothing after it can be placed in the tree.
 */
export async function* walkLog(db: Queryable, from: Frontier, size: number): AsyncGenerator<WalkStep> {
  let frontier = from;
  while (frontier.size < size) {
    const rows = await readLogEntries(db, frontier.size, Math.min(ROWS_AT_ONCE, size - frontier.size));
    if (rows.length === 0) {
      yield missing(frontier, size);
      return;
    }
    for (const row of rows) {
      if (row.index !== frontier.size) {
        yield missing(frontier, Math.min(row.index, size));
        return;
      }
      const checked = checkEntry(nodeCrypto.sha256, frontier, row);
      frontier = checked.frontier;
      yield checked;
    }
  }
}

function missing(frontier: Frontier, end: number): WalkStep {
  const { size } = frontier;
  const which = size === end - 1 ? `entry ${size} is` : `entries ${size} to ${end - 1} are`;
  return { frontier, problems: [{ code: "log.entries_missing", index: size, message: `${which} missing` }] };
}

import type { Problem } from "../bundle-source.ts";
import { parseJsonBytes } from "../canonical-json.ts";
import { equalBytes } from "../portable/bytes.ts";
import { entryBytes, type LogEntry, logEntrySchema } from "./entry.ts";
import { type Frontier, grow, leafHash, type Sha256 } from "./tree.ts";

/** One row of the log as it is stored. */
export interface StoredEntry {
  readonly index: number;
  /** Canonical JSON, UTF-8. */
  readonly entry: Uint8Array;
  /** The leaf's hash, then those of the full subtrees that end with it, smallest first. */
  readonly hashes: readonly Uint8Array[];
  /** ISO 8601, UTC; like the rest, what the log is searched by. */
  readonly at: string;
  readonly kind: string;
  readonly bundleId: string | null;
  readonly manifestSha256: string | null;
}

/** Something wrong with the log. */
export interface LogProblem extends Problem {
  /** Of the entry it was found at; null when it is not about one. */
  readonly index: number | null;
}

/**
 * Checks the next row against the entries before it. Goes on with what the row says, so that one change is named
 * where it is and not at every row after it.
 *
 * @param before of all entries before this one
 */
export function checkEntry(
  sha256: Sha256,
  before: Frontier,
  row: StoredEntry,
): { readonly frontier: Frontier; readonly problems: readonly LogProblem[] } {
  const { index } = row;
  const problems: LogProblem[] = [];
  const found = (code: string, message: string) => problems.push({ code: `log.${code}`, index, message });
  const [leaf = new Uint8Array()] = row.hashes;
  if (equalBytes(leafHash(sha256, row.entry), leaf)) {
    const entry = readEntry(row.entry);
    if (entry === undefined) found("entry_unreadable", `entry ${index} is not a canonical entry of this log`);
    else
      for (const column of columnsThatDiffer(row, entry))
        found(
          "column_changed",
          `${column} of entry ${index} is not what the entry says: the column was changed`,
        );
  } else found("entry_changed", `entry ${index} was changed: its bytes no longer have its hash`);
  const { made, ...grown } = grow(sha256, before, leaf);
  const level = made.findIndex((hash, at) => !equalBytes(hash, row.hashes[at] ?? new Uint8Array()));
  if (level >= 0 || made.length !== row.hashes.length)
    found(
      "hashes_changed",
      `the hash over entries ${index + 1 - 2 ** Math.max(level, 0)} to ${index} does not follow from them: one of them, or the hash, was changed`,
    );
  const last = row.hashes[made.length - 1] ?? made.at(-1) ?? leaf;
  return { frontier: { size: grown.size, hashes: grown.hashes.with(-1, last) }, problems };
}

function readEntry(bytes: Uint8Array): LogEntry | undefined {
  try {
    const parsed = logEntrySchema.safeParse(parseJsonBytes(bytes));
    return parsed.success && equalBytes(entryBytes(parsed.data), bytes) ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function columnsThatDiffer(row: StoredEntry, entry: LogEntry): string[] {
  return (["at", "kind", "bundleId", "manifestSha256"] as const).filter((name) => row[name] !== entry[name]);
}

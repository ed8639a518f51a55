import type { StoredEntry } from "../pipeline/evidence/log/check-entry.ts";
import type { LogEntryKind } from "../pipeline/evidence/log/entry.ts";
import { consistencyRanges, inclusionRanges, type LeafRange } from "../pipeline/evidence/log/proof-ranges.ts";
import {
  foldSubtrees,
  fullSubtrees,
  HASH_BYTES,
  type Sha256,
  type TreeNode,
} from "../pipeline/evidence/log/tree.ts";
import { nodeCrypto } from "../pipeline/evidence/node-crypto.ts";
import { iso } from "./act.ts";
import type { Queryable } from "./pool.ts";

const sha256: Sha256 = nodeCrypto.sha256;

interface Row extends Omit<StoredEntry, "index" | "hashes" | "at"> {
  readonly index: string;
  readonly hashes: Buffer;
  readonly at: Date;
}

const COLUMNS = `log.index, log.entry, log.hashes, log.at, log.kind, log.bundle_id as "bundleId",
  log.manifest_sha256 as "manifestSha256"`;

/** Number of entries. */
export async function logSize(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ size: string }>(
    "select coalesce(max(log.index) + 1, 0) as size from evidence_log as log",
  );
  return Number(rows[0]?.size);
}

/** The log's name, given when its tables were made. */
export async function logOrigin(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ origin: string }>("select origin from evidence_log_origin");
  const [row] = rows;
  if (row === undefined) throw new Error("evidence_log_origin is empty: migration 0009 fills it");
  return row.origin;
}

/** At most `limit` entries from `index` on, oldest first. */
export async function readLogEntries(db: Queryable, index: number, limit: number): Promise<StoredEntry[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from evidence_log as log where log.index >= $1 order by log.index limit $2`,
    [index, limit],
  );
  return rows.map(toEntry);
}

/**
 * The first entry about a bundle, of one kind or of any: the one that proves longest that the bundle is as it is.
 * Undefined when there is none.
 */
export async function findFirstLogEntry(
  db: Queryable,
  bundleId: string,
  kind?: LogEntryKind,
): Promise<StoredEntry | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from evidence_log as log
     where log.bundle_id = $1 and ($2::text is null or log.kind = $2)
     order by log.index limit 1`,
    [bundleId, kind ?? null],
  );
  return rows[0] === undefined ? undefined : toEntry(rows[0]);
}

/** Root of the first `size` entries (RFC 6962, section 2.1), from the hashes that are stored. */
export async function rootAt(db: Queryable, size: number): Promise<Uint8Array> {
  return foldSubtrees(sha256, await frontierAt(db, size));
}

/** Hashes of the full subtrees of the first `size` entries, largest first. */
export async function frontierAt(db: Queryable, size: number): Promise<Uint8Array[]> {
  return readNodes(db, fullSubtrees(0, size));
}

/** Inclusion proof of entry `index` in the log of `size` entries (RFC 6962, section 2.1.1). */
export async function inclusionProof(db: Queryable, index: number, size: number): Promise<Uint8Array[]> {
  return readRanges(db, inclusionRanges(index, size));
}

/** Consistency proof from `older` to `newer` entries (RFC 6962, section 2.1.2). */
export async function consistencyProof(db: Queryable, older: number, newer: number): Promise<Uint8Array[]> {
  return readRanges(db, consistencyRanges(older, newer));
}

async function readRanges(db: Queryable, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const proof: Uint8Array[] = [];
  for (const { start, end } of ranges)
    proof.push(foldSubtrees(sha256, await readNodes(db, fullSubtrees(start, end))));
  return proof;
}

/** Each full subtree's hash stands in the row of its last leaf. */
async function readNodes(db: Queryable, nodes: readonly TreeNode[]): Promise<Uint8Array[]> {
  const { rows } = await db.query<{ hash: Buffer | null }>(
    `select substr(log.hashes, ${HASH_BYTES} * node.level + 1, ${HASH_BYTES}) as hash
     from unnest($1::bigint[], $2::integer[]) with ordinality as node (last, level, place)
     left join evidence_log as log on log.index = node.last
     order by node.place`,
    [nodes.map(({ level, place }) => (place + 1) * 2 ** level - 1), nodes.map(({ level }) => level)],
  );
  return rows.map(({ hash }) => {
    if (hash?.length !== HASH_BYTES)
      throw new Error("the evidence log lacks a hash: run `forewarn log check`");
    return hash;
  });
}

function toEntry(row: Row): StoredEntry {
  const count = row.hashes.length / HASH_BYTES;
  return {
    ...row,
    index: Number(row.index),
    at: iso(row.at),
    hashes: Array.from({ length: Math.ceil(count) }, (_, level) =>
      row.hashes.subarray(HASH_BYTES * level, HASH_BYTES * (level + 1)),
    ),
  };
}

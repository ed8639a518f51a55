import { parseJsonBytes } from "../pipeline/evidence/canonical-json.ts";
import { type Checkpoint, checkpointSchema } from "../pipeline/evidence/log/checkpoint.ts";
import { iso } from "./act.ts";
import type { Queryable } from "./pool.ts";

export interface StoredCheckpoint {
  readonly size: number;
  /** The document, canonical JSON: what a timestamp is of. */
  readonly document: Uint8Array;
  /** RFC 3161, DER; null while no authority has stamped it. */
  readonly token: Uint8Array | null;
  /** By the authority's clock. */
  readonly stampedAt: string | null;
}

interface Row extends Omit<StoredCheckpoint, "size" | "stampedAt"> {
  readonly size: string;
  readonly stampedAt: Date | null;
}

const SELECT = `select checkpoint.size, checkpoint.document, stamp.token, stamp.at as "stampedAt"
  from log_checkpoints as checkpoint left join log_timestamps as stamp on stamp.size = checkpoint.size`;

/** At most `limit` checkpoints over more than `size` entries, smallest first. */
export async function listCheckpoints(
  db: Queryable,
  size: number,
  limit: number,
): Promise<StoredCheckpoint[]> {
  return read(db, `${SELECT} where checkpoint.size > $1 order by checkpoint.size limit $2`, [size, limit]);
}

export async function findLastCheckpoint(db: Queryable): Promise<StoredCheckpoint | undefined> {
  return (await read(db, `${SELECT} order by checkpoint.size desc limit 1`, []))[0];
}

/** The first checkpoint that covers entry `index`: one that was stamped, if any was. */
export async function findCheckpointOver(
  db: Queryable,
  index: number,
): Promise<StoredCheckpoint | undefined> {
  const order = "(stamp.token is null), checkpoint.size";
  return (await read(db, `${SELECT} where checkpoint.size > $1 order by ${order} limit 1`, [index]))[0];
}

/** Checkpoints that no authority has stamped yet, oldest first. */
export async function listUnstamped(db: Queryable, limit: number): Promise<StoredCheckpoint[]> {
  return read(db, `${SELECT} where stamp.size is null order by checkpoint.size limit $1`, [limit]);
}

/** Timestamps of checkpoints that are not there. */
export async function listStrayTimestamps(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ size: string }>(
    `select stamp.size from log_timestamps as stamp
     where not exists (select 1 from log_checkpoints as checkpoint where checkpoint.size = stamp.size)
     order by stamp.size`,
  );
  return rows.map(({ size }) => Number(size));
}

/** @throws Error when what is stored is no checkpoint: `forewarn log check` says more */
export function checkpointOf({ size, document }: StoredCheckpoint): Checkpoint {
  const parsed = readCheckpoint(document);
  if (parsed === undefined)
    throw new Error(`the checkpoint over ${size} entries is damaged: run \`forewarn log check\``);
  return parsed;
}

/** Undefined when it is none. */
export function readCheckpoint(document: Uint8Array): Checkpoint | undefined {
  try {
    return checkpointSchema.safeParse(parseJsonBytes(document)).data;
  } catch {
    return undefined;
  }
}

async function read(db: Queryable, sql: string, values: unknown[]): Promise<StoredCheckpoint[]> {
  const { rows } = await db.query<Row>(sql, values);
  return rows.map((row) => ({
    ...row,
    size: Number(row.size),
    stampedAt: row.stampedAt === null ? null : iso(row.stampedAt),
  }));
}

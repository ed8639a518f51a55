import pg from "pg";
import type { Log } from "../pipeline/domain/ports.ts";

/** What stores need: a pool, or a client inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** A client inside a transaction: stores that lock rows take nothing less. */
export interface Tx extends Queryable {
  readonly inTransaction: true;
}

export interface PoolOptions {
  /** How long a statement waits for somebody else's lock before it fails, see `isBusy`; without it: for ever. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long to wait for a connection. */
  readonly connectTimeoutMs?: number | undefined;
}

/** A connection pool. A dead idle connection is dropped and replaced, with a warning in the log. */
export function createPool(connectionString: string, log?: Log, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: "forewarn",
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    lock_timeout: options.lockTimeoutMs,
  });
  // Without a listener an idle connection's end would end the program.
  pool.on("error", (err) => log?.warn({ err }, "database connection lost, a new one will be made"));
  return pool;
}

const LOCK_NOT_AVAILABLE = "55P03";
/** What pg says when no connection came free, and when the database did not answer in time; neither has a code. */
const NO_CONNECTION = new Set([
  "timeout exceeded when trying to connect",
  "Connection terminated due to connection timeout",
]);

/** Whether the database had no time for it: a lock or a connection did not come free. The transaction wrote nothing. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === LOCK_NOT_AVAILABLE) || NO_CONNECTION.has(error.message);
}

/** Runs `fn` in one transaction: committed when it resolves, rolled back when it throws. */
export async function withTx<Result>(pool: pg.Pool, fn: (tx: Tx) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const onError = (err: Error) => {
    lost = err;
  };
  client.on("error", onError);
  try {
    await client.query("begin");
    const result = await fn(asTx(client));
    await client.query("commit");
    return result;
  } catch (cause) {
    try {
      await client.query("rollback");
    } catch (err) {
      // A client that cannot roll back must not go back into the pool.
      lost ??= err instanceof Error ? err : new Error(String(err));
    }
    throw cause;
  } finally {
    client.off("error", onError);
    client.release(lost);
  }
}

function asTx(client: pg.PoolClient): Tx {
  return { inTransaction: true, query: (text, values) => client.query(text, values) };
}

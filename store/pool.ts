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

/** A connection pool. A dead idle connection is dropped and replaced, with a warning in the log. */
export function createPool(connectionString: string, log?: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: "forewarn",
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener an idle connection's end would end the program.
  pool.on("error", (err) => log?.warn({ err }, "database connection lost, a new one will be made"));
  return pool;
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

import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Log } from "../pipeline/domain/ports.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { createPool, isBusy, withTx } from "./pool.ts";

describe("pool", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  const warnings: string[] = [];
  const ignore = () => undefined;
  const log: Log = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (_fields, message) => warnings.push(message),
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url, log);
    await pool.query("create table notes (text text)");
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const notes = async () =>
    (await pool.query<{ text: string }>("select text from notes order by text")).rows.map((row) => row.text);

  it("commits what resolves and undoes what throws", async () => {
    await withTx(pool, (tx) => tx.query("insert into notes values ('kept')"));
    const failing = withTx(pool, async (tx) => {
      await tx.query("insert into notes values ('undone')");
      throw new Error("second thoughts");
    });
    await expect(failing).rejects.toThrow("second thoughts");
    expect(await notes()).toEqual(["kept"]);
  });

  it("survives a connection killed inside a transaction, and does not use it again", async () => {
    const killed = withTx(pool, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await tx.query("insert into notes values ('lost')");
    });
    await expect(killed).rejects.toThrow(/terminat|closed|ended|not queryable/i);
    for (let turn = 0; turn < 5; turn += 1) await withTx(pool, (tx) => tx.query("select 1"));
    expect(await notes()).toEqual(["kept"]);
  });

  it("replaces an idle connection that died, and says so", async () => {
    const other = createPool(database.url);
    const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    await other.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await other.end();
    await expect.poll(() => warnings).toContain("database connection lost, a new one will be made");
    expect(await notes()).toEqual(["kept"]);
  });

  it("waits no longer than it may for a lock or a connection, and says that it was busy", async () => {
    const hasty = createPool(database.url, log, { lockTimeoutMs: 50, connectTimeoutMs: 2_000 });
    await withTx(pool, async (tx) => {
      await tx.query("lock table notes in exclusive mode");
      const late = withTx(hasty, (other) => other.query("insert into notes values ('too late')"));
      expect(isBusy(await late.catch((error: unknown) => error))).toBe(true);
    });
    const taken: pg.PoolClient[] = [];
    while (taken.length < hasty.options.max) taken.push(await hasty.connect());
    expect(isBusy(await hasty.query("select 1").catch((error: unknown) => error))).toBe(true);
    for (const client of taken) client.release();
    const faulty = await hasty.query("select nonsense").catch((error: unknown) => error);
    expect([faulty instanceof Error, isBusy(faulty)]).toEqual([true, false]);
    await hasty.end();
  });
});

import { createHash } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeUser, systemAct, testDay, userAct } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { appendLogEntry, type NewLogEntry } from "./evidence-log-store.ts";
import { createPool, withTx } from "./pool.ts";

const collected: NewLogEntry = {
  kind: "collected",
  bundleId: "cnd_1",
  manifestSha256: "a".repeat(64),
  why: null,
};

describe("the evidence log", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const append = (entry: Partial<NewLogEntry> = {}) =>
    withTx(pool, (tx) => appendLogEntry(tx, systemAct(), { ...collected, ...entry }));
  const size = async () => (await pool.query("select 1 from evidence_log")).rowCount ?? 0;

  it("keeps an entry as canonical JSON, with its leaf's hash", async () => {
    const user = await makeUser(pool, ["officer"]);
    const { index } = await withTx(pool, (tx) =>
      appendLogEntry(tx, userAct(user), {
        ...{ kind: "viewed_unmasked", bundleId: "cnd_0", manifestSha256: null, why: "复核“原始”画面" },
        detail: { file: "originals/a.jpg", grantId: undefined, tries: 2 },
      }),
    );
    const { rows } = await pool.query<{ entry: Buffer; hashes: Buffer; bundle_id: string; at: Date }>(
      "select entry, hashes, bundle_id, at from evidence_log where index = $1",
      [index],
    );
    const [row] = rows;
    expect(row?.entry.toString("utf8")).toBe(
      `{"actor":{"id":"${user.userId}","kind":"user"},"at":"2026-03-10T01:00:00.000Z","bundleId":"cnd_0",` +
        '"detail":{"file":"originals/a.jpg","tries":2},"kind":"viewed_unmasked","manifestSha256":null,' +
        '"schema":"forewarn-log-entry/1","why":"复核“原始”画面"}',
    );
    const leaf = createHash("sha256")
      .update(Buffer.of(0))
      .update(row?.entry ?? "")
      .digest();
    expect(row?.hashes.subarray(0, 32)).toEqual(leaf);
    expect(row).toMatchObject({ bundle_id: "cnd_0", at: new Date(testDay) });
  });

  it("numbers entries without a gap, however many are added at once and whoever gives up", async () => {
    const before = await size();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, number) =>
        withTx(pool, async (tx) => {
          const { index } = await appendLogEntry(tx, systemAct(), {
            ...collected,
            bundleId: `cnd_${number}`,
          });
          if (number % 8 === 7) throw new Error("the rest of the transaction failed");
          return index;
        }),
      ),
    );
    const given = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 35 }, (_, place) => before + place));
    expect(await size()).toBe(before + 35);
  });

  it("gives place and hashes itself, whatever an insert claims", async () => {
    const before = await size();
    const { index } = await append();
    const { rows } = await pool.query<{ index: string; kind: string; hashes: Buffer }>(
      `insert into evidence_log (index, entry, hashes, at, kind, bundle_id)
       select 7000, log.entry, $2, now(), 'served', 'cnd_other' from evidence_log as log where log.index = $1
       returning index, kind, hashes`,
      [index, Buffer.alloc(32)],
    );
    expect(rows[0]).toMatchObject({ index: String(before + 1), kind: "collected" });
    expect(rows[0]?.hashes.equals(Buffer.alloc(32))).toBe(false);
  });

  it("refuses an entry that could not be checked by hand", async () => {
    await expect(append({ detail: { score: 0.5 } })).rejects.toMatchObject({ code: "input.invalid" });
    for (const sign of ["\u0000", "\u007f", "\ud800"])
      await expect(append({ why: `a${sign}b` })).rejects.toMatchObject({ code: "input.invalid" });
    await expect(append({ manifestSha256: "A".repeat(64) })).rejects.toThrow(/manifestSha256/);
  });

  const tables = {
    evidence_log: "entry",
    evidence_log_origin: "origin",
    log_checkpoints: "at",
    log_timestamps: "at",
  };

  /** Something to spoil in each of the tables. */
  async function fill(): Promise<void> {
    await append();
    for (const table of ["log_checkpoints", "log_timestamps"])
      await pool.query(`insert into ${table} values (1, 'x', now()) on conflict do nothing`);
  }

  it.each(Object.entries(tables))("lets not even an administrator change %s (%s)", async (table, column) => {
    await fill();
    const attempts = [
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table}`,
      `set session_replication_role = 'replica'; delete from ${table}`,
    ];
    for (const attempt of attempts) {
      const client = await pool.connect();
      try {
        await expect(client.query(attempt), attempt).rejects.toMatchObject({ code: "23001" });
      } finally {
        client.release(true);
      }
    }
  });

  it.each(Object.entries(tables))(
    "has taken the right to change %s (%s) from its owner",
    async (table, column) => {
      await fill();
      const role = `log_owner_${process.pid}_${table}`;
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query(`create role ${role}`);
        await client.query(`grant create, usage on schema public to ${role}`);
        await client.query(`alter table ${table} owner to ${role}`);
        await client.query(`set local role ${role}`);
        const attempts = [
          `update ${table} set ${column} = ${column}`,
          `delete from ${table}`,
          `truncate ${table}`,
        ];
        for (const attempt of attempts) {
          await client.query("savepoint attempt");
          await expect(client.query(attempt), attempt).rejects.toMatchObject({ code: "42501" });
          await client.query("rollback to savepoint attempt");
        }
        expect((await client.query(`select 1 from ${table}`)).rowCount).toBeGreaterThan(0);
      } finally {
        await client.query("rollback");
        client.release();
      }
    },
  );

  it("can be written by a role that may do nothing but select and insert", async () => {
    const role = `log_writer_${process.pid}`;
    const before = await size();
    const index = await withTx(pool, async (tx) => {
      await tx.query(`create role ${role}`);
      await tx.query(`grant select, insert on evidence_log to ${role}`);
      await tx.query(`set local role ${role}`);
      const added = await appendLogEntry(tx, systemAct(), collected);
      await tx.query("reset role");
      await tx.query(`drop owned by ${role}`);
      await tx.query(`drop role ${role}`);
      return added.index;
    });
    expect(index).toBe(before);
  });
});

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { localDate } from "../casework/local-time.ts";
import { makeCamera, makeIncident, testDay } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { migrate } from "./migrate.ts";
import { createPool } from "./pool.ts";

it("gives what waits for review since before there was an end of it seven whole days from the upgrade", async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "forewarn-migrations-"));
  const address = new URL(database.url);
  address.searchParams.set("options", "-csearch_path=before");
  const pool = createPool(address.href);
  try {
    await cp(fileURLToPath(new URL("./migrations", import.meta.url)), folder, {
      recursive: true,
      filter: (path) => !path.endsWith("0012_review_due.sql"),
    });
    await pool.query("create schema before");
    await migrate(address.href, { folder });
    const camera = await makeCamera(pool);
    const waiting = await makeIncident(pool, camera);
    const dated = await makeIncident(pool, camera, { reviewDue: testDay });
    const settled = await makeIncident(pool, camera);
    await pool.query("update incidents set state = 'rejected' where id = $1", [settled]);

    await migrate(address.href);
    const { rows } = await pool.query<{ id: string; due: Date | null; upgradedAt: Date }>(
      `select id, review_due as due, now() as "upgradedAt" from incidents`,
    );
    const dueOf = (id: string) => rows.find((row) => row.id === id)?.due;
    const upgradedAt = rows[0]?.upgradedAt.getTime() ?? Number.NaN;
    const due = dueOf(waiting)?.getTime() ?? Number.NaN;
    expect(due).toBe(Date.parse(`${localDate(due)}T00:00:00+08:00`));
    expect((due - upgradedAt) / 86_400_000).toBeGreaterThan(7 - 1 / 24);
    expect((due - upgradedAt) / 86_400_000).toBeLessThanOrEqual(8);
    expect([dueOf(dated), dueOf(settled)]).toEqual([new Date(testDay), null]);
  } finally {
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
});

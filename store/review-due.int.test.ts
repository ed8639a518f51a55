import { expect, it } from "vitest";
import { localDate } from "../casework/local-time.ts";
import {
  insertOlderCamera,
  insertOlderIncident,
  openOlderDatabase,
} from "../test-fixtures/older-database.ts";
import { county, testDay } from "../test-fixtures/store-builders.ts";

it("gives what waits for review since before there was an end of it seven whole days from the upgrade", async () => {
  const { pool, upgrade, drop } = await openOlderDatabase("0012");
  try {
    const then = new Date(testDay);
    const times = { region: county, occurred_at: then, triggered_at: then, created_at: then };
    await insertOlderCamera(pool, "cam", county);
    const incident = (id: string, row: object) => insertOlderIncident(pool, id, "cam", { ...times, ...row });
    await incident("waiting", { state: "review_pending" });
    await incident("dated", { state: "review_pending", review_due: then });
    await incident("settled", { state: "rejected" });

    expect((await upgrade()).applied[0]).toBe("0012_review_due.sql");
    const { rows } = await pool.query<{ id: string; due: Date | null; upgradedAt: Date }>(
      `select id, review_due as due, now() as "upgradedAt" from incidents`,
    );
    const dueOf = (id: string) => rows.find((row) => row.id === id)?.due;
    const upgradedAt = rows[0]?.upgradedAt.getTime() ?? Number.NaN;
    const due = dueOf("waiting")?.getTime() ?? Number.NaN;
    expect(due).toBe(Date.parse(`${localDate(due)}T00:00:00+08:00`));
    expect((due - upgradedAt) / 86_400_000).toBeGreaterThan(7 - 1 / 24);
    expect((due - upgradedAt) / 86_400_000).toBeLessThanOrEqual(8);
    expect([dueOf("dated"), dueOf("settled")]).toEqual([then, null]);
  } finally {
    await drop();
  }
});

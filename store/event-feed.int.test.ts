import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { openFeed } from "./event-feed.ts";
import { createPool } from "./pool.ts";

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

it("passes over what names no entry and hears what comes after", async () => {
  const heard: string[] = [];
  let isListening = false;
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const handlers = {
    onEntry: (entry: string) => heard.push(entry),
    onListening: () => {
      isListening = true;
    },
  };
  const feed = openFeed(pool, handlers, log);
  try {
    await expect.poll(() => isListening).toBe(true);
    for (const payload of ["", "{not json", "null", "[]", '{"entry":7}', '{"entry":"tle_1"}'])
      await pool.query("select pg_notify('forewarn_timeline', $1)", [payload]);
    await expect.poll(() => heard).toEqual(["tle_1"]);
  } finally {
    await feed.close();
  }
});

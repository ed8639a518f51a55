import { Redis } from "ioredis";
import { Client } from "pg";
import { expect, it } from "vitest";
import { createTestDatabase, testRedis } from "./test-database.ts";

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

it("gives each caller a migrated database of its own", async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const tablesOf = (url: string) =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "select tablename as name from pg_tables where schemaname = 'public' order by 1",
      );
      return rows.map((row) => row.name);
    });
  try {
    const migrated = await tablesOf(one.url);
    expect(migrated.length).toBeGreaterThan(0);
    await withClient(one.url, (client) => client.query("create table only_here (n int)"));
    expect(await tablesOf(one.url)).toEqual([...migrated, "only_here"].sort());
    expect(await tablesOf(other.url)).toEqual(migrated);
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
  await expect(tablesOf(one.url)).rejects.toThrow(/does not exist/);
});

it("drops a database that somebody is still connected to", async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  // Two events: what the server says, then the end of the connection.
  const cut = new Promise<Error>((resolve) => client.on("error", resolve));
  await client.connect();
  await database.drop();
  expect((await cut).message).toMatch(/terminat/);
});

it("gives each caller a key prefix of its own on a Redis that evicts nothing", async () => {
  const [one, other] = [testRedis(), testRedis()];
  expect(one.prefix).not.toBe(other.prefix);
  const redis = new Redis(one.url);
  try {
    expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  } finally {
    redis.disconnect();
  }
});

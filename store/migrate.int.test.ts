import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { migrate } from "./migrate.ts";
import { createPool } from "./pool.ts";

const ownFolder = fileURLToPath(new URL("./migrations", import.meta.url));

describe("migrate", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let folder: string;
  let url: string;
  let schemas = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    // An empty schema of its own is as good as an empty database.
    const schema = `empty_${++schemas}`;
    await pool.query(`create schema ${schema}`);
    const address = new URL(database.url);
    address.searchParams.set("options", `-csearch_path=${schema}`);
    url = address.href;
    folder = await mkdtemp(join(tmpdir(), "forewarn-migrations-"));
    await cp(ownFolder, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("applies each file once when ten start together", async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => migrate(url)));
    const working = runs.filter((run) => run.applied.length > 0);
    expect(working).toHaveLength(1);
    expect(working[0]?.applied[0]).toBe("0001_timeline.sql");
    expect(await migrate(url)).toEqual({ applied: [] });
  });

  it("goes on from where it stopped, and undoes a file that fails halfway", async () => {
    await migrate(url, { folder });
    const next = join(folder, "9000_next.sql");
    await writeFile(next, "create table half (id text); select 1 / 0;");
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      code: "store.migration_refused",
      message: expect.stringContaining("9000_next.sql failed and was undone: division by zero"),
    });
    await writeFile(next, "create table half (id text);");
    expect(await migrate(url, { folder })).toEqual({ applied: ["9000_next.sql"] });
  });

  it("refuses a file that was edited after it ran", async () => {
    await migrate(url, { folder });
    await writeFile(join(folder, "0002_users.sql"), "-- changed my mind");
    await expect(migrate(url, { folder })).rejects.toThrow(/0002_users\.sql was edited after it ran/);
  });

  it("refuses a database that is newer than the program", async () => {
    await writeFile(join(folder, "9000_next.sql"), "select 1;");
    await migrate(url, { folder });
    await expect(migrate(url)).rejects.toThrow(/older than its database/);
  });

  it("refuses a file that slips in between, a number used twice and a name without one", async () => {
    await writeFile(join(folder, "9000_next.sql"), "select 1;");
    await migrate(url, { folder });
    const slipped = join(folder, "8000_slipped.sql");
    await writeFile(slipped, "select 1;");
    await expect(migrate(url, { folder })).rejects.toThrow(/8000_slipped\.sql comes before 9000_next\.sql/);
    await rm(slipped);
    const twice = join(folder, "9000_other.sql");
    await writeFile(twice, "select 1;");
    await expect(migrate(url, { folder })).rejects.toThrow(/9000_other\.sql: name it NNNN_words\.sql/);
    await rm(twice);
    await writeFile(join(folder, "later.sql"), "select 1;");
    await expect(migrate(url, { folder })).rejects.toThrow(/later\.sql: name it NNNN_words\.sql/);
  });

  it("says where it knocked when nobody answers, without the password", async () => {
    const closed = "postgres://me:hush@127.0.0.1:1/forewarn";
    const failure = await migrate(closed).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: "store.unreachable",
      message: expect.stringContaining('"forewarn" at 127.0.0.1:1'),
    });
    expect(String(failure)).not.toContain("hush");
  });
});

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { migrate } from "../store/migrate.ts";
import { createPool, type Queryable } from "../store/pool.ts";
import { createTestDatabase } from "./test-database.ts";

const migrations = fileURLToPath(new URL("../store/migrations", import.meta.url));

/** A database as an older version left it: every migration before one has run, and nothing is in it. */
export interface OlderDatabase {
  readonly pool: pg.Pool;
  /** Runs what is left. Returns the files that were applied. */
  upgrade(): Promise<{ applied: string[] }>;
  drop(): Promise<void>;
}

/** @param before the first migration that has not run, by its number: `0013` */
export async function openOlderDatabase(before: string): Promise<OlderDatabase> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "forewarn-migrations-"));
  // A schema of its own is as good as an empty database.
  const address = new URL(database.url);
  address.searchParams.set("options", "-csearch_path=older");
  const pool = createPool(address.href);
  await pool.query("create schema older");
  await cp(migrations, folder, {
    recursive: true,
    filter: (path) => !path.endsWith(".sql") || basename(path) < before,
  });
  await migrate(address.href, { folder });
  return {
    pool,
    upgrade: () => migrate(address.href),
    async drop() {
      await pool.end();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Today's stores write today's tables: what an older version wrote is put in by hand. */
export async function insertRow(db: Queryable, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  await db.query(
    `insert into ${table} (${columns.join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})`,
    Object.values(row),
  );
}

/** A camera as cameras were before there were reviews of them. */
export async function insertOlderCamera(db: Queryable, id: string, region: string): Promise<void> {
  await insertRow(db, "cameras", {
    ...{ id, region, document: {}, enabled: true, version: 1, updated_at: new Date() },
  });
}

/** An incident of it, in the columns there were at first. */
export async function insertOlderIncident(
  db: Queryable,
  id: string,
  cameraId: string,
  row: Record<string, unknown>,
): Promise<void> {
  await insertRow(db, "incidents", {
    ...{ id, candidate_id: `cnd_${id}`, camera_id: cameraId, violation: "vehicle_sidewalk", facts: {} },
    ...{ bundle_path: `bundles/${id}`, manifest_sha256: "a".repeat(64) },
    ...row,
  });
}

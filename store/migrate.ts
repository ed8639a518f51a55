import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Log } from "../pipeline/domain/ports.ts";
import { type AppRole, setUpAppRole } from "./app-role.ts";
import { DatabaseUnreachableError, MigrationError } from "./errors.ts";

/** Any number that nobody else in this database locks; ours for as long as one migrates. */
const LOCK_KEY = 4_021_970_133;
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/**
 * Brings the database to the newest version, each file in its own transaction. Several may start at once:
 * one works, the others wait and find nothing to do. Refuses, changing nothing, when a file that ran was
 * edited or is gone (the database is newer than this program), or when a file would run out of order.
 *
 * @param options.appRole made or brought up to date afterwards: what the programs connect as
 */
export async function migrate(
  connectionString: string,
  options: { log?: Log; folder?: string; appRole?: AppRole } = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.folder ?? ownFolder());
  const client = await connect(connectionString);
  client.on("error", (err) => options.log?.warn({ err }, "database connection lost while migrating"));
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK_KEY]);
    const pending = await findPending(client, migrations);
    for (const migration of pending) {
      await apply(client, migration);
      options.log?.info({ migration: migration.name }, "migration applied");
    }
    const { appRole } = options;
    if (appRole !== undefined) await inTransaction(client, () => setUpAppRole(client, appRole));
    return { applied: pending.map((migration) => migration.name) };
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

/** Beside this file in the sources; the build leaves the .sql files there, one level up from dist/. */
function ownFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, "migrations");
  return existsSync(beside) ? beside : join(here, "..", "..", "store", "migrations");
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const misnamed = names.find((name, index) => {
    const previous = names[index - 1];
    return !FILE_NAME.test(name) || previous?.slice(0, 4) === name.slice(0, 4);
  });
  if (misnamed !== undefined) {
    throw new MigrationError(`${join(folder, misnamed)}: name it NNNN_words.sql with a number of its own.`);
  }
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return { name, sql: bytes.toString("utf8"), sha256: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: "forewarn migrate",
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseUnreachableError(
      `Cannot reach the database "${client.database}" at ${client.host}:${client.port}: ${reason}. Is it running, and is FOREWARN_DATABASE_URL right?`,
      { cause },
    );
  }
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(
    `create table if not exists migration_ledger (
       name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
  );
  const ran = await client.query<{ name: string; sha256: string }>(
    "select ledger.name, ledger.sha256 from migration_ledger as ledger order by ledger.name",
  );
  for (const entry of ran.rows) {
    const migration = migrations.find(({ name }) => name === entry.name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database has migration ${entry.name}, this program has not: it is older than its database. Run the newer program.`,
      );
    }
    if (migration.sha256 !== entry.sha256) {
      throw new MigrationError(
        `Migration ${entry.name} was edited after it ran here. Restore the file and put the change into a new one.`,
      );
    }
  }
  const newest = ran.rows.at(-1)?.name ?? "";
  const pending = migrations.filter(({ name }) => !ran.rows.some((entry) => entry.name === name));
  const late = pending.find(({ name }) => name < newest);
  if (late !== undefined) {
    throw new MigrationError(
      `Migration ${late.name} comes before ${newest}, which has run. Give it the next number.`,
    );
  }
  return pending;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await inTransaction(client, async () => {
      await client.query(migration.sql);
      await client.query("insert into migration_ledger (name, sha256) values ($1, $2)", [
        migration.name,
        migration.sha256,
      ]);
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration ${migration.name} failed and was undone: ${reason}`, { cause });
  }
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

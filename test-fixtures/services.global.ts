import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { loadConfig } from "../config/env.ts";
import { startPostgres } from "../runtime/services/embedded-postgres.ts";
import { startRedis } from "../runtime/services/embedded-redis.ts";
import { findTool } from "../runtime/tools.ts";
import { migrate } from "../store/migrate.ts";

/** What integration and e2e tests get; read through test-database.ts. */
export interface TestServices {
  /** A role here may create databases. */
  readonly databaseUrl: string;
  /** A migrated database that nobody is connected to. */
  readonly templateDatabase: string;
  readonly redisUrl: string;
  /** Begins every key of this run. */
  readonly redisPrefix: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly services: TestServices;
  }
}

interface Shared {
  users: number;
  readonly opened: Promise<{ readonly services: TestServices; close(): Promise<void> }>;
}

/** vitest loads this file once for each project, in one process: what they share hangs on globalThis. */
const KEY = Symbol.for("forewarn.test-services");
const holder = globalThis as { [KEY]?: Shared };

/** One PostgreSQL and one Redis for all projects of a run; the last project to end takes them down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  holder[KEY] ??= { users: 0, opened: open() };
  const shared = holder[KEY];
  shared.users += 1;
  const { services, close } = await shared.opened;
  project.provide("services", services);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete holder[KEY];
    await close();
  };
}

async function open() {
  const config = loadConfig();
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "forewarn-test-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    // As root PostgreSQL runs as another user, who has to pass through here.
    await chmod(folder, 0o711);
    const run = `forewarn_test_${randomBytes(6).toString("hex")}`;
    const databaseUrl = config.databaseUrl ?? (await openPostgres(join(folder, "postgres"), closers));
    const redisUrl = config.redisUrl ?? (await openRedis(join(folder, "redis"), closers));
    if (config.redisUrl !== undefined) closers.push(() => deleteKeys(redisUrl, run));
    const templateDatabase = `${run}_template`;
    await query(databaseUrl, `create database ${templateDatabase}`);
    closers.push(() => query(databaseUrl, `drop database ${templateDatabase} with (force)`));
    const template = new URL(databaseUrl);
    template.pathname = `/${templateDatabase}`;
    await migrate(template.href);
    return { services: { databaseUrl, templateDatabase, redisUrl, redisPrefix: run }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPostgres(dataDir: string, closers: (() => Promise<unknown>)[]): Promise<string> {
  const server = await startPostgres({ dataDir, durable: false, log: complain });
  // Below a folder that this user cannot enter, the data went elsewhere.
  closers.push(() => rm(server.dataDir, { recursive: true, force: true }));
  closers.push(server.stop);
  return server.url;
}

async function openRedis(dir: string, closers: (() => Promise<unknown>)[]): Promise<string> {
  const redisServerPath = findTool("redis-server", loadConfig());
  const server = await startRedis({ dir, redisServerPath, durable: false, log: complain });
  closers.push(server.stop);
  return server.url;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A configured Redis outlives the run; what the run put there does not. */
async function deleteKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 }))
      if (Array.isArray(keys) && keys.length > 0) await redis.unlink(keys);
  } finally {
    redis.disconnect();
  }
}

function complain(line: string): void {
  process.stderr.write(`test services: ${line}\n`);
}

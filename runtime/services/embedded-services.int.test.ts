import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadConfig } from "../../config/env.ts";
import { findTool } from "../tools.ts";
import { packageRoot } from "../version.ts";
import { runningPostgresUrl, startPostgres } from "./embedded-postgres.ts";
import { runningRedisUrl, startRedis } from "./embedded-redis.ts";
import { FolderInUseError, ServiceError } from "./errors.ts";
import { identify } from "./process-identity.ts";

let folder: string;
let lines: string[];
const log = (line: string) => lines.push(line);
const redisServerPath = findTool("redis-server", loadConfig());

beforeEach(async () => {
  lines = [];
  folder = await mkdtemp(join(tmpdir(), "forewarn-services-"));
  await chmod(folder, 0o711);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe("embedded PostgreSQL", () => {
  const start = () => startPostgres({ dataDir: join(folder, "postgres"), durable: false, log });

  it("serves UTF-8 on 127.0.0.1 only, keeps its data, and leaves no process", async () => {
    const first = await start();
    const settings = await ask<{ addresses: string; encoding: string }>(
      first.url,
      "select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding",
    );
    expect(settings).toEqual([{ addresses: "127.0.0.1", encoding: "UTF8" }]);
    await ask(first.url, "create table kept as select '先劝' as word");
    expect(await runningPostgresUrl(join(folder, "postgres"))).toBe(first.url);
    await first.stop();
    await first.stop();
    expect(identify(first.pid)).toBeUndefined();
    expect(await runningPostgresUrl(join(folder, "postgres"))).toBeUndefined();

    const second = await start();
    try {
      expect(await ask(second.url, "select word from kept")).toEqual([{ word: "先劝" }]);
    } finally {
      await second.stop();
    }
    expect(lines).toEqual([]);
  });

  it("asks for the password, which only its owner may read", async () => {
    const server = await start();
    try {
      expect((await stat(join(server.dataDir, "password"))).mode & 0o777).toBe(0o600);
      const wrong = new URL(server.url);
      wrong.password = "guessed";
      await expect(ask(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    } finally {
      await server.stop();
    }
  });

  it("refuses a folder whose owner lives", async () => {
    const server = await start();
    try {
      await expect(start()).rejects.toThrow(FolderInUseError);
      expect(await ask(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
    } finally {
      await server.stop();
    }
  });

  it("ignores a lock file that names another program, as containers meet it", async () => {
    const server = await start();
    await server.stop();
    await writeFile(join(server.dataDir, "cluster", "postmaster.pid"), `${process.pid}\n`);
    const again = await start();
    await again.stop();
    expect(lines.join("\n")).toContain("another program");
  });

  it("says what is wrong when the password is gone, and when the data is damaged", async () => {
    const server = await start();
    await server.stop();
    const password = join(server.dataDir, "password");
    const kept = await readFile(password, "utf8");
    await rm(password);
    await expect(start()).rejects.toThrow(/password is missing/);
    await writeFile(password, "another".repeat(8), { mode: 0o600 });
    await expect(start()).rejects.toThrow(/does not hold the password/);
    await writeFile(password, kept, { mode: 0o600 });
    await writeFile(join(server.dataDir, "cluster", "postgresql.conf"), "no such = setting\n");
    await expect(start()).rejects.toThrow(ServiceError);
    await expect(start()).rejects.toThrow(/did not start; the last lines of .*postgres\.log/);
  });
});

describe("embedded Redis", () => {
  const start = (durable: boolean) =>
    startRedis({ dir: join(folder, "redis"), redisServerPath, durable, log });

  it("keeps what it was given, evicts nothing, wants the password, and leaves no process", async () => {
    const first = await start(true);
    const client = new Redis(first.url);
    expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
    await client.set("kept", "先劝");
    client.disconnect();
    expect(await runningRedisUrl(join(folder, "redis"))).toBe(first.url);
    await first.stop();
    expect(identify(first.pid)).toBeUndefined();

    const second = await start(true);
    const open = new URL(second.url);
    open.password = "";
    const stranger = new Redis(open.href, { retryStrategy: () => null });
    // ioredis greets the server by itself and reports that it may not; the refusal is what is tested.
    stranger.on("error", () => undefined);
    const known = new Redis(second.url);
    try {
      await expect(stranger.get("kept")).rejects.toThrow(/NOAUTH/);
      expect(await known.get("kept")).toBe("先劝");
    } finally {
      stranger.disconnect();
      known.disconnect();
      await second.stop();
    }
  });

  it("writes nothing but its log where it need not last", async () => {
    const server = await start(false);
    const client = new Redis(server.url);
    await client.set("gone", "1");
    client.disconnect();
    await server.stop();
    expect(existsSync(join(folder, "redis", "data", "appendonlydir"))).toBe(false);
  });
});

it("takes both servers down with a program that dies by kill −9, and starts again", async () => {
  const holder = spawn(
    process.execPath,
    ["--import", "tsx", join(packageRoot, "test-fixtures/bin/hold-services.ts"), folder, redisServerPath],
    { cwd: packageRoot, stdio: ["ignore", "pipe", "inherit"] },
  );
  const line = await new Promise<string>((resolve) => createInterface(holder.stdout).once("line", resolve));
  const pids = z.object({ postgres: z.number(), redis: z.number() }).parse(JSON.parse(line));
  expect(identify(pids.postgres)).toBeDefined();
  expect(identify(pids.redis)).toBeDefined();
  holder.kill("SIGKILL");
  const gone = () => identify(pids.postgres) === undefined && identify(pids.redis) === undefined;
  await expect.poll(gone, { timeout: 20_000 }).toBe(true);

  const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false, log });
  await server.stop();
});

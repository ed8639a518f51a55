import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import type { Config } from "../../config/env.ts";
import { AppError } from "../../pipeline/domain/errors.ts";
import { installState } from "../../pipeline/inference/registry/ensure-model.ts";
import { findModel, loadRegistry } from "../../pipeline/inference/registry/registry.ts";
import { startPostgres } from "../../runtime/services/embedded-postgres.ts";
import { postgresBinaries } from "../../runtime/services/postgres-binaries.ts";
import { serverAccount } from "../../runtime/services/server-account.ts";
import { packageRoot } from "../../runtime/version.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { checkRedisServer } from "./check-tools.ts";

const SETUP = "run `npm run setup`";

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
}

/** The configured database answers, or the embedded one is installed (`deep`: and starts, in a folder of its own). */
export async function checkDatabase(config: Config, deep: boolean): Promise<Check> {
  if (config.databaseUrl !== undefined) return await configuredDatabase(config.databaseUrl);
  const silent = () => undefined;
  try {
    const binaries = await postgresBinaries(serverAccount(), silent);
    if (!deep) return ok("database", `embedded PostgreSQL (${binaries.postgres})`);
    return await startOnce();
  } catch (error) {
    if (error instanceof AppError)
      return fail("database", error.message, `${SETUP}, or set FOREWARN_DATABASE_URL`);
    throw error;
  }
}

async function configuredDatabase(url: string): Promise<Check> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: number }>(
      "select current_setting('server_version') as version, current_setting('server_version_num')::int as number",
    );
    const { version = "?", number = 0 } = rows[0] ?? {};
    return number >= 150_000
      ? ok("database", `configured PostgreSQL ${version}`)
      : warn("database", `configured PostgreSQL ${version} is older than 15`, "use PostgreSQL 15 or newer");
  } catch (error) {
    return fail(
      "database",
      `the configured PostgreSQL does not answer: ${whyOf(error)}`,
      "correct FOREWARN_DATABASE_URL, or unset it to use the embedded one",
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function startOnce(): Promise<Check> {
  const folder = await mkdtemp(join(tmpdir(), "forewarn-doctor-"));
  await chmod(folder, 0o711);
  const started = performance.now();
  try {
    const server = await startPostgres({ dataDir: folder, durable: false, log: () => undefined });
    await server.stop();
    if (server.dataDir !== folder) await rm(server.dataDir, { recursive: true, force: true });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return ok("database", `embedded PostgreSQL: made, started and stopped in ${seconds} s`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The configured Redis answers and evicts nothing, or redis-server is there to be started. */
export async function checkRedis(config: Config): Promise<Check> {
  if (config.redisUrl === undefined) return await checkRedisServer(config);
  const redis = new Redis(config.redisUrl, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let refusal: Error | undefined;
  redis.on("error", (error: Error) => {
    refusal = error;
  });
  try {
    await redis.connect();
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1];
    return policy === "noeviction"
      ? ok("redis", "configured Redis answers, policy noeviction")
      : warn(
          "redis",
          `configured Redis has policy ${policy ?? "unknown"}: it may drop jobs`,
          "set maxmemory-policy noeviction",
        );
  } catch (error) {
    return fail(
      "redis",
      `the configured Redis does not answer: ${whyOf(refusal ?? error)}`,
      "correct FOREWARN_REDIS_URL, or unset it to use an embedded one",
    );
  } finally {
    redis.disconnect();
  }
}

/** The default model's file, read to its end. */
export async function checkDefaultModel(modelsDir: string): Promise<Check> {
  const registry = await loadRegistry(join(packageRoot, "models", "manifest.json"));
  const spec = findModel(registry, registry.defaultId);
  const { state, foundSha256 } = await installState(spec, modelsDir);
  const pull = "run `npx forewarn models pull default`";
  if (state === "installed")
    return ok("model", `${spec.id}, sha256 ${spec.sha256.slice(0, 12)}… (${modelsDir})`);
  if (state === "missing")
    return warn("model", `${spec.id} is not in ${modelsDir} yet; the first start makes it`, pull);
  return fail("model", `${spec.file} in ${modelsDir} has sha256 ${foundSha256}, not ${spec.sha256}`, pull);
}

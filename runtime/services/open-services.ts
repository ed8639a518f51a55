import { join } from "node:path";
import type { Config } from "../../config/env.ts";
import { findTool } from "../tools.ts";
import { runningPostgresUrl, startPostgres } from "./embedded-postgres.ts";
import { runningRedisUrl, startRedis } from "./embedded-redis.ts";

/** Where everything of this installation connects to. */
export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Ends what was started here, the database last; what is configured is left alone. */
  stop(): Promise<void>;
}

/** The configured servers, or embedded ones below the data folder. Started side by side. */
export async function openServices(
  config: Config,
  options: { readonly log: (line: string) => void; readonly durable?: boolean },
): Promise<Services> {
  const folders = serviceFolders(config.dataDir);
  // Looked for first: a missing program must not leave a database behind.
  const redisServerPath = config.redisUrl === undefined ? findTool("redis-server", config) : undefined;
  const starting = [
    config.databaseUrl === undefined ? startPostgres({ dataDir: folders.postgres, ...options }) : undefined,
    redisServerPath === undefined
      ? undefined
      : startRedis({ dir: folders.redis, redisServerPath, ...options }),
  ] as const;
  const [postgres, redis] = await Promise.allSettled(starting);
  const stop = async () => {
    if (redis.status === "fulfilled") await redis.value?.stop();
    if (postgres.status === "fulfilled") await postgres.value?.stop();
  };
  if (postgres.status === "rejected" || redis.status === "rejected") {
    await stop();
    throw postgres.status === "rejected" ? postgres.reason : (redis as PromiseRejectedResult).reason;
  }
  const databaseUrl = config.databaseUrl ?? postgres.value?.url ?? "";
  const redisUrl = config.redisUrl ?? redis.value?.url ?? "";
  return { databaseUrl, redisUrl, stop };
}

/** The configured servers, or those that a `forewarn up` on the same data folder runs now. */
export async function runningServices(
  config: Config,
): Promise<{ readonly databaseUrl: string | undefined; readonly redisUrl: string | undefined }> {
  const folders = serviceFolders(config.dataDir);
  return {
    databaseUrl: config.databaseUrl ?? (await runningPostgresUrl(folders.postgres)),
    redisUrl: config.redisUrl ?? (await runningRedisUrl(folders.redis)),
  };
}

function serviceFolders(dataDir: string) {
  return { postgres: join(dataDir, "postgres"), redis: join(dataDir, "redis") };
}

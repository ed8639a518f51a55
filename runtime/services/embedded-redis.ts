import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { newSecretToken } from "../ids.ts";
import { pingRedis } from "./redis-ping.ts";
import { launchServer, stopSteps } from "./server-process.ts";
import { claimFolder, endProcess, runningServiceUrl } from "./service-folder.ts";

export interface RedisOptions {
  /** Holds the queue's data and the server's log; made when absent. */
  readonly dir: string;
  /** From `findTool("redis-server", config)`. */
  readonly redisServerPath: string;
  readonly log: (line: string) => void;
  /** `false` for tests: nothing is written to disk. */
  readonly durable?: boolean;
}

export interface RedisServer {
  /** With the password. Never log it. */
  readonly url: string;
  readonly pid: number;
  /** May be called twice. */
  stop(): Promise<void>;
}

/**
 * redis-server on a free port of 127.0.0.1 with a password made for this run. Jobs survive restarts
 * (append-only file) and are never evicted. It ends with this process, whatever the death.
 * Throws `FolderInUseError`, `ServiceError`.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const folder = resolve(options.dir);
  const data = join(folder, "data");
  // As root PostgreSQL, run by another user, has to pass through the folder they share.
  await mkdir(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const claim = await claimFolder(folder, async (server) => {
    options.log(`ending the Redis (process ${server.pid}) that the last run left behind`);
    await endProcess(server, stopSteps("TERM"));
  });
  try {
    const password = newSecretToken();
    const server = await launchServer({
      name: "Redis",
      command: options.redisServerPath,
      // Settings come by standard input: the process list shows arguments to everyone.
      args: () => ["-"],
      input: (port) => settings(port, data, password, options.durable ?? true),
      cwd: folder,
      account: undefined,
      logFile: join(folder, "redis.log"),
      isReady: (port) => pingRedis(port, password),
      stopSignal: "TERM",
      log: options.log,
    });
    const url = `redis://:${password}@127.0.0.1:${server.port}`;
    await claim.serve(server.identity, url);
    return {
      url,
      pid: server.identity.pid,
      stop: async () => {
        await server.stop();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** The address of the Redis that another process of ours runs on this folder now, if one does. */
export function runningRedisUrl(dir: string): Promise<string | undefined> {
  return runningServiceUrl(resolve(dir));
}

function settings(port: number, data: string, password: string, durable: boolean): string {
  return [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    // Quoted for blanks; redis.conf knows the escapes of JSON strings.
    `dir ${JSON.stringify(data)}`,
    'save ""',
    `appendonly ${durable ? "yes" : "no"}`,
    // BullMQ loses jobs when Redis evicts keys.
    "maxmemory-policy noeviction",
    "daemonize no",
    "",
  ].join("\n");
}

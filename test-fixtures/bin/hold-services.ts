// Starts PostgreSQL and Redis in a folder, says where they are, and holds them until it is killed.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "../../runtime/services/embedded-postgres.ts";
import { startRedis } from "../../runtime/services/embedded-redis.ts";

const [folder = ".", redisServerPath = "redis-server"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const log = (line: string) => console.error(line);
const postgres = await startPostgres({ dataDir: join(folder, "postgres"), durable: false, log });
const redis = await startRedis({ dir: join(folder, "redis"), redisServerPath, durable: false, log });
console.log(JSON.stringify({ postgres: postgres.pid, redis: redis.pid }));
// The servers keep nobody alive, so something else has to.
setInterval(() => undefined, 60_000);

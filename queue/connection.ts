import { Redis } from "ioredis";

/** A connection as BullMQ wants it: commands wait for a lost server instead of failing one by one. */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: true });
  redis.on("error", onError);
  return redis;
}

import { Redis } from "ioredis";
import { Producer } from "../../../queue/producer.ts";

/** Of connecting and of each command: nobody waits long at a prompt for what comes by itself in half a minute. */
const PATIENCE_MS = 1_000;

export type Queued = { readonly queued: true } | { readonly queued: false; readonly why: string };

/** Queues the camera's job. A Redis that does not answer is no failure: workers find the camera in Postgres. */
export async function queueAtOnce(
  redisUrl: string | undefined,
  prefix: string,
  cameraId: string,
): Promise<Queued> {
  if (redisUrl === undefined) return { queued: false, why: "FOREWARN_REDIS_URL is not set" };
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let refusal: Error | undefined;
  redis.on("error", (error: Error) => {
    refusal ??= error;
  });
  try {
    await redis.connect();
    const producer = new Producer(redis, prefix);
    await producer.watchCamera(cameraId);
    await producer.close();
    return { queued: true };
  } catch (error) {
    return { queued: false, why: `Redis does not answer: ${whyOf(refusal ?? error)}` };
  } finally {
    redis.disconnect();
  }
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
}

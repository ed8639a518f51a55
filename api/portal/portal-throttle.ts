import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { TooManyAttemptsError } from "../http/errors.ts";

const WINDOW_SEC = 15 * 60;
/** Beside the five wrong answers of a link: how often anybody may knock. Twice a visit: the question, then the answer. */
const LIMITS = {
  "session-link": { points: 30, duration: WINDOW_SEC },
  "session-address": { points: 100, duration: WINDOW_SEC },
  /** A zip of a whole bundle is dear. */
  bundle: { points: 10, duration: 3_600 },
  /** Everything handed in over one link. */
  submit: { points: 60, duration: 3_600 },
  /** Counted before the file is looked at, whatever it turns out to be. */
  upload: { points: 40, duration: 3_600 },
} as const;
type Limit = keyof typeof LIMITS;

/** Slows guessing and flooding. Counts live in Redis; while that is away each process counts for itself. */
export class PortalThrottle {
  readonly #limiters: Readonly<Record<Limit, RateLimiterRedis>>;

  constructor(redis: Redis, prefix: string) {
    const limiter = (name: Limit) =>
      new RateLimiterRedis({
        ...LIMITS[name],
        storeClient: redis,
        rejectIfRedisNotReady: true,
        keyPrefix: `${prefix}:portal:${name}`,
        insuranceLimiter: new RateLimiterMemory(LIMITS[name]),
      });
    this.#limiters = {
      "session-link": limiter("session-link"),
      "session-address": limiter("session-address"),
      bundle: limiter("bundle"),
      submit: limiter("submit"),
      upload: limiter("upload"),
    };
  }

  /** Call before the work. Throws `TooManyAttemptsError`. */
  async consume(limit: Limit, key: string): Promise<void> {
    try {
      await this.#limiters[limit].consume(key);
    } catch (rejected) {
      // The library rejects with its own record when the limit is hit.
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000));
      throw new TooManyAttemptsError("Too many requests; try again later 操作过于频繁，请稍后再试", seconds);
    }
  }
}

import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { TooManyAttemptsError } from "./errors.ts";

const WINDOW_SEC = 15 * 60;
const PER_ACCOUNT = { points: 5, duration: WINDOW_SEC, blockDuration: WINDOW_SEC };
const PER_ADDRESS = { points: 50, duration: WINDOW_SEC };

/**
 * Slows password guessing: per account and address, and per address over all accounts. Counts live in Redis; while
 * that is away each process counts for itself, so that people can still sign in.
 */
export class LoginThrottle {
  readonly #redis: Redis;
  readonly #ownPerAccount = new RateLimiterMemory(PER_ACCOUNT);
  readonly #perAccount: RateLimiterRedis;
  readonly #perAddress: RateLimiterRedis;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    const shared = { storeClient: redis, rejectIfRedisNotReady: true };
    this.#perAccount = new RateLimiterRedis({
      ...shared,
      ...PER_ACCOUNT,
      keyPrefix: `${prefix}:login:account`,
      insuranceLimiter: this.#ownPerAccount,
    });
    this.#perAddress = new RateLimiterRedis({
      ...shared,
      ...PER_ADDRESS,
      keyPrefix: `${prefix}:login:address`,
      insuranceLimiter: new RateLimiterMemory(PER_ADDRESS),
    });
  }

  /** Call before checking the password. Throws `TooManyAttemptsError`. */
  async attempt(login: string, address: string): Promise<void> {
    try {
      await this.#perAddress.consume(address);
      await this.#perAccount.consume(accountKey(login, address));
    } catch (rejected) {
      // The library rejects with its own record when the limit is hit.
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000));
      throw new TooManyAttemptsError(
        `Too many sign-in attempts; try again in ${Math.ceil(seconds / 60)} min 登录尝试过多，请稍后再试`,
        seconds,
      );
    }
  }

  async succeeded(login: string, address: string): Promise<void> {
    const key = accountKey(login, address);
    await this.#ownPerAccount.delete(key);
    // Deleting would wait for a Redis that is away.
    if (this.#redis.status === "ready") await this.#perAccount.delete(key);
  }
}

function accountKey(login: string, address: string): string {
  return `${login.toLowerCase()}|${address}`;
}

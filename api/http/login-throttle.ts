import type { Redis } from "ioredis";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { TooManyAttemptsError } from "./errors.ts";

/** Slows password guessing: per account and address, and per address over all accounts. Counts live in Redis. */
export class LoginThrottle {
  readonly #perAccount: RateLimiterRedis;
  readonly #perAddress: RateLimiterRedis;

  constructor(redis: Redis, prefix: string) {
    this.#perAccount = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${prefix}:login:account`,
      points: 5,
      duration: 15 * 60,
      blockDuration: 15 * 60,
    });
    this.#perAddress = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${prefix}:login:address`,
      points: 50,
      duration: 15 * 60,
    });
  }

  /** Call before checking the password. Throws `TooManyAttemptsError`. */
  async attempt(login: string, address: string): Promise<void> {
    try {
      await this.#perAddress.consume(address);
      await this.#perAccount.consume(accountKey(login, address));
    } catch (rejected) {
      // The library rejects with its own record when the limit is hit and with an Error when Redis fails.
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000));
      throw new TooManyAttemptsError(
        `Too many sign-in attempts; try again in ${Math.ceil(seconds / 60)} min 登录尝试过多，请稍后再试`,
        seconds,
      );
    }
  }

  async succeeded(login: string, address: string): Promise<void> {
    await this.#perAccount.delete(accountKey(login, address));
  }
}

function accountKey(login: string, address: string): string {
  return `${login.toLowerCase()}|${address}`;
}

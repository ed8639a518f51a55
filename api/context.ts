import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Config } from "../config/env.ts";
import type { Producer } from "../queue/producer.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { LoginThrottle } from "./http/login-throttle.ts";

/** Everything a route may use, wired once in main.ts (or in a test). */
export interface ApiContext {
  readonly config: Config;
  readonly pool: Pool;
  readonly redis: Redis;
  readonly producer: Producer;
  readonly objects: ObjectStore;
  readonly throttle: LoginThrottle;
  /** Warning links are derived from it. */
  readonly linkSecret: string;
  readonly clock: Clock;
  readonly log: Logger;
}

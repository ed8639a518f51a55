import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Config } from "../config/env.ts";
import type { Producer } from "../queue/producer.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { VehicleRegistry } from "../runtime/vehicle-registry.ts";
import type { CaseTools } from "../store/case-store.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { LoginThrottle } from "./http/login-throttle.ts";

/** Everything a route may use, wired once in main.ts (or in a test). */
export interface ApiContext {
  readonly config: Config;
  readonly pool: Pool;
  readonly redis: Redis;
  readonly producer: Producer;
  readonly objects: ObjectStore;
  /** Law, templates and files: what taking a step in a case needs. */
  readonly casework: CaseTools;
  readonly throttle: LoginThrottle;
  /** Left out: no registry of vehicles is connected. */
  readonly vehicleRegistry?: VehicleRegistry;
  /** Warning links are derived from it. */
  readonly linkSecret: string;
  readonly clock: Clock;
  readonly log: Logger;
}

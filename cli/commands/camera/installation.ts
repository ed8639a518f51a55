import type { Pool } from "pg";
import { loadConfig } from "../../../config/env.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { newId } from "../../../runtime/ids.ts";
import { required } from "../../../runtime/required.ts";
import { runningServices } from "../../../runtime/services/open-services.ts";
import type { Act } from "../../../store/act.ts";
import { createPool } from "../../../store/pool.ts";
import { type Queued, queueAtOnce } from "./queue-at-once.ts";

/** The servers these commands work on: the configured ones, or those that `forewarn up` runs here. */
export interface Installation {
  readonly pool: Pool;
  /** Has the camera watched at once where Redis can be asked. */
  queue(cameraId: string): Promise<Queued>;
}

/** @throws UsageError when no database is configured and none runs here */
export async function withInstallation<Result>(
  use: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig();
  const { databaseUrl, redisUrl } = await runningServices(config);
  const pool = createPool(required(databaseUrl, "FOREWARN_DATABASE_URL"));
  try {
    return await use({ pool, queue: (cameraId) => queueAtOnce(redisUrl, config.queuePrefix, cameraId) });
  } finally {
    await pool.end();
  }
}

/** Whoever may start programs on this machine may do what they do, everywhere. */
export function cliAct(): Act {
  return { actor: { kind: "system", name: "cli" }, scope: "every", at: systemClock.now(), newId };
}

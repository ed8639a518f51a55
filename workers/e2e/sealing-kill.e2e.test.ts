import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createPool } from "../../store/pool.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";
import { KilledSealing } from "../testing/killed-sealing.ts";

/** After the worker was ready: spread over the writing of a bundle. The long run is scripts/soak/spool-chaos.ts. */
const KILLS_AFTER_MS = [50, 900, 300, 1_500, 600];
const PATIENCE_MS = 120_000;

it("a worker killed while it seals loses nothing and doubles nothing: one bundle and one incident per candidate", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "forewarn-sealing-"));
  const database = await createTestDatabase();
  const pool = createPool(database.url);
  const redis = testRedis();
  const footage = await patternClip(dataDir, "street.mp4", { size: "320x180", fps: 5, durationSec: 60 });
  const sealing = await KilledSealing.open({
    pool,
    dataDir,
    footage,
    cameras: 2,
    env: {
      FOREWARN_DATABASE_URL: database.url,
      FOREWARN_REDIS_URL: redis.url,
      FOREWARN_QUEUE_PREFIX: redis.prefix,
      FOREWARN_DATA_DIR: dataDir,
      FOREWARN_JOB_LOCK_MS: "2000",
      FOREWARN_LOG_LEVEL: "error",
    },
  });
  try {
    for (const ms of KILLS_AFTER_MS) await sealing.killAfter(ms);
    expect(await sealing.finish(PATIENCE_MS)).toEqual({
      incidents: sealing.triggered,
      bundles: sealing.triggered,
      wrongCameras: {},
      faults: [],
      exitCode: 0,
    });
  } finally {
    await sealing.close();
    await pool.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

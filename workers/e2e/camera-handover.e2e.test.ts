import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { packageRoot } from "../../runtime/version.ts";
import { createPool } from "../../store/pool.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";

const PATIENCE = { timeout: 90_000, interval: 100 };

describe("a watched camera", () => {
  let producer: Producer;
  let cameraId: string;
  let env: Record<string, string>;
  const cleanups: (() => unknown)[] = [];

  beforeAll(async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const redis = testRedis();
    const dataDir = await mkdtemp(join(tmpdir(), "forewarn-handover-"));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    const pool = createPool(database.url);
    cleanups.push(() => pool.end());
    const connection = connectRedis(redis.url, () => undefined);
    cleanups.push(() => connection.disconnect());
    producer = new Producer(connection, redis.prefix);
    cleanups.push(() => producer.close());
    const url = await patternClip(dataDir, "endless.mp4", { size: "320x180", fps: 5, durationSec: 3 });
    cameraId = await makeCamera(pool, {
      source: { url, transport: "tcp", pace: "live", loop: true },
      analysis: { model: "default", fps: 2, watch: "full" },
    });
    env = {
      FOREWARN_DATABASE_URL: database.url,
      FOREWARN_REDIS_URL: redis.url,
      FOREWARN_QUEUE_PREFIX: redis.prefix,
      FOREWARN_DATA_DIR: dataDir,
      // Converted once per checkout, not once per test run.
      FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models"),
      FOREWARN_JOB_LOCK_MS: "2000",
      FOREWARN_LOG_LEVEL: "warn",
    };
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function startWatcher(): Promise<TestProgram> {
    const watcher = await startTestProgram("workers", env, ["--roles", "camera"]);
    cleanups.push(() => watcher.kill());
    return watcher;
  }

  const jobNow = () => producer.queue("cameras").getJob(`camera-${cameraId}`);
  /** How often somebody has taken the camera on, and whether that somebody sees anything. */
  async function watched(): Promise<{ takenOn: number; sees: boolean; state: string | undefined }> {
    const job = await jobNow();
    const frames = (job?.progress as { framesAnalysed?: number } | undefined)?.framesAnalysed ?? 0;
    return { takenOn: job?.attemptsStarted ?? 0, sees: frames > 0, state: await job?.getState() };
  }

  it("goes from hand to hand: at once when a worker ends in order, after the lock when it is killed", async () => {
    const first = await startWatcher();
    await expect.poll(watched, PATIENCE).toEqual({ takenOn: 1, sees: true, state: "active" });
    await first.stop();
    expect(first.child.exitCode).toBe(0);
    expect((await watched()).state).toBe("waiting");

    await (await jobNow())?.updateProgress({});
    const second = await startWatcher();
    await expect.poll(watched, PATIENCE).toMatchObject({ sees: true, state: "active" });
    const { takenOn } = await watched();
    await second.kill();
    expect((await watched()).state).toBe("active");

    await (await jobNow())?.updateProgress({});
    const third = await startWatcher();
    await expect.poll(watched, PATIENCE).toEqual({ takenOn: takenOn + 1, sees: true, state: "active" });
    await third.stop();
    expect(third.child.exitCode).toBe(0);
    expect(await producer.queue("cameras").getJobCounts("active", "waiting", "failed")).toEqual({
      active: 0,
      waiting: 1,
      failed: 0,
    });
  });
});

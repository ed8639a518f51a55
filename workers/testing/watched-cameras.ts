import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type pg from "pg";
import type { Camera } from "../../pipeline/domain/types.ts";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { packageRoot } from "../../runtime/version.ts";
import { createPool } from "../../store/pool.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";

/** How a camera's job and its lease stand. */
export interface Watched {
  readonly fence: number;
  readonly held: boolean;
  readonly framesAnalysed: number;
}

/** A database, a queue and endless cameras for camera workers that are real processes. */
export interface WatchedCameras {
  readonly pool: pg.Pool;
  readonly producer: Producer;
  addCamera(overrides?: Partial<Camera>): Promise<string>;
  startWorker(): Promise<TestProgram>;
  look(cameraId: string): Promise<Watched>;
  /** Forgets what workers have reported, so that `framesAnalysed` says what is seen from now on. */
  forgetProgress(cameraId: string): Promise<void>;
  loseRedis(): Promise<void>;
  close(): Promise<void>;
}

export const LOCK_MS = 2_000;

export interface WatchedCamerasOptions {
  /** Instead of a folder of its own, which is removed in the end. */
  readonly dataDir?: string;
  readonly roles?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openWatchedCameras(options: WatchedCamerasOptions = {}): Promise<WatchedCameras> {
  const cleanups: (() => unknown)[] = [];
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const redis = testRedis();
  const ownDir = await mkdtemp(join(tmpdir(), "forewarn-watched-"));
  cleanups.push(() => rm(ownDir, { recursive: true, force: true }));
  const pool = createPool(database.url);
  cleanups.push(() => pool.end());
  const connection = connectRedis(redis.url, () => undefined);
  cleanups.push(() => connection.disconnect());
  const producer = new Producer(connection, redis.prefix);
  cleanups.push(() => producer.close());
  const url = await patternClip(ownDir, "endless.mp4", { size: "320x180", fps: 5, durationSec: 3 });
  const env = {
    FOREWARN_DATABASE_URL: database.url,
    FOREWARN_REDIS_URL: redis.url,
    FOREWARN_QUEUE_PREFIX: redis.prefix,
    FOREWARN_DATA_DIR: options.dataDir ?? ownDir,
    // Converted once per checkout, not once per test run.
    FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models"),
    FOREWARN_JOB_LOCK_MS: String(LOCK_MS),
    FOREWARN_LOG_LEVEL: "warn",
    ...options.env,
  };
  const jobOf = (cameraId: string) => producer.queue("cameras").getJob(`camera-${cameraId}`);

  return {
    pool,
    producer,
    addCamera: (overrides = {}) =>
      makeCamera(pool, {
        source: { url, transport: "tcp", pace: "live", loop: true },
        analysis: { model: "default", fps: 2, watch: "full" },
        ...overrides,
      }),
    async startWorker() {
      const worker = await startTestProgram("workers", env, ["--roles", options.roles ?? "camera"]);
      cleanups.push(() => worker.kill());
      return worker;
    },
    async look(cameraId) {
      const { rows } = await pool.query<{ fence: string; held: boolean }>(
        "select fence, released_at is null as held from camera_leases where camera_id = $1",
        [cameraId],
      );
      const job = await jobOf(cameraId);
      const frames = (job?.progress as { framesAnalysed?: number } | undefined)?.framesAnalysed ?? 0;
      return { fence: Number(rows[0]?.fence ?? 0), held: rows[0]?.held ?? false, framesAnalysed: frames };
    },
    async forgetProgress(cameraId) {
      await (await jobOf(cameraId))?.updateProgress({});
    },
    async loseRedis() {
      const client = new Redis(redis.url);
      for await (const found of client.scanStream({ match: `${redis.prefix}*`, count: 500 }))
        if (Array.isArray(found) && found.length > 0) await client.unlink(found);
      client.disconnect();
    },
    async close() {
      for (const cleanup of cleanups.reverse()) await cleanup();
    },
  };
}

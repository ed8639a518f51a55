import { hostname } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Config } from "../config/env.ts";
import { loadLawBook } from "../config/law-book.ts";
import { recordGroupsIn } from "../pipeline/media/process-group.ts";
import { openSealingDesk, type SealingDesk, sealingPaths } from "../pipeline/sealing.ts";
import { connectRedis } from "../queue/connection.ts";
import { Producer } from "../queue/producer.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { newId } from "../runtime/ids.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { Logger } from "../runtime/logger.ts";
import { keepClockMeasured, type MeasuredClock, unmeasuredClock } from "../runtime/measured-clock.ts";
import { WorkerMetrics } from "../runtime/metrics/worker-metrics.ts";
import { required } from "../runtime/required.ts";
import { createDocumentPress } from "../runtime/typeset/press.ts";
import { PressRoom } from "../runtime/typeset/press-room.ts";
import { packageRoot } from "../runtime/version.ts";
import type { CaseTools } from "../store/case-store.ts";
import { FolderObjectStore, type ObjectStore } from "../store/object-store.ts";
import { createPool } from "../store/pool.ts";
import { Watches } from "./camera/watches.ts";
import { Detectors } from "./detectors.ts";
import { DiskGuard } from "./disk-guard.ts";

/** Everything a handler may use, wired once. */
export interface WorkerContext {
  readonly config: Config;
  readonly pool: Pool;
  readonly redis: Redis;
  readonly producer: Producer;
  readonly objects: ObjectStore;
  /** Sealed bundles wait here until their incident is recorded. */
  readonly spoolDir: string;
  /** Where programs that we start are written down, so that none outlives us unseen. */
  readonly childrenDir: string;
  readonly desk: SealingDesk;
  /** How wrong this machine's clock is, as far as anybody knows. */
  readonly measuredClock: MeasuredClock;
  readonly detectors: Detectors;
  /** What this process watches right now. */
  readonly watches: Watches;
  readonly metrics: WorkerMetrics;
  /** Whether there is room for what cameras would show. */
  readonly disk: DiskGuard;
  /** Law, templates and files: what taking a step in a case needs. */
  readonly casework: CaseTools;
  /** Names this process among all workers. */
  readonly workerId: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborts when the program is about to end. */
  readonly signal: AbortSignal;
}

export async function createWorkerContext(
  config: Config,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<WorkerContext> {
  const pool = createPool(required(config.databaseUrl, "FOREWARN_DATABASE_URL"), log);
  lifecycle.onClose("postgres", () => pool.end());
  const redis = connectRedis(required(config.redisUrl, "FOREWARN_REDIS_URL"), (err) =>
    log.warn({ err }, "redis"),
  );
  lifecycle.onClose("redis", () => redis.disconnect());
  const producer = new Producer(redis, config.queuePrefix);
  lifecycle.onClose("queues", () => producer.close());
  const detectors = new Detectors(config, log);
  lifecycle.onClose("detectors", () => detectors.close());
  const childrenDir = join(config.dataDir, "run", "children");
  recordGroupsIn(childrenDir);
  const paths = sealingPaths(config.dataDir, config.memoryDir);
  const metrics = new WorkerMetrics();
  const objectsDir = join(config.dataDir, "objects");
  const disk = await DiskGuard.open({
    folders: [paths.bundlesDir, objectsDir, join(config.dataDir, "rings")],
    minFreeBytes: config.minFreeBytes,
    clock: systemClock,
    log,
    onLook: (state) => metrics.disk(state),
  });
  lifecycle.onClose("disk guard", () => disk.close());
  const desk = await openSealingDesk(paths, { ...config, packageRoot, algorithm: config.sealAlgorithm, log });
  lifecycle.onClose("sealing desk", () => desk.close());
  const pressRoom = new PressRoom();
  lifecycle.onClose("press", () => pressRoom.close());
  const { timeServer } = config;
  const objects = new FolderObjectStore(objectsDir);
  return {
    config,
    pool,
    redis,
    producer,
    objects,
    casework: {
      book: loadLawBook(join(config.dataDir, "calendar")),
      objects,
      press: createDocumentPress(pressRoom),
    },
    childrenDir,
    spoolDir: paths.bundlesDir,
    desk,
    measuredClock:
      timeServer === undefined ? unmeasuredClock : await keepClockMeasured(timeServer, log, lifecycle),
    detectors,
    watches: new Watches(),
    metrics,
    disk,
    workerId: `${hostname()}-${process.pid}-${newId("w").slice(-6)}`,
    clock: systemClock,
    log,
    signal: lifecycle.signal,
  };
}

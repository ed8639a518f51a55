import { setTimeout as sleep } from "node:timers/promises";
import { type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { connectRedis } from "../../queue/connection.ts";
import { jobs } from "../../queue/jobs.ts";
import type { Lifecycle } from "../../runtime/lifecycle.ts";
import { required } from "../../runtime/required.ts";
import type { WorkerContext } from "../context.ts";
import { watchCamera } from "../handlers/camera.ts";
import { BusyCores } from "./busy-cores.ts";
import { capacityFor, type Load } from "./capacity.ts";

/** How soon spare capacity is used. */
const LOOK_EVERY_MS = 1_000;
/** A killed worker's camera is found unwatched so long after its lock lapsed, at most. */
const STALLED_CHECK_MS = 2_000;

/**
 * Takes camera jobs one by one, as many as this process has capacity for, and keeps their locks: the lock is the
 * lease. Jobs are fetched by hand because a worker of the queue's own takes no more once its slots are full,
 * though there may be more slots by then.
 */
export function startCameraIntake(context: WorkerContext, lifecycle: Lifecycle): Worker {
  const { config, log } = context;
  const connection = connectRedis(required(config.redisUrl, "FOREWARN_REDIS_URL"), (err) =>
    log.warn({ err }, "redis"),
  );
  const worker = new Worker("cameras", null, {
    connection,
    prefix: config.queuePrefix,
    lockDuration: config.jobLockMs,
    stalledInterval: Math.min(STALLED_CHECK_MS, config.jobLockMs / 2),
    // A camera's job may outlive many workers.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  worker.on("error", (err) => log.warn({ err }, "worker"));
  const running = new Set<Promise<void>>();
  const intake = takeJobs(context, worker, running);
  lifecycle.onClose("cameras connection", () => connection.disconnect());
  lifecycle.onClose("cameras worker", async () => {
    await Promise.all(running);
    await worker.close();
    await intake;
  });
  return worker;
}

async function takeJobs(context: WorkerContext, worker: Worker, running: Set<Promise<void>>): Promise<void> {
  const { config, log, signal } = context;
  const cores = new BusyCores();
  await worker.waitUntilReady();
  await worker.startStalledCheckTimer();
  let capacity = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  for (let taken = 0; !signal.aborted; ) {
    if (context.clock.now() - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = context.clock.now();
      const load: Load = { busyShare: cores.take(), droppedShare: context.watches.takeDroppedShare() };
      capacity = capacityFor(running.size, config.camerasPerWorker, load);
    }
    const token = `${context.workerId}:${taken}`;
    const job = running.size < capacity ? await nextJob(context, worker, token) : undefined;
    if (job === undefined) {
      await pause(LOOK_EVERY_MS / 4, signal);
      continue;
    }
    taken += 1;
    const watch = holdJob(context, job, token)
      .catch((err: unknown) => log.warn({ err, jobId: job.id }, "a camera job could not be put back"))
      .finally(() => running.delete(watch));
    running.add(watch);
  }
}

async function nextJob({ log }: WorkerContext, worker: Worker, token: string): Promise<Job | undefined> {
  try {
    return (await worker.getNextJob(token, { block: false })) as Job | undefined;
  } catch (err) {
    log.warn({ err }, "no camera job could be taken");
    return undefined;
  }
}

/**
 * Does the job, renewing its lock, and tells the queue how it ended. A lock that is gone (Redis was lost, or this
 * process stood still) does not end the watch: nobody may have taken the camera yet, and the fence tells us when.
 */
async function holdJob(context: WorkerContext, job: Job, token: string): Promise<void> {
  const { config, log } = context;
  const renewal = setInterval(() => {
    job.extendLock(token, config.jobLockMs).catch((err: unknown) => {
      log.warn({ err, jobId: job.id }, "the lock of a camera could not be renewed");
    });
  }, config.jobLockMs / 3);
  try {
    const payload = jobs.cameras.payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`payload of cameras job ${job.id} is not valid`);
    await watchCamera(context, payload.data, job, token);
    await job.moveToCompleted(undefined, token, false);
  } catch (err) {
    if (err instanceof WaitingError) return;
    const final = err instanceof UnrecoverableError;
    log[final ? "error" : "warn"]({ err, jobId: job.id, attempts: job.attemptsMade }, "job failed");
    await job.moveToFailed(err instanceof Error ? err : new Error(String(err)), token, false);
  } finally {
    clearInterval(renewal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((fault: unknown) => {
    if (!signal.aborted) throw fault;
  });
}

import { type Job, UnrecoverableError, Worker } from "bullmq";
import { connectRedis } from "../queue/connection.ts";
import { jobs } from "../queue/jobs.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import { startCameraIntake } from "./camera/camera-intake.ts";
import type { WorkerContext } from "./context.ts";
import { type Handler, handlers, roles, type WorkerRole } from "./registry.ts";

/** Starts taking jobs of one role. Ends with the lifecycle: no new job, running ones finish or hand over. */
export function startRole(context: WorkerContext, role: WorkerRole, lifecycle: Lifecycle): Worker {
  if (role === "camera") return startCameraIntake(context, lifecycle);
  const { queue, concurrency } = roles[role];
  const log = context.log.child({ queue });
  // A worker blocks its connection while it waits for a job, so each has one of its own.
  const connection = connectRedis(redisUrl(context), (err) => log.warn({ err }, "redis"));
  const handler = handlers[queue] as Handler<typeof queue>;
  const worker = new Worker(
    queue,
    async (job: Job, token) => {
      const payload = jobs[queue].payload.safeParse(job.data);
      if (!payload.success) throw new UnrecoverableError(`payload of ${queue} job ${job.id} is not valid`);
      await handler(context, payload.data as never, job, token ?? "");
    },
    {
      connection,
      prefix: context.config.queuePrefix,
      concurrency: concurrency(),
      // A killed worker's job waits for the lock to lapse, then for the next check.
      lockDuration: context.config.jobLockMs,
      stalledInterval: context.config.jobLockMs / 2,
      // Evidence is stored once, and a warning sent once, however often it is tried.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  worker.on("error", (err) => log.warn({ err }, "worker"));
  worker.on("failed", (job, err) => {
    const final = job !== undefined && job.finishedOn !== undefined;
    log[final ? "error" : "warn"]({ err, jobId: job?.id, attempts: job?.attemptsMade }, "job failed");
  });
  lifecycle.onClose(`${queue} connection`, () => connection.disconnect());
  lifecycle.onClose(`${queue} worker`, () => worker.close());
  return worker;
}

function redisUrl(context: WorkerContext): string {
  if (context.config.redisUrl === undefined) throw new Error("a worker context always has a Redis URL");
  return context.config.redisUrl;
}

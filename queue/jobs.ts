import type { JobsOptions } from "bullmq";
import { z } from "zod";

/**
 * Every queue, what its jobs carry and how they are retried. Payloads are ids, never frames, never secrets:
 * a handler re-reads the row. `jobId` is no idempotency (a removed job's id runs again); unique constraints are.
 */
export const jobs = {
  /** One long-lived job per enabled camera; the lock is the lease. */
  cameras: {
    payload: z.strictObject({ cameraId: z.string().min(1) }),
    options: {
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: "exponential", delay: 1_000, jitter: 0.5 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  },
  /** A sealed bundle lies in the spool and wants to become an incident. */
  evidence: {
    payload: z.strictObject({ candidateId: z.string().regex(/^cnd_[0-9a-f]{26}$/) }),
    options: {
      attempts: 12,
      backoff: { type: "exponential", delay: 1_000, jitter: 0.5 },
      removeOnComplete: { count: 1_000 },
      // A failed one stays: somebody must look at it.
      removeOnFail: false,
    },
  },
  /** A warning wants to go out over one channel. */
  notices: {
    payload: z.strictObject({ deliveryId: z.string().min(1) }),
    options: {
      attempts: 8,
      backoff: { type: "exponential", delay: 2_000, jitter: 0.5 },
      removeOnComplete: { count: 1_000 },
      removeOnFail: false,
    },
  },
  /** A camera that does not see wants somebody told, over one channel. */
  alarms: {
    payload: z.strictObject({ alarmId: z.string().min(1) }),
    options: {
      attempts: 12,
      backoff: { type: "exponential", delay: 1_000, jitter: 0.5 },
      removeOnComplete: { count: 1_000 },
      removeOnFail: false,
    },
  },
  /** Somebody was warned: the camera looks again when the grace is over. The row says when. */
  rechecks: {
    payload: z.strictObject({ recheckId: z.string().min(1) }),
    options: {
      attempts: 12,
      backoff: { type: "exponential", delay: 5_000, jitter: 0.5 },
      removeOnComplete: true,
      removeOnFail: false,
    },
  },
  /** Evidence whose time is over wants to be deleted; once for each local date. */
  retention: {
    payload: z.strictObject({ date: z.iso.date() }),
    options: {
      attempts: 12,
      backoff: { type: "exponential", delay: 60_000, jitter: 0.5 },
      removeOnComplete: { age: 3 * 86_400 },
      removeOnFail: false,
    },
  },
  /** Deadlines of cases fall due; once for each local date. What is due stands in Postgres. */
  clocks: {
    payload: z.strictObject({ date: z.iso.date() }),
    options: {
      attempts: 12,
      backoff: { type: "exponential", delay: 60_000, jitter: 0.5 },
      removeOnComplete: { age: 3 * 86_400 },
      removeOnFail: false,
    },
  },
  /** The evidence log may want a signed checkpoint, or a timestamp for one; the handler knows. */
  checkpoints: {
    payload: z.strictObject({}),
    options: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  },
} as const satisfies Record<string, { payload: z.ZodType; options: JobsOptions }>;

export type QueueName = keyof typeof jobs;
export type Payload<Name extends QueueName> = z.infer<(typeof jobs)[Name]["payload"]>;
export const queueNames = Object.keys(jobs) as QueueName[];

import { type Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { jobs, type Payload, type QueueName, queueNames } from "./jobs.ts";

/** The only place that adds jobs. */
export class Producer {
  readonly #queues: Record<QueueName, Queue>;

  constructor(redis: Redis, prefix: string) {
    const queues: Partial<Record<QueueName, Queue>> = {};
    for (const name of queueNames) {
      const queue = new Queue(name, { connection: redis, prefix });
      // What the connection suffers its own listener has said; without one here it is printed once more, raw.
      queue.on("error", () => undefined);
      queues[name] = queue;
    }
    this.#queues = queues as Record<QueueName, Queue>;
  }

  /** Adding a camera that is already queued or watched changes nothing: one job per camera. */
  async watchCamera(cameraId: string): Promise<void> {
    await this.#add("cameras", { cameraId }, `camera-${cameraId}`);
  }

  async storeEvidence(candidateId: string): Promise<void> {
    await this.#add("evidence", { candidateId }, candidateId);
  }

  /** @param delayMs not before so long from now, as for a loudspeaker in quiet hours */
  async sendNotice(deliveryId: string, delayMs = 0): Promise<void> {
    await this.#add("notices", { deliveryId }, deliveryId, delayMs);
  }

  async sendAlarm(alarmId: string): Promise<void> {
    await this.#add("alarms", { alarmId }, alarmId);
  }

  /** A look that waits already moves to the new time. @param delayMs from now; what is due or overdue is due now */
  async lookAgain(recheckId: string, delayMs: number): Promise<void> {
    await this.#add("rechecks", { recheckId }, recheckId, delayMs);
    const job = await this.#queues.rechecks.getJob(recheckId);
    if (job !== undefined && (await job.isDelayed()))
      await job.changeDelay(Math.max(0, delayMs)).catch(unlessDelayed(job));
  }

  /** @param date local, `2026-04-09` */
  async applyRetention(date: string): Promise<void> {
    await this.#add("retention", { date }, `retention-${date}`);
  }

  /** @param date local, `2026-04-09` */
  async fireClocks(date: string): Promise<void> {
    await this.#add("clocks", { date }, `clocks-${date}`);
  }

  async makeCheckpoint(): Promise<void> {
    await this.#add("checkpoints", {}, "checkpoint");
  }

  /** For reading states and progress; adding goes through the methods above. */
  queue(name: QueueName): Queue {
    return this.#queues[name];
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.close()));
  }

  async #add<Name extends QueueName>(
    name: Name,
    payload: Payload<Name>,
    jobId: string,
    delayMs = 0,
  ): Promise<void> {
    const queue = this.#queues[name];
    const data = jobs[name].payload.parse(payload);
    const given = await queue.getJob(jobId);
    if (given === undefined || !(await given.isFailed())) {
      const delay = Math.max(0, Math.round(delayMs));
      await queue.add(name, data, { ...jobs[name].options, jobId, ...(delay > 0 ? { delay } : {}) });
      return;
    }
    // A job that was given up keeps its id: adding it again would change nothing.
    await given.retry("failed", { resetAttemptsMade: true }).catch(async (error: unknown) => {
      // Somebody else was faster with the same.
      if (await given.isFailed()) throw error;
    });
  }
}

/** It became due between asking and moving: then there is nothing to move. */
function unlessDelayed(job: Job): (error: unknown) => Promise<void> {
  return async (error) => {
    if (await job.isDelayed()) throw error;
  };
}

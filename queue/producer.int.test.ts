import { UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testRedis } from "../test-fixtures/test-database.ts";
import { connectRedis } from "./connection.ts";
import { queueNames } from "./jobs.ts";
import { Producer } from "./producer.ts";

const candidateId = `cnd_${"a".repeat(26)}`;
const patience = { timeout: 20_000, interval: 50 };

describe("the producer", () => {
  const { url, prefix } = testRedis();
  let redis: Redis;
  let producer: Producer;
  beforeEach(() => {
    redis = connectRedis(url, () => undefined);
    producer = new Producer(redis, prefix);
  });
  afterEach(async () => {
    for (const name of queueNames) await producer.queue(name).obliterate({ force: true });
    await producer.close();
    redis.disconnect();
  });

  it("queues each thing once, under its own id, however often it is asked", async () => {
    for (const _ of [1, 2, 3]) {
      await producer.watchCamera("cam-1");
      await producer.storeEvidence(candidateId);
      await producer.sendNotice("dlv_1");
    }
    for (const [name, id, data] of [
      ["cameras", "camera-cam-1", { cameraId: "cam-1" }],
      ["evidence", candidateId, { candidateId }],
      ["notices", "dlv_1", { deliveryId: "dlv_1" }],
    ] as const) {
      const jobs = await producer.queue(name).getJobs();
      expect(jobs.map((job) => ({ id: job.id, data: job.data }))).toEqual([{ id, data }]);
    }
  });

  it("queues nothing that is no payload", async () => {
    await expect(producer.storeEvidence("../../etc")).rejects.toThrow(/candidateId/);
    await expect(producer.watchCamera("")).rejects.toThrow(/cameraId/);
    expect(await producer.queue("evidence").getJobs()).toEqual([]);
  });

  it("begins anew with a job that was given up, also when two ask for it at once", async () => {
    await producer.storeEvidence(candidateId);
    const queue = producer.queue("evidence");
    const failing = new Worker("evidence", () => Promise.reject(new UnrecoverableError("no")), {
      connection: redis.duplicate(),
      prefix,
    });
    await expect.poll(async () => (await queue.getJob(candidateId))?.getState(), patience).toBe("failed");
    await failing.close();
    await Promise.all([1, 2, 3].map(() => producer.storeEvidence(candidateId)));
    const job = await queue.getJob(candidateId);
    expect([await job?.getState(), job?.attemptsMade]).toEqual(["waiting", 0]);
  });
});

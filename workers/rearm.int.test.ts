import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError, Worker } from "bullmq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { thisWriter } from "../pipeline/evidence/writer-identity.ts";
import { queueNames } from "../queue/jobs.ts";
import { setCameraEnabled } from "../store/camera-store.ts";
import { recordDelivery } from "../store/delivery-store.ts";
import { withTx } from "../store/pool.ts";
import { makeCamera, systemAct } from "../test-fixtures/store-builders.ts";
import { rearm } from "./rearm.ts";
import { workerRoles } from "./registry.ts";
import { startRole } from "./start-role.ts";
import { blindCamera } from "./testing/blind-camera.ts";
import { startTestWorker, type TestWorker } from "./testing/test-worker.ts";

const patience = { timeout: 20_000, interval: 50 };

describe("arming the queues again", () => {
  let worker: TestWorker;
  beforeEach(async () => {
    worker = await startTestWorker();
  });
  afterEach(() => worker.close());

  async function queued(): Promise<Record<string, (string | undefined)[]>> {
    const entries = queueNames.map(async (name) => {
      const jobs = await worker.context.producer.queue(name).getJobs();
      return [name, jobs.map((job) => job.id).sort()] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  const nothing = Object.fromEntries(queueNames.map((name) => [name, []]));

  it("queues what Redis lost, from Postgres and the spool, and each thing once", async () => {
    const { pool } = worker.context;
    const { candidateId, cameraId } = await worker.spoolBundle();
    const off = await makeCamera(pool);
    await withTx(pool, (tx) => setCameraEnabled(tx, systemAct(), off, false));
    const { deliveryIds, recheckId } = await worker.warn(["log", "webhook"]);
    const alarmIds = await blindCamera(pool, cameraId, ["log", "webhook"]);
    const { rows } = await pool.query<{ id: string }>("select id from cameras where enabled order by id");
    const expected = {
      cameras: rows.map(({ id }) => `camera-${id}`),
      evidence: [candidateId],
      notices: deliveryIds.toSorted(),
      alarms: alarmIds.toSorted(),
      rechecks: [recheckId],
      retention: [expect.stringMatching(/^retention-\d{4}-\d\d-\d\d$/)],
      clocks: [expect.stringMatching(/^clocks-\d{4}-\d\d-\d\d$/)],
      checkpoints: ["checkpoint"],
    };
    expect(expected.cameras).toContain(`camera-${cameraId}`);
    await rearm(worker.context, workerRoles, "start");
    expect(await queued()).toEqual(expected);
    await worker.loseRedis();
    expect(await queued()).toEqual(nothing);
    await Promise.all([
      rearm(worker.context, workerRoles, "start"),
      rearm(worker.context, workerRoles, "start"),
    ]);
    expect(await queued()).toEqual(expected);
  });

  it("arms only what its roles are for", async () => {
    await worker.spoolBundle();
    const { deliveryIds } = await worker.warn(["log"]);
    await rearm(worker.context, ["notice"], "start");
    expect(await queued()).toEqual({ ...nothing, notices: deliveryIds });
  });

  it("leaves alone what was sent, and what was given up", async () => {
    const { deliveryIds } = await worker.warn(["log", "webhook"]);
    for (const [index, state] of (["sent", "failed"] as const).entries())
      await withTx(worker.context.pool, (tx) =>
        recordDelivery(tx, systemAct(), { deliveryId: deliveryIds[index] ?? "", state, detail: {} }),
      );
    await rearm(worker.context, ["notice"], "start");
    expect((await queued()).notices).toEqual([]);
  });

  it("makes the spool where there is none, and clears what broken-off writers left in it", async () => {
    const { spoolDir } = worker.context;
    const dead = join(spoolDir, `.tmp-${thisWriter.host}-999999999-0123456789ab-01234567`);
    await mkdir(dead, { recursive: true });
    await writeFile(join(dead, "half.jpg"), "half");
    await rearm(worker.context, ["evidence"], "start");
    expect(await readdir(spoolDir)).toEqual([]);
    expect((await queued()).evidence).toEqual([]);
  });

  it("tries a spooled bundle again whose job was given up, for whatever stood in the way may be gone", async () => {
    const { candidateId } = await worker.spoolBundle();
    const { context } = worker;
    const queue = context.producer.queue("evidence");
    await context.producer.storeEvidence(candidateId);
    const failing = new Worker(
      "evidence",
      () => Promise.reject(new UnrecoverableError("Postgres was away all night")),
      {
        connection: context.redis.duplicate({ maxRetriesPerRequest: null }),
        prefix: context.config.queuePrefix,
      },
    );
    await expect.poll(async () => (await queue.getJob(candidateId))?.getState(), patience).toBe("failed");
    await failing.close();
    await rearm(context, ["evidence"], "start");
    startRole(context, "evidence", worker.lifecycle);
    await expect.poll(() => readdir(context.spoolDir), patience).toEqual([]);
    const { rows } = await context.pool.query("select state from incidents");
    expect(rows).toEqual([{ state: "review_pending" }]);
  });

  it("tries a pending notice again whose job was given up", async () => {
    const { context } = worker;
    const [deliveryId = ""] = (await worker.warn(["log"])).deliveryIds;
    const queue = context.producer.queue("notices");
    await context.producer.sendNotice(deliveryId);
    const failing = new Worker("notices", () => Promise.reject(new UnrecoverableError("Postgres was away")), {
      connection: context.redis.duplicate({ maxRetriesPerRequest: null }),
      prefix: context.config.queuePrefix,
    });
    await expect.poll(async () => (await queue.getJob(deliveryId))?.getState(), patience).toBe("failed");
    await failing.close();
    await rearm(context, ["notice"], "start");
    await expect.poll(async () => (await queue.getJob(deliveryId))?.getState(), patience).toBe("waiting");
  });
});

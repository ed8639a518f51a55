import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCamera } from "../test-fixtures/store-builders.ts";
import { startRole } from "./start-role.ts";
import { startTestWorker, type TestWorker } from "./testing/test-worker.ts";

const patience = { timeout: 20_000, interval: 50 };

describe("a worker of one role", () => {
  let worker: TestWorker;
  beforeEach(async () => {
    worker = await startTestWorker({ FOREWARN_JOB_LOCK_MS: "2000" });
  });
  afterEach(() => worker.close());

  it("holds a job as long as it was told to", () => {
    const { opts } = startRole(worker.context, "evidence", worker.lifecycle);
    expect([opts.lockDuration, opts.stalledInterval]).toEqual([2_000, 1_000]);
  });

  it("gives a job up at once whose payload is none, and says so", async () => {
    const queue = worker.context.producer.queue("evidence");
    await queue.add("evidence", { candidateId: "../../etc" }, { jobId: "bad", attempts: 5 });
    startRole(worker.context, "evidence", worker.lifecycle);
    await expect.poll(async () => (await queue.getJob("bad"))?.getState(), patience).toBe("failed");
    expect(await queue.getJob("bad")).toMatchObject({
      attemptsMade: 1,
      failedReason: "payload of evidence job bad is not valid",
    });
    await expect
      .poll(() => worker.log.filter((line) => line.includes("job failed")), patience)
      .toHaveLength(1);
    expect(worker.log.find((line) => line.includes("job failed"))).toContain('"level":50');
  });

  it("lets go of a camera that is switched off or gone, and of one without a source", async () => {
    const { context } = worker;
    const queue = context.producer.queue("cameras");
    const sourceless = await makeCamera(context.pool);
    await context.pool.query("update cameras set source = null where id = $1", [sourceless]);
    const off = await makeCamera(context.pool);
    await context.pool.query("update cameras set enabled = false where id = $1", [off]);
    for (const cameraId of [sourceless, off, "cam-unknown"]) await context.producer.watchCamera(cameraId);
    startRole(context, "camera", worker.lifecycle);
    await expect.poll(async () => (await queue.getJobs()).length, patience).toBe(0);
    expect(worker.log.filter((line) => line.includes("job failed"))).toEqual([
      expect.stringContaining(`camera ${sourceless} has no source to watch`),
    ]);
  });

  it("stops when the program ends, and leaves what is queued for the next one", async () => {
    startRole(worker.context, "evidence", worker.lifecycle);
    const other = await startTestWorker();
    const running = startRole(other.context, "notice", other.lifecycle);
    await other.close();
    expect(running.closing).toBeDefined();
    expect(other.context.signal.aborted).toBe(true);
    expect(worker.context.signal.aborted).toBe(false);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setCameraEnabled } from "../../store/camera-store.ts";
import { withTx } from "../../store/pool.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { openWatchedCameras, type WatchedCameras } from "../testing/watched-cameras.ts";

const PATIENCE = { timeout: 90_000, interval: 100 };

describe("cameras of a running worker", () => {
  let cameras: WatchedCameras;
  const isWatched = (cameraId: string) => async () => {
    const { held, framesAnalysed } = await cameras.look(cameraId);
    return held && framesAnalysed > 0;
  };
  const enable = (cameraId: string, enabled: boolean) =>
    withTx(cameras.pool, (tx) => setCameraEnabled(tx, systemAct(), cameraId, enabled));

  beforeAll(async () => {
    cameras = await openWatchedCameras();
  });
  afterAll(() => cameras.close());

  it("are added, changed, switched off and on, and survive the loss of Redis, without a restart", async () => {
    const worker = await cameras.startWorker();
    const first = await cameras.addCamera();
    await cameras.producer.watchCamera(first);
    await expect.poll(isWatched(first), PATIENCE).toBe(true);

    // Changed: taken up by whoever watches, who need not let go of it.
    await cameras.forgetProgress(first);
    await cameras.pool.query("update cameras set version = version + 1 where id = $1", [first]);
    await expect.poll(isWatched(first), PATIENCE).toBe(true);
    expect((await cameras.look(first)).fence).toBe(1);

    await enable(first, false);
    await expect.poll(async () => (await cameras.look(first)).held, PATIENCE).toBe(false);
    expect(await cameras.producer.queue("cameras").getJobCounts("active", "waiting")).toEqual({
      active: 0,
      waiting: 0,
    });

    // Nobody tells the queue of these two: the worker finds them in Postgres.
    await cameras.loseRedis();
    await enable(first, true);
    const second = await cameras.addCamera();
    await expect.poll(isWatched(first), PATIENCE).toBe(true);
    await expect.poll(isWatched(second), PATIENCE).toBe(true);
    await worker.stop();
    expect(worker.child.exitCode).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWatchedCameras, type WatchedCameras } from "../testing/watched-cameras.ts";

const PATIENCE = { timeout: 90_000, interval: 100 };

describe("a watched camera", () => {
  let cameras: WatchedCameras;
  let cameraId: string;

  beforeAll(async () => {
    cameras = await openWatchedCameras();
    cameraId = await cameras.addCamera();
  });
  afterAll(() => cameras.close());

  const sees = async () => {
    const { fence, held, framesAnalysed } = await cameras.look(cameraId);
    return { fence, held, sees: framesAnalysed > 0 };
  };
  const stateOfJob = async () =>
    (await cameras.producer.queue("cameras").getJob(`camera-${cameraId}`))?.getState();

  it("goes from hand to hand: at once when a worker ends in order, after the lock when it is killed", async () => {
    const first = await cameras.startWorker();
    await expect.poll(sees, PATIENCE).toEqual({ fence: 1, held: true, sees: true });
    await first.stop();
    expect(first.child.exitCode).toBe(0);
    expect(await stateOfJob()).toBe("waiting");
    expect(await cameras.look(cameraId)).toMatchObject({ fence: 1, held: false });

    await cameras.forgetProgress(cameraId);
    const second = await cameras.startWorker();
    await expect.poll(sees, PATIENCE).toEqual({ fence: 2, held: true, sees: true });
    await second.kill();
    expect(await stateOfJob()).toBe("active");

    await cameras.forgetProgress(cameraId);
    const third = await cameras.startWorker();
    await expect.poll(sees, PATIENCE).toEqual({ fence: 3, held: true, sees: true });
    await third.stop();
    expect(third.child.exitCode).toBe(0);
    expect(await cameras.producer.queue("cameras").getJobCounts("active", "waiting", "failed")).toEqual({
      active: 0,
      waiting: 1,
      failed: 0,
    });
  });
});

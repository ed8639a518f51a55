import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { county, makeCamera, testDay } from "../test-fixtures/store-builders.ts";
import { createTestDatabase, type TestDatabase } from "../test-fixtures/test-database.ts";
import { type CameraStatus, countWall, listWall, writeCameraStatus } from "./camera-status-read-model.ts";
import { recordOutcome, releaseLease, takeLease } from "./lease-store.ts";
import { createPool } from "./pool.ts";

const status: CameraStatus = {
  kind: "watched",
  capture: {
    state: "running",
    restarts: 1,
    stalls: 0,
    breaker: "closed",
    lastExit: "failed",
    nextTryInMs: null,
  },
  framesDecoded: 250,
  framesAnalysed: 48,
  framesDropped: 2,
  analysedFps: 1.9,
  lastFrameAt: testDay - 700,
  standing: 3,
  candidates: 1,
  unconfirmed: 0,
  clock: { offsetMs: 12, driftPpm: -3, jumps: 0 },
  ring: { seconds: 300, bytes: 1_000_000, losses: 0 },
  model: "yolox-nano",
  watch: "keyframes",
};

describe("the wall", () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const taken = async (at = testDay - 60_000) => {
    const lease = await takeLease(pool, await makeCamera(pool), "worker-1", at);
    if (lease === undefined) throw new Error("the camera was not to be had");
    return lease;
  };
  const find = async (cameraId: string, at = testDay) =>
    (await listWall(pool, "every", at)).find((camera) => camera.cameraId === cameraId);

  it("shows what the holder of the lease wrote, and nobody else's word", async () => {
    const { cameraId, fence } = await taken();
    expect(await writeCameraStatus(pool, cameraId, fence, status, testDay)).toBe(true);
    expect(await writeCameraStatus(pool, cameraId, fence + 1, { ...status, standing: 9 }, testDay)).toBe(
      false,
    );
    expect(await find(cameraId)).toMatchObject({
      name: "人民南路二段 12 号门前",
      region: county,
      place: "人民南路二段",
      kind: "watched",
      workerId: "worker-1",
      since: new Date(testDay - 60_000).toISOString(),
      lastFrameAgeMs: 700,
      status,
    });
    await takeLease(pool, cameraId, "worker-2", testDay + 1_000);
    expect(await writeCameraStatus(pool, cameraId, fence, { ...status, standing: 9 }, testDay + 2_000)).toBe(
      false,
    );
    // What the worker before said is not what this one sees.
    expect(await find(cameraId, testDay + 2_000)).toMatchObject({
      kind: "starting",
      workerId: "worker-2",
      status: null,
    });
  });

  it("takes silence for what it is", async () => {
    const { cameraId, fence } = await taken();
    expect((await find(cameraId, testDay - 41_000))?.kind).toBe("starting");
    expect((await find(cameraId))?.kind).toBe("unwatched");
    await writeCameraStatus(pool, cameraId, fence, { ...status, kind: "covered" }, testDay);
    expect((await find(cameraId, testDay + 20_000))?.kind).toBe("covered");
    expect(await find(cameraId, testDay + 20_001)).toMatchObject({ kind: "unwatched", workerId: "worker-1" });
  });

  it("knows the camera that nobody has, gave back or has finished", async () => {
    const cameraId = await makeCamera(pool);
    expect(await find(cameraId)).toMatchObject({
      kind: "unwatched",
      workerId: null,
      since: null,
      status: null,
    });
    const given = await taken();
    await writeCameraStatus(pool, given.cameraId, given.fence, status, testDay);
    await releaseLease(pool, given, false, testDay + 500);
    expect(await find(given.cameraId, testDay + 1_000)).toMatchObject({
      kind: "unwatched",
      workerId: null,
      since: new Date(testDay + 500).toISOString(),
      status: null,
    });
    const done = await taken();
    await releaseLease(pool, done, true, testDay);
    expect((await find(done.cameraId))?.kind).toBe("finished");
  });

  it("counts candidates of the day in Shanghai", async () => {
    const lease = await taken();
    const midnight = Date.parse("2026-03-09T16:00:00Z");
    const record = (last: number, triggeredAt: number, outcome: "sealed" | "unconfirmed") =>
      recordOutcome(
        pool,
        lease,
        {
          candidateId: `cnd_${last.toString(16).padStart(26, "0")}`,
          ruleId: "r",
          violation: "vehicle_sidewalk",
          triggeredAt,
          outcome,
        },
        testDay,
      );
    await record(1, midnight - 1, "sealed");
    await record(2, midnight, "sealed");
    await record(3, testDay - 1, "unconfirmed");
    expect(await find(lease.cameraId)).toMatchObject({ candidatesToday: 1, unconfirmedToday: 1 });
  });

  it("tells how much of the day was seen and what somebody should look after", async () => {
    const { cameraId, fence } = await taken();
    const midnight = Date.parse("2026-03-09T16:00:00Z");
    const span = (kind: string, from: number, to: number) =>
      pool.query(
        "insert into camera_spans (camera_id, kind, from_at, to_at, fence) values ($1, $2, $3, $4, $5)",
        [cameraId, kind, new Date(from), new Date(to), fence],
      );
    // Nine hours of the day have passed: three of them watched.
    await span("watched", midnight - 3_600_000, midnight + 7_200_000);
    await span("offline", midnight + 7_200_000, testDay - 3_600_000);
    await span("watched", testDay - 3_600_000, testDay + 600_000);
    const task = (id: string, kind: string, resolvedAt: Date | null) =>
      pool.query(
        "insert into camera_tasks (id, camera_id, kind, opened_at, resolved_at) values ($1, $2, $3, $4, $5)",
        [`${cameraId}-${id}`, cameraId, kind, new Date(midnight), resolvedAt],
      );
    await task("1", "offline", null);
    await task("2", "covered", null);
    await task("3", "frozen", new Date(testDay));
    const camera = await find(cameraId);
    expect(camera?.watchedToday).toBeCloseTo(3 / 9);
    expect(camera?.openTasks).toEqual(["covered", "offline"]);
    expect(await find(await makeCamera(pool))).toMatchObject({ watchedToday: 0, openTasks: [] });
  });

  it("lets nobody see beyond their regions, and passes over what it cannot read", async () => {
    const { cameraId, fence } = await taken();
    await pool.query(
      `insert into camera_statuses (camera_id, fence, status, at) values ($1, $2, '{"kind":"splendid"}', $3)`,
      [cameraId, fence, new Date(testDay)],
    );
    expect(await find(cameraId)).toMatchObject({ kind: "unwatched", status: null });
    expect(await listWall(pool, ["510108"], testDay)).toEqual([]);
    expect((await listWall(pool, [county], testDay)).length).toBeGreaterThan(0);
    const counts = countWall(await listWall(pool, "every", testDay));
    expect(counts.unwatched).toBeGreaterThan(0);
    expect(counts.offline).toBe(0);
  });
});

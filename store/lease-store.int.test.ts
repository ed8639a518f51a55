import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCamera, systemAct, testDay } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { setCameraEnabled } from "./camera-store.ts";
import { StaleFenceError } from "./errors.ts";
import {
  findWatchState,
  type Lease,
  recordOutcome,
  releaseLease,
  renewLease,
  saveWatchState,
  takeLease,
} from "./lease-store.ts";
import { createPool, withTx } from "./pool.ts";

const outcome = (candidateId: string, what: "sealed" | "unconfirmed" = "sealed") => ({
  candidateId: `cnd_${candidateId.padStart(26, "0")}`,
  ruleId: "rule",
  violation: "vehicle_sidewalk",
  triggeredAt: testDay,
  outcome: what,
});

describe("leases", () => {
  async function taken(...args: Parameters<typeof takeLease>): Promise<Lease> {
    const lease = await takeLease(...args);
    if (lease === undefined) throw new Error("no such camera, or it is switched off");
    return lease;
  }
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it("gives every taker a higher fence and refuses the writes of those before", async () => {
    const cameraId = await makeCamera(pool);
    const first = await taken(pool, cameraId, "worker-a", testDay);
    const second = await taken(pool, cameraId, "worker-b", testDay + 1_000);
    expect([first.fence, second.fence]).toEqual([1, 2]);
    const state = { documentSha256: "abc", snapshot: { stays: [1] } };
    await expect(renewLease(pool, first)).rejects.toThrow(StaleFenceError);
    await expect(saveWatchState(pool, first, state, testDay)).rejects.toThrow(StaleFenceError);
    await expect(recordOutcome(pool, first, outcome("1"), testDay)).rejects.toThrow(StaleFenceError);
    expect(await findWatchState(pool, cameraId, "abc")).toBeUndefined();

    await saveWatchState(pool, second, state, testDay);
    await saveWatchState(pool, second, { ...state, snapshot: { stays: [] } }, testDay);
    expect(await findWatchState(pool, cameraId, "abc")).toEqual({ stays: [] });
    // Other zones or rules: whoever watches now begins anew.
    expect(await findWatchState(pool, cameraId, "other")).toBeUndefined();
  });

  it("lets one of many take it at once, each with a fence of its own", async () => {
    const cameraId = await makeCamera(pool);
    const leases = await Promise.all(
      Array.from({ length: 20 }, (_, at) => taken(pool, cameraId, `worker-${at}`, testDay)),
    );
    expect(leases.map(({ fence }) => fence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    const held = await Promise.allSettled(leases.map((lease) => renewLease(pool, lease)));
    expect(held.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("keeps the first word about a candidate", async () => {
    const lease = await taken(pool, await makeCamera(pool), "worker", testDay);
    await recordOutcome(pool, lease, outcome("a"), testDay);
    await recordOutcome(pool, lease, outcome("a", "unconfirmed"), testDay + 1);
    const { rows } = await pool.query(
      "select outcome, decided_at from camera_candidates where camera_id = $1",
      [lease.cameraId],
    );
    expect(rows).toEqual([{ outcome: "sealed", decided_at: new Date(testDay) }]);
  });

  it("tells of every change of the camera, and of its being switched off", async () => {
    const cameraId = await makeCamera(pool);
    const lease = await taken(pool, cameraId, "worker", testDay);
    const before = await renewLease(pool, lease);
    expect(await renewLease(pool, lease)).toEqual(before);
    await pool.query('update cameras set source = \'{"url":"rtsp://other"}\' where id = $1', [cameraId]);
    expect((await renewLease(pool, lease)).revision).not.toBe(before.revision);
    await withTx(pool, (tx) => setCameraEnabled(tx, systemAct(), cameraId, false));
    expect(await renewLease(pool, lease)).toMatchObject({ enabled: false });
  });

  it("takes no camera that is unknown or switched off", async () => {
    expect(await takeLease(pool, "cam-unknown", "worker", testDay)).toBeUndefined();
    const cameraId = await makeCamera(pool);
    await withTx(pool, (tx) => setCameraEnabled(tx, systemAct(), cameraId, false));
    expect(await takeLease(pool, cameraId, "worker", testDay)).toBeUndefined();
  });

  it("is released by its holder only", async () => {
    const cameraId = await makeCamera(pool);
    const first = await taken(pool, cameraId, "worker-a", testDay);
    const second = await taken(pool, cameraId, "worker-b", testDay);
    const released = async () =>
      (
        await pool.query("select released_at, finished_at from camera_leases where camera_id = $1", [
          cameraId,
        ])
      ).rows[0];
    await releaseLease(pool, first, true, testDay);
    expect(await released()).toEqual({ released_at: null, finished_at: null });
    await releaseLease(pool, second, true, testDay);
    expect(await released()).toEqual({ released_at: new Date(testDay), finished_at: new Date(testDay) });
    await taken(pool, cameraId, "worker-c", testDay);
    expect(await released()).toEqual({ released_at: null, finished_at: null });
  });
});

import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { totalsOf } from "../pipeline/domain/health/kinds.ts";
import { newId } from "../runtime/ids.ts";
import { makeCamera, makeUser, testDay, userAct } from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import {
  findCameraAlarm,
  gapsOf,
  listCameraTasks,
  listPendingAlarms,
  spansOf,
} from "./camera-health-read-model.ts";
import { type HealthReport, recordHealth } from "./camera-health-store.ts";
import { findAcceptedView, resolveCameraTask } from "./camera-task-store.ts";
import { NotFoundError, RefusedError, StaleFenceError } from "./errors.ts";
import { type Lease, releaseLease, takeLease } from "./lease-store.ts";
import { createPool, withTx } from "./pool.ts";
import { readTimeline } from "./timeline-store.ts";

const sec = (seconds: number): number => testDay + seconds * 1000;

describe("health of a camera on record", () => {
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

  async function held(cameraId?: string): Promise<Lease> {
    const lease = await takeLease(pool, cameraId ?? (await makeCamera(pool)), "worker", testDay);
    if (lease === undefined) throw new Error("the camera cannot be taken");
    return lease;
  }
  const say = (lease: Lease, kind: HealthReport["kind"], seconds: number, channels = ["log"]) =>
    recordHealth(pool, lease, { kind, at: sec(seconds), channels, newId });
  /** Spans in seconds of the test's day. */
  const ledger = async ({ cameraId }: Lease, from: number, to: number) =>
    (await spansOf(pool, cameraId, sec(from), sec(to))).map(
      (span) => `${span.kind} ${(span.from - testDay) / 1000}-${(span.to - testDay) / 1000}`,
    );
  const tasksOf = async ({ cameraId }: Lease, state: "open" | "resolved" = "open") =>
    (await listCameraTasks(pool, "every", { state, limit: 100 })).filter(
      (task) => task.cameraId === cameraId,
    );
  const actionsOf = async ({ cameraId }: Lease) =>
    (await readTimeline(pool, "camera", cameraId)).map(({ action }) => action);

  it("covers all time: between two reports the worse of both, between two holders nobody", async () => {
    const first = await held();
    await say(first, "offline", 10);
    for (const at of [11, 15, 20]) await say(first, "watched", at);
    for (const at of [25, 30]) await say(first, "covered", at);
    await say(first, "watched", 35);
    await say(first, "watched", 40);
    await releaseLease(pool, first, false, sec(40));
    expect(await ledger(first, 0, 50)).toEqual([
      "unwatched 0-10",
      "offline 10-11",
      "watched 11-20",
      "covered 20-35",
      "watched 35-40",
      "unwatched 40-50",
    ]);
    const second = await held(first.cameraId);
    await say(second, "watched", 46);
    await say(second, "watched", 50);
    expect(await ledger(first, 36, 50)).toEqual(["watched 36-40", "unwatched 40-46", "watched 46-50"]);
    expect(await gapsOf(pool, first.cameraId, sec(36), sec(39))).toEqual([]);
    expect(await gapsOf(pool, first.cameraId, sec(30), sec(42))).toEqual([
      { kind: "covered", from: sec(30), to: sec(35) },
      { kind: "unwatched", from: sec(40), to: sec(42) },
    ]);
  });

  it("believes the last report for a while, and no silence afterwards", async () => {
    const lease = await held();
    await say(lease, "watched", 0);
    await say(lease, "watched", 5);
    expect(await gapsOf(pool, lease.cameraId, sec(1), sec(12))).toEqual([]);
    expect(await ledger(lease, 0, 60)).toEqual(["watched 0-25", "unwatched 25-60"]);
    await say(lease, "watched", 300);
    await say(lease, "watched", 305);
    expect(await ledger(lease, 0, 305)).toEqual(["watched 0-5", "unwatched 5-300", "watched 300-305"]);
  });

  it("refuses the reports of a holder whose camera was taken", async () => {
    const first = await held();
    const second = await held(first.cameraId);
    await say(second, "watched", 1);
    await expect(say(first, "blind", 2)).rejects.toThrow(StaleFenceError);
    expect(await tasksOf(first)).toEqual([]);
    expect(await ledger(first, 1, 2)).toEqual(["watched 1-2"]);
  });

  it("covers every period exactly once, whatever was reported when", async () => {
    const kinds = ["watched", "blind", "offline", "covered"] as const;
    const report = fc.record({
      kind: fc.constantFrom(...kinds),
      stepSec: fc.integer({ min: -3, max: 90 }),
      taken: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(report, { minLength: 1, maxLength: 15 }), async (reports) => {
        let lease = await held();
        let at = 0;
        for (const { kind, stepSec, taken } of reports) {
          at += stepSec;
          if (taken) lease = await held(lease.cameraId);
          await say(lease, kind, at);
        }
        const spans = await spansOf(pool, lease.cameraId, sec(-10), sec(1_400));
        const total = Object.values(totalsOf(spans)).reduce((sum, ms) => sum + ms, 0);
        expect(total).toBe(1_410_000);
        for (const [index, span] of spans.entries()) expect(span.from).toBe(spans[index - 1]?.to ?? sec(-10));
        const { rows } = await pool.query(
          `select 1 from camera_spans a join camera_spans b on a.camera_id = b.camera_id
             and a.from_at < b.from_at and b.from_at < a.to_at where a.camera_id = $1`,
          [lease.cameraId],
        );
        expect(rows).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("opens one task per fault with its alarms, at once on record, and resolves it when the camera is well", async () => {
    const lease = await held();
    expect(await say(lease, "watched", 0)).toEqual({ alarmIds: [] });
    const { alarmIds } = await say(lease, "covered", 5, ["log", "webhook"]);
    expect(alarmIds).toHaveLength(2);
    expect(await listPendingAlarms(pool, 100)).toEqual(expect.arrayContaining(alarmIds));
    expect(await findCameraAlarm(pool, alarmIds[0] ?? "")).toMatchObject({
      cameraId: lease.cameraId,
      channel: "log",
      kind: "covered",
      state: "pending",
    });
    expect(await say(lease, "covered", 10)).toEqual({ alarmIds: [] });
    expect(await tasksOf(lease)).toMatchObject([{ kind: "covered", resolvedAt: null }]);
    await say(lease, "watched", 15);
    expect(await tasksOf(lease)).toEqual([]);
    expect(await tasksOf(lease, "resolved")).toMatchObject([{ kind: "covered", resolvedBy: null }]);
    expect(await actionsOf(lease)).toEqual(["add", "task_open", "task_resolve"]);
    // The same again within minutes is the same task, and no second alarm.
    expect(await say(lease, "covered", 20)).toEqual({ alarmIds: [] });
    expect(await tasksOf(lease)).toHaveLength(1);
    await say(lease, "watched", 25);
    expect((await say(lease, "covered", 25 + 601)).alarmIds).toHaveLength(1);
  });

  it("lets a stream be away for half a minute before it tells anybody", async () => {
    const lease = await held();
    await say(lease, "watched", 0);
    for (const at of [5, 10, 20, 30]) expect((await say(lease, "offline", at)).alarmIds).toEqual([]);
    expect((await say(lease, "offline", 31)).alarmIds).toHaveLength(1);
    expect(await tasksOf(lease)).toMatchObject([{ kind: "offline" }]);
    // Back, and turned away meanwhile.
    expect((await say(lease, "view_moved", 60)).alarmIds).toHaveLength(1);
    expect((await tasksOf(lease)).map(({ kind }) => kind)).toEqual(["view_moved"]);
    // A worse fault hides the lighter one: nobody knows whether that is over.
    await say(lease, "blind", 65);
    expect((await tasksOf(lease)).map(({ kind }) => kind).sort()).toEqual(["blind", "view_moved"]);
  });

  it("raises one alarm for a full disk, however many cameras it stops, and each has its task", async () => {
    const leases = await Promise.all([held(), held(), held()]);
    for (const lease of leases) await say(lease, "watched", 0);
    const told = await Promise.all(leases.map((lease) => say(lease, "disk_full", 5, ["log", "webhook"])));
    expect(told.map(({ alarmIds }) => alarmIds.length).sort()).toEqual([0, 0, 2]);
    for (const lease of leases) expect(await tasksOf(lease)).toMatchObject([{ kind: "disk_full" }]);
    for (const lease of leases) await say(lease, "watched", 15);
    for (const lease of leases) {
      expect(await tasksOf(lease)).toEqual([]);
      expect(await ledger(lease, 0, 15)).toEqual(["disk_full 0-15"]);
    }
    const [first] = leases;
    if (first === undefined) throw new Error("three were taken");
    await say(first, "watched", 20);
    expect((await say(first, "disk_full", 15 + 601)).alarmIds).toHaveLength(1);
  });

  it("takes a person's word, tells the worker of an accepted view, and does not ask again", async () => {
    const lease = await held();
    const user = await makeUser(pool, ["equipment_reviewer"]);
    const stranger = await makeUser(pool, ["equipment_reviewer"], ["510108"]);
    await say(lease, "view_moved", 0);
    await say(lease, "view_moved", 5);
    const [task] = await tasksOf(lease);
    const taskId = task?.taskId ?? "";
    const resolve = (who: typeof user, acceptView: boolean, seconds: number) =>
      withTx(pool, (tx) =>
        resolveCameraTask(tx, userAct(who, sec(seconds)), { taskId, note: "on purpose", acceptView }),
      );
    await expect(resolve(stranger, true, 6)).rejects.toThrow(NotFoundError);
    expect(await findAcceptedView(pool, lease.cameraId, 0)).toBeUndefined();
    await resolve(user, true, 7);
    await expect(resolve(user, true, 8)).rejects.toThrow(RefusedError);
    expect(await findAcceptedView(pool, lease.cameraId, 0)).toBe(sec(7));
    expect(await findAcceptedView(pool, lease.cameraId, sec(7))).toBeUndefined();
    expect(await say(lease, "view_moved", 10)).toEqual({ alarmIds: [] });
    expect(await tasksOf(lease)).toEqual([]);
    expect(await tasksOf(lease, "resolved")).toMatchObject([{ resolvedBy: user.userId, note: "on purpose" }]);
    expect(await listCameraTasks(pool, stranger.regions, { state: "resolved", limit: 100 })).toEqual([]);
  });

  it("accepts no view where no view is at stake", async () => {
    const lease = await held();
    const user = await makeUser(pool, ["equipment_reviewer"]);
    await say(lease, "frozen", 0);
    const [task] = await tasksOf(lease);
    await expect(
      withTx(pool, (tx) =>
        resolveCameraTask(tx, userAct(user), { taskId: task?.taskId ?? "", note: "x", acceptView: true }),
      ),
    ).rejects.toMatchObject({ code: "camera_task.no_view_to_accept" });
    expect(await tasksOf(lease)).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../runtime/ids.ts";
import { recordHealth } from "../../store/camera-health-store.ts";
import { findAcceptedView } from "../../store/camera-task-store.ts";
import { type Lease, takeLease } from "../../store/lease-store.ts";
import { makeCamera, testDay } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

const instant = (seconds: number): string => new Date(testDay + seconds * 1000).toISOString();

describe("health of cameras over HTTP", () => {
  let api: TestApi;
  let lease: Lease;
  beforeAll(async () => {
    api = await startTestApi();
    const taken = await takeLease(api.pool, await makeCamera(api.pool), "worker", testDay);
    if (taken === undefined) throw new Error("the camera cannot be taken");
    lease = taken;
    for (const [kind, seconds] of [
      ["watched", 10],
      ["watched", 20],
      ["view_moved", 25],
      ["view_moved", 30],
    ] as const)
      await recordHealth(api.pool, lease, {
        ...{ kind, at: testDay + seconds * 1000, channels: ["log"], newId },
      });
    api.clock.at = testDay + 40_000;
  });
  afterAll(() => api.close());

  const healthPath = (from: number, to: number) =>
    `/cameras/${lease.cameraId}/health?from=${instant(from)}&to=${instant(to)}`;

  it("covers all of the past and nothing of the future", async () => {
    const officer = await api.signedIn(["officer"]);
    const { status, body } = await officer.get(healthPath(0, 3_600));
    expect(status).toBe(200);
    expect(body).toMatchObject({ from: instant(0), to: instant(40) });
    expect(body.spans).toEqual([
      { kind: "unwatched", from: instant(0), to: instant(10) },
      { kind: "watched", from: instant(10), to: instant(20) },
      { kind: "view_moved", from: instant(20), to: instant(40) },
    ]);
    expect(body.totals).toMatchObject({ watched: 10_000, view_moved: 20_000, unwatched: 10_000, blind: 0 });
  });

  it("is shown to nobody from another region, and for no period that is none", async () => {
    const stranger = await api.signedIn(["officer"], ["510108"]);
    expect((await stranger.get(healthPath(0, 60))).status).toBe(404);
    expect((await stranger.get("/camera-tasks")).body.items).toEqual([]);
    const officer = await api.signedIn(["officer"]);
    for (const path of [healthPath(60, 0), healthPath(0, 40 * 86_400), `/cameras/${lease.cameraId}/health`])
      expect((await officer.get(path)).status).toBe(400);
    expect((await api.client().get("/camera-tasks")).status).toBe(401);
  });

  it("gives tasks that whoever sees to the cameras resolves, once, with the view accepted", async () => {
    const officer = await api.signedIn(["officer"]);
    const technician = await api.signedIn(["equipment_reviewer"]);
    const { body } = await officer.get("/camera-tasks?state=open");
    expect(body.items).toMatchObject([{ cameraId: lease.cameraId, kind: "view_moved", resolvedAt: null }]);
    const path = `/camera-tasks/${body.items[0].taskId}/resolve`;
    const word = { note: "turned on purpose", acceptView: true };
    expect((await officer.post(path, word)).status).toBe(403);
    expect((await technician.post(path, { acceptView: true })).status).toBe(400);
    expect((await technician.post("/camera-tasks/tsk_none/resolve", word)).status).toBe(404);
    const elsewhere = await api.signedIn(["equipment_reviewer"], ["510108"]);
    expect((await elsewhere.post(path, word)).status).toBe(404);
    const resolved = await technician.post(path, word);
    expect(resolved.status).toBe(200);
    expect(resolved.body).toMatchObject({
      ...{ resolvedBy: technician.userId, note: word.note, acceptedAt: instant(40) },
    });
    expect((await technician.post(path, word)).status).toBe(409);
    expect((await officer.get("/camera-tasks")).body.items).toEqual([]);
    expect((await officer.get("/camera-tasks?state=resolved")).body.items).toHaveLength(1);
    expect(await findAcceptedView(api.pool, lease.cameraId, 0)).toBe(testDay + 40_000);
  });
});

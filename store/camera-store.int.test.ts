import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../runtime/ids.ts";
import {
  cameraFile,
  county,
  makeUser,
  systemAct,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findCamera, findCameraToWatch, listCameras, listEnabledCameraIds } from "./camera-read-model.ts";
import { type CameraInput, putCamera, setCameraEnabled } from "./camera-store.ts";
import { createPool, withTx } from "./pool.ts";
import { readTimeline } from "./timeline-store.ts";

const today = "2026-03-10";

describe("cameras", () => {
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

  const put = (input: CameraInput, act = systemAct()) => withTx(pool, (tx) => putCamera(tx, act, input));

  it("makes a version of what decides, not of where the stream comes from", async () => {
    const camera = cameraFile(newId("cam"));
    const steps: CameraInput[] = [
      { camera, enabled: true },
      { camera, enabled: false },
      {
        camera: { ...camera, source: { url: "rtsp://b", transport: "udp", pace: "live", loop: false } },
        enabled: true,
      },
      { camera: { ...camera, zones: [] }, enabled: true },
    ];
    const versions: number[] = [];
    for (const [hour, step] of steps.entries()) {
      versions.push((await put(step, systemAct(testDay + hour * 3_600_000))).version);
    }
    expect(versions).toEqual([1, 1, 1, 2]);
    expect(await findCamera(pool, [county], camera.id, today)).toMatchObject({
      version: 2,
      useAuthority: "lead_only",
      updatedAt: "2026-03-10T04:00:00.000Z",
    });
    const { rows } = await pool.query(
      "select version, document -> 'zones' as zones from camera_versions where camera_id = $1 order by version",
      [camera.id],
    );
    expect(rows).toEqual([
      { version: 1, zones: camera.zones },
      { version: 2, zones: [] },
    ]);
    expect(await readTimeline(pool, "camera", camera.id)).toHaveLength(4);
  });

  it("shows the stream's address to nobody but the worker that opens it", async () => {
    const camera = cameraFile(newId("cam"));
    await put({ camera, enabled: true });
    const shown = JSON.stringify([
      await listCameras(pool, "every", today),
      await findCamera(pool, "every", camera.id, today),
      await readTimeline(pool, "camera", camera.id),
      (await pool.query("select document from camera_versions where camera_id = $1", [camera.id])).rows,
    ]);
    expect(shown).toContain(camera.id);
    expect(shown).not.toContain("hush");
    expect(await findCameraToWatch(pool, camera.id)).toEqual(camera);
  });

  it("keeps what is left out, and leaves no trace of what changes nothing", async () => {
    const camera = cameraFile(newId("cam"));
    const { source, ...withoutSource } = camera;
    const later = (hours: number) => systemAct(testDay + hours * 3_600_000);
    expect(await put({ camera })).toEqual({ outcome: "created", version: 1, enabled: true });
    const renamed = { ...withoutSource, name: "新名" };
    expect(await put({ camera: renamed, enabled: false }, later(1))).toEqual({
      outcome: "changed",
      version: 2,
      enabled: false,
    });
    expect(await put({ camera: renamed }, later(2))).toEqual({
      outcome: "unchanged",
      version: 2,
      enabled: false,
    });
    expect(await findCamera(pool, "every", camera.id, today)).toMatchObject({
      camera: { name: "新名" },
      source: { scheme: "rtsp", transport: "tcp" },
      updatedAt: "2026-03-10T02:00:00.000Z",
    });
    await put({ camera: renamed, enabled: true });
    expect(await findCameraToWatch(pool, camera.id)).toEqual({ ...renamed, source });
    const [, change, ...more] = await readTimeline(pool, "camera", camera.id);
    expect(change).toMatchObject({ action: "change", from: "1", to: "2" });
    expect(more).toHaveLength(1);
  });

  it("switches on nothing that has no source", async () => {
    const { source, ...camera } = cameraFile(newId("cam"));
    await expect(put({ camera })).rejects.toMatchObject({ code: "camera.no_source" });
    expect(await put({ camera, enabled: false })).toMatchObject({ outcome: "created" });
    const enable = () => withTx(pool, (tx) => setCameraEnabled(tx, systemAct(), camera.id, true));
    await expect(enable()).rejects.toMatchObject({ code: "camera.no_source" });
    expect(await findCamera(pool, "every", camera.id, today)).toMatchObject({ enabled: false, source: null });
    if (source === undefined) throw new Error("the builder gives every camera a source");
    await put({ camera: { ...camera, source } });
    await enable();
    expect(await listEnabledCameraIds(pool)).toContain(camera.id);
  });

  it("refuses a change that was made from another version", async () => {
    const camera = cameraFile(newId("cam"));
    const from = (ifVersion: number, name: string) => put({ camera: { ...camera, name }, ifVersion });
    await expect(from(1, "一")).rejects.toMatchObject({ code: "store.not_found" });
    expect(await from(0, "一")).toMatchObject({ outcome: "created", version: 1 });
    await expect(from(0, "二")).rejects.toMatchObject({ code: "camera.changed_meanwhile" });
    const both = await Promise.allSettled([from(1, "二"), from(1, "三")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await findCamera(pool, "every", camera.id, today)).toMatchObject({ version: 2 });
  });

  it("watches what is switched on", async () => {
    const camera = cameraFile(newId("cam"));
    await put({ camera, enabled: true });
    expect(await listEnabledCameraIds(pool)).toContain(camera.id);
    await withTx(pool, (tx) => setCameraEnabled(tx, systemAct(), camera.id, false));
    expect(await listEnabledCameraIds(pool)).not.toContain(camera.id);
    expect(await findCameraToWatch(pool, camera.id)).toBeUndefined();
  });

  it("takes one of ten that add the same camera together as the first", async () => {
    const camera = cameraFile(newId("cam"));
    const results = await Promise.all(Array.from({ length: 10 }, () => put({ camera, enabled: true })));
    expect(results.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(results.every((result) => result.version === 1)).toBe(true);
  });

  it("keeps everybody to their regions", async () => {
    const camera = cameraFile(newId("cam"));
    await put({ camera, enabled: true });
    const stranger = userAct(await makeUser(pool, ["equipment_reviewer"], ["510108"]));
    await expect(put({ camera, enabled: false }, stranger)).rejects.toMatchObject({
      code: "store.not_found",
    });
    const moved = { ...camera, region: "510108" };
    await expect(put({ camera: moved, enabled: false }, stranger)).rejects.toMatchObject({
      code: "camera.id_taken",
    });
    await expect(
      withTx(pool, (tx) => setCameraEnabled(tx, stranger, camera.id, false)),
    ).rejects.toMatchObject({ code: "store.not_found" });
    expect(await findCamera(pool, ["510108"], camera.id, today)).toBeUndefined();
    expect(await listCameras(pool, [], today)).toEqual([]);
    expect(await findCamera(pool, [county], camera.id, today)).toMatchObject({ enabled: true });
  });
});

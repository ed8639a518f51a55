import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../runtime/ids.ts";
import { findCameraToWatch, listEnabledCameraIds } from "../../store/camera-read-model.ts";
import { readTimeline } from "../../store/timeline-store.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { county } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

const address = "rtsp://viewer:hush@192.0.2.10/stream1";
const patience = { timeout: 10_000, interval: 20 };

/** A camera file as a browser would send it. */
function file(id: string, changes: object = {}): object {
  return {
    id,
    name: "人民南路二段 12 号门前",
    region: county,
    location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
    source: { url: address, subUrl: `${address}-small` },
    zones: [
      {
        id: "pavement",
        polygon: [
          [0.1, 0.5],
          [0.9, 0.5],
          [0.9, 0.95],
        ],
      },
    ],
    rules: [
      {
        id: "bikes",
        violation: "nonmotor_parking",
        zone: "pavement",
        schedule: ["Mon,Wed 22:00-06:00", "Mon-Sun 00:00-24:00"],
      },
      { id: "cars", violation: "vehicle_sidewalk", zone: "pavement" },
    ],
    ...changes,
  };
}

describe("cameras over HTTP", () => {
  let api: TestApi;
  let manager: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    manager = await api.signedIn(["equipment_reviewer"]);
  });
  afterAll(() => api.close());

  const put = (id: string, body: object, client: ApiClient = manager) =>
    client.call("PUT", `/cameras/${id}`, { raw: JSON.stringify(body) });
  const isQueued = async (id: string) =>
    (await api.context.producer.queue("cameras").getJob(`camera-${id}`)) !== undefined;
  const added = async (): Promise<string> => {
    const id = newId("cam");
    expect(await put(id, { camera: file(id) })).toMatchObject({ status: 200, body: { outcome: "created" } });
    return id;
  };

  it("are added, and queued to be watched", async () => {
    const id = await added();
    await expect.poll(() => isQueued(id), patience).toBe(true);
    expect(await findCameraToWatch(api.pool, id)).toMatchObject({
      source: { url: address, subUrl: `${address}-small`, transport: "tcp" },
      rules: [
        { id: "bikes", labels: expect.arrayContaining(["bicycle"]) },
        { id: "cars", schedule: [] },
      ],
    });
    expect((await manager.get("/cameras")).body.items).toContainEqual(
      expect.objectContaining({ cameraId: id, enabled: true, useAuthority: "lead_only", version: 1 }),
    );
    expect(await readTimeline(api.pool, "camera", id)).toMatchObject([
      { action: "add", actorKind: "user", actorId: manager.userId },
    ]);
  });

  it("come back as a camera file that changes nothing, and without the stream's address", async () => {
    const id = await added();
    const shown = await manager.get(`/cameras/${id}`);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        cameraId: id,
        camera: { id, rules: [{ schedule: ["Mon,Wed 22:00-06:00", "Mon-Sun 00:00-24:00"] }, { id: "cars" }] },
        source: { scheme: "rtsp", transport: "tcp" },
        enabled: true,
        version: 1,
      },
    });
    const { camera } = shown.body;
    const again = await put(id, { camera });
    expect(again.body).toEqual({ ...shown.body, outcome: "unchanged" });
    for (const { bytes } of [shown, again]) expect(bytes.toString("utf8")).not.toMatch(/hush|192\.0\.2\.10/);
    expect(api.log.join("")).not.toContain("hush");
  });

  it("are changed in a new version, the source kept when it is left out", async () => {
    const id = await added();
    const { camera } = (await manager.get(`/cameras/${id}`)).body;
    const reply = await put(id, { camera: { ...camera, zones: [], rules: [] }, ifVersion: 1 });
    expect(reply).toMatchObject({ status: 200, body: { outcome: "changed", version: 2 } });
    expect(await findCameraToWatch(api.pool, id)).toMatchObject({ source: { url: address }, rules: [] });
    expect(await put(id, { camera, ifVersion: 1 })).toMatchObject({
      status: 409,
      body: { code: "camera.changed_meanwhile", titleZh: expect.stringContaining("第 2 版") },
    });
    expect((await manager.get(`/cameras/${id}`)).body).toMatchObject({ version: 2 });
  });

  it("are clues only: whoever manages a camera cannot say more of its records", async () => {
    const id = await added();
    const reply = await put(id, { camera: file(id), useAuthority: "sole_evidence" });
    expect(reply).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    expect((await manager.get(`/cameras/${id}`)).body).toMatchObject({
      version: 1,
      useAuthority: "lead_only",
    });
  });

  it("are switched off and on", async () => {
    const id = newId("cam");
    await put(id, { camera: file(id), enabled: false });
    expect(await listEnabledCameraIds(api.pool)).not.toContain(id);
    expect(await manager.post(`/cameras/${id}/enable`)).toMatchObject({
      status: 200,
      body: { enabled: true },
    });
    await expect.poll(() => isQueued(id), patience).toBe(true);
    expect(await listEnabledCameraIds(api.pool)).toContain(id);
    expect(await manager.post(`/cameras/${id}/disable`)).toMatchObject({
      status: 200,
      body: { enabled: false },
    });
    expect(await listEnabledCameraIds(api.pool)).not.toContain(id);
    // A change does not switch it on again by the way.
    expect((await put(id, { camera: file(id, { name: "新名" }) })).body).toMatchObject({
      enabled: false,
      version: 2,
    });
  });

  it("take no file of the machine that watches", async () => {
    const id = newId("cam");
    for (const url of [
      "/etc/passwd",
      "file:///etc/passwd",
      "FILE:///etc/passwd",
      "file:clip.mp4",
      "concat:a|b",
    ]) {
      const reply = await put(id, { camera: file(id, { source: { url, subUrl: url } }) });
      expect([reply.status, reply.body.code]).toEqual([400, "input.invalid"]);
      expect(reply.body.faults.map((fault: { path: string }) => fault.path)).toEqual([
        "camera.source.url",
        "camera.source.subUrl",
      ]);
    }
    expect((await manager.get(`/cameras/${id}`)).status).toBe(404);
  });

  it("have every fault named at once, with its path", async () => {
    const faulty = file("cam-1", {
      region: "51",
      colour: "red",
      source: { url: "/root/clip.mp4" },
      rules: [{ id: "cars", violation: "vehicle_sidewalk", zone: "kerb", minScore: 2 }],
    });
    const reply = await put("cam-1", { camera: faulty, enabled: "yes", surprise: true });
    expect(reply.status).toBe(400);
    const paths = reply.body.faults.map(({ path }: { path: string }) => path).sort();
    expect(paths).toEqual(
      [
        "",
        "camera.colour",
        "camera.region",
        "camera.rules[0].minScore",
        "camera.rules[0].zone",
        "camera.source.url",
        "enabled",
      ].sort(),
    );
    const strange = await put("cam-1", { surprise: true });
    expect(strange).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    expect(JSON.stringify(strange.body.faults)).toContain("surprise");
    for (const camera of [undefined, null, "cam-1", []])
      expect(await put("cam-1", { camera })).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    expect(await put("cam-1", { camera: file("cam-2") })).toMatchObject({
      status: 400,
      body: { faults: [{ path: "camera.id" }] },
    });
    const { source: _, ...blind } = file("cam-1") as { source: object };
    expect(await put("cam-1", { camera: blind })).toMatchObject({
      status: 409,
      body: { code: "camera.no_source" },
    });
  });

  it("belong to their region", async () => {
    const id = await added();
    const stranger = await api.signedIn(["equipment_reviewer"], ["510108"]);
    const unknown = { status: 404, body: { code: "store.not_found" } };
    expect(await stranger.get(`/cameras/${id}`)).toMatchObject(unknown);
    for (const step of ["enable", "disable"])
      expect(await stranger.post(`/cameras/${id}/${step}`)).toMatchObject(unknown);
    expect(await put(id, { camera: file(id) }, stranger)).toMatchObject(unknown);
    expect(await put(id, { camera: file(id, { region: "510108" }) }, stranger)).toMatchObject({
      status: 409,
      body: { code: "camera.id_taken" },
    });
    expect((await manager.get(`/cameras/${id}`)).body).toMatchObject({ enabled: true, version: 1 });
    for (const path of ["/cameras/nowhere", "/cameras/nowhere/enable"])
      expect(await manager.call(path.endsWith("enable") ? "POST" : "GET", path)).toMatchObject(unknown);
  });

  it("are read by officers, and managed by those who may", async () => {
    const id = await added();
    const officer = await api.signedIn(["officer"]);
    expect((await officer.get(`/cameras/${id}`)).status).toBe(200);
    const refused = { status: 403, body: { code: "auth.forbidden" } };
    expect(await put(id, { camera: file(id) }, officer)).toMatchObject(refused);
    for (const step of ["enable", "disable"])
      expect(await officer.post(`/cameras/${id}/${step}`)).toMatchObject(refused);
  });
});

describe("cameras while Redis is away", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it("are added all the same, with a warning in the log", async () => {
    const manager = await api.signedIn(["system_admin"]);
    const id = newId("cam");
    // A connection that is gone for good: what is asked of it fails instead of waiting.
    api.context.redis.disconnect();
    const reply = await manager.call("PUT", `/cameras/${id}`, { raw: JSON.stringify({ camera: file(id) }) });
    expect(reply).toMatchObject({ status: 200, body: { outcome: "created", enabled: true } });
    expect(await listEnabledCameraIds(api.pool)).toContain(id);
    await expect.poll(() => api.log.join(""), patience).toContain("camera not queued yet");
  });
});

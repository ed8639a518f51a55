import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectRedis } from "../../../queue/connection.ts";
import { queueNames } from "../../../queue/jobs.ts";
import { Producer } from "../../../queue/producer.ts";
import { newId } from "../../../runtime/ids.ts";
import { findCameraToWatch, listCameras, listEnabledCameraIds } from "../../../store/camera-read-model.ts";
import { createPool } from "../../../store/pool.ts";
import { readTimeline } from "../../../store/timeline-store.ts";
import { runCli } from "../../../test-fixtures/run-cli.ts";
import { cameraFile, makeCamera } from "../../../test-fixtures/store-builders.ts";
import { createTestDatabase, type TestDatabase, testRedis } from "../../../test-fixtures/test-database.ts";
import { displayWidth } from "../../text-table.ts";
import { queueAtOnce } from "./queue-at-once.ts";

const address = "rtsp://viewer:hush@192.0.2.10/stream1";

describe("forewarn camera add, list, enable and disable", () => {
  const folder = mkdtempSync(join(tmpdir(), "camera-wall-"));
  const { url: redisUrl, prefix } = testRedis();
  let database: TestDatabase;
  let pool: Pool;
  let redis: Redis;
  let producer: Producer;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    redis = connectRedis(redisUrl, () => undefined);
    producer = new Producer(redis, prefix);
  });
  afterAll(async () => {
    for (const name of queueNames) await producer.queue(name).obliterate({ force: true });
    await producer.close();
    redis.disconnect();
    await pool.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const camera = (args: string[], env: Record<string, string> = {}) =>
    runCli(["camera", ...args], {
      cwd: folder,
      env: {
        FOREWARN_DATABASE_URL: database.url,
        FOREWARN_REDIS_URL: redisUrl,
        FOREWARN_QUEUE_PREFIX: prefix,
        FOREWARN_DATA_DIR: folder,
        ...env,
      },
    });
  const write = (id: string, changes: object = {}): string => {
    const file = `${id}.json`;
    writeFileSync(
      join(folder, file),
      JSON.stringify({ ...cameraFile(id), source: { url: address }, ...changes }),
    );
    return file;
  };
  const isQueued = async (id: string) =>
    (await producer.queue("cameras").getJob(`camera-${id}`)) !== undefined;

  it("adds a camera, has it queued, and says what another time changed", async () => {
    const id = newId("cam");
    const first = await camera(["add", write(id)]);
    expect(first).toEqual({
      exit: 0,
      stderr: "",
      stdout: [
        `created ${id} (人民南路二段 12 号门前), version 1`,
        "  source  rtsp://***@192.0.2.10/stream1",
        "  queued: a worker takes it up at once",
        "",
      ].join("\n"),
    });
    expect(await isQueued(id)).toBe(true);
    expect(await findCameraToWatch(pool, id)).toMatchObject({ source: { url: address } });
    expect(await readTimeline(pool, "camera", id)).toMatchObject([
      { action: "add", actorKind: "system", actorId: "cli" },
    ]);

    const again = await camera(["add", write(id), "--json"]);
    expect(JSON.parse(again.stdout)).toEqual({
      type: "camera",
      cameraId: id,
      outcome: "unchanged",
      version: 1,
      enabled: true,
      queued: true,
    });
    const changed = await camera(["add", write(id, { name: "新名", source: undefined }), "--disabled"]);
    expect(changed.stdout).toMatch(/^changed .*, version 2\n.*the file names none\n {2}switched off/);
    expect(await listEnabledCameraIds(pool)).not.toContain(id);
  });

  it("lists cameras in columns that stay straight under Chinese names", async () => {
    const id = newId("cam");
    await camera(["add", write(id, { name: "东门" }), "--disabled"]);
    const [table, json] = await Promise.all([camera(["list"]), camera(["list", "--json"])]);
    const { exit, stdout } = table;
    expect(exit).toBe(0);
    const [heading = "", ...rows] = stdout.trimEnd().split("\n");
    const at = heading.indexOf("VERSION") + "VERSION".length;
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(displayWidth(row)).toBe(at);
    expect(rows.find((row) => row.includes("东门"))).toMatch(/^\S+ +东门 +510107 \S+ +off +1$/);
    const lines = json.stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        type: "camera",
        cameraId: id,
        name: "东门",
        region: "510107",
        enabled: false,
        version: 1,
        useAuthority: "lead_only",
        source: { scheme: "rtsp", transport: "tcp" },
      }),
    );
    expect(stdout + lines.join("")).not.toMatch(/hush|192\.0\.2\.10/);
  });

  it("switches cameras off and on", async () => {
    const id = await makeCamera(pool);
    await camera(["disable", id]);
    expect(await listEnabledCameraIds(pool)).not.toContain(id);
    expect(await isQueued(id)).toBe(false);
    expect(await camera(["enable", id])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(`${id} is switched on\n  queued`),
    });
    expect(await isQueued(id)).toBe(true);
    expect(await listEnabledCameraIds(pool)).toContain(id);
    expect(await camera(["enable", "nowhere"])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining("There is no camera nowhere"),
    });
  });

  it("does without Redis, silent or absent, and says when a worker will come", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const id = newId("cam");
    const [said, ...others] = await Promise.all([
      camera(["add", write(id)], { FOREWARN_REDIS_URL: "redis://me:hush@127.0.0.1:1" }),
      queueAtOnce(`redis://me:hush@127.0.0.1:${port}`, prefix, id),
      queueAtOnce(undefined, prefix, id),
    ]);
    silent.close();
    expect(said).toMatchObject({ exit: 0, stderr: "" });
    expect(said.stdout).toMatch(/a worker takes it up within half a minute \(Redis does not answer: .+\)\n$/);
    expect(others).toEqual([
      { queued: false, why: expect.stringMatching(/^Redis does not answer: ./) },
      { queued: false, why: "FOREWARN_REDIS_URL is not set" },
    ]);
    expect(JSON.stringify([said, others])).not.toContain("hush");
    expect(await listEnabledCameraIds(pool)).toContain(id);
    expect(await isQueued(id)).toBe(false);
  });

  it("stores nothing of a faulty file, and no path that means something else to a worker", async () => {
    const id = newId("cam");
    const [faulty, blind, wrong] = await Promise.all([
      camera(["add", write(`${id}-1`, { region: "51", zones: [], rules: [{ id: "a" }] })]),
      camera(["add", write(`${id}-2`, { source: undefined })]),
      camera(["add", write(`${id}-3`), "--use-authority", "sole_evidence"]),
    ]);
    expect([faulty.exit, faulty.stdout]).toEqual([2, ""]);
    for (const path of ["region:", "rules[0].violation:", "rules[0].zone:"])
      expect(faulty.stderr).toContain(path);
    expect([blind.exit, blind.stderr]).toEqual([1, expect.stringContaining("[camera.no_source]")]);
    expect(wrong.exit).toBe(2);
    const stored = (await listCameras(pool, "every", "2026-03-10")).map(({ cameraId }) => cameraId);
    expect(stored.filter((cameraId) => cameraId.startsWith(id))).toEqual([]);
    await camera(["add", write(id, { source: { url: "clips/a.mp4", loop: true } })]);
    expect(await findCameraToWatch(pool, id)).toMatchObject({
      source: { url: join(folder, "clips", "a.mp4"), loop: true },
    });
  });
});

import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { totalsOf } from "../../pipeline/domain/health/kinds.ts";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { makeInput } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { freePort } from "../../runtime/services/free-port.ts";
import { spansOf } from "../../store/camera-health-read-model.ts";
import { listWall } from "../../store/camera-status-read-model.ts";
import { NEEDS_SMALL_DISK, openSmallDisk } from "../../test-fixtures/small-disk.ts";
import { openWatchedCameras, type WatchedCameras } from "../testing/watched-cameras.ts";

const PATIENCE = { timeout: 90_000, interval: 250 };
const MIB = 1024 ** 2;
const LIMIT_MIB = 128;

const disk = await openSmallDisk(512);

describe.skipIf(disk === undefined)(`when the disk is full (${NEEDS_SMALL_DISK})`, () => {
  const dataDir = join(disk?.dir ?? "", "data");
  const received: { type: string; kind: string; cameraId: string; textZh: string }[] = [];
  const gateway = createServer((req, res) => {
    void json(req).then((body) => {
      received.push(body as (typeof received)[number]);
      res.writeHead(204).end();
    });
  });
  let cameras: WatchedCameras;
  let metricsPort: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    metricsPort = await freePort();
    cameras = await openWatchedCameras({
      dataDir,
      roles: "camera,alarm",
      env: {
        FOREWARN_MIN_FREE_MIB: String(LIMIT_MIB),
        FOREWARN_METRICS_PORT: String(metricsPort),
        FOREWARN_WEBHOOK_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/`,
      },
    });
  });
  afterAll(async () => {
    await cameras.close();
    gateway.closeAllConnections();
    gateway.close();
    await disk?.close();
  });

  const wall = async () =>
    (await listWall(cameras.pool, "every", Date.now())).map(({ kind, openTasks }) => ({ kind, openTasks }));
  const readiness = async () => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}/readyz`);
    return { status: response.status, disk: ((await response.json()) as { disk: string }).disk };
  };
  const captures = () => readdir(join(dataDir, "run", "children"));

  it("stops recording with one alarm, keeps what is sealed, and goes on by itself when there is room", async () => {
    const { dir: sealed } = await writeBundle(await makeInput({ outDir: join(dataDir, "spool") }));
    const began = Date.now();
    const ids = [await cameras.addCamera(), await cameras.addCamera()];
    const worker = await cameras.startWorker();
    const each = (kind: string, openTasks: string[]) => ids.map(() => ({ kind, openTasks }));
    await expect.poll(wall, PATIENCE).toEqual(each("watched", []));
    expect(await readiness()).toEqual({ status: 200, disk: "ok" });

    await disk?.leaveFree((LIMIT_MIB - 30) * MIB);
    await expect.poll(() => received, PATIENCE).toHaveLength(1);
    expect(received).toMatchObject([
      { type: "camera_alarm", kind: "disk_full", textZh: expect.stringContaining("空间不足") },
    ]);
    await expect.poll(wall, PATIENCE).toEqual(each("disk_full", ["disk_full"]));
    await expect.poll(captures, PATIENCE).toEqual([]);
    expect(await readiness()).toEqual({ status: 503, disk: "full" });

    // Somebody else takes the rest as well.
    await disk?.leaveFree(0);
    expect(await disk?.free()).toBe(0);
    expect(await verifyBundle(sealed)).toMatchObject({ ok: true });
    expect(worker.child.exitCode).toBeNull();

    await disk?.dropBallast();
    await expect.poll(wall, PATIENCE).toEqual(each("watched", []));
    expect(await readiness()).toEqual({ status: 200, disk: "ok" });
    for (const id of ids) {
      const totals = totalsOf(await spansOf(cameras.pool, id, began, Date.now()));
      expect(totals.disk_full).toBeGreaterThan(0);
    }
    expect(received).toHaveLength(1);
    expect(await verifyBundle(sealed)).toMatchObject({ ok: true });
    await worker.stop();
    expect(worker.child.exitCode).toBe(0);
  });
});

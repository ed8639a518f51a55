import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FolderObjectStore } from "../../store/object-store.ts";
import { listRechecks } from "../../store/recheck-read-model.ts";
import { testDay } from "../../test-fixtures/store-builders.ts";
import { recheckClips, warnAtCamera } from "../testing/warned-camera.ts";
import { openWatchedCameras, type WatchedCameras } from "../testing/watched-cameras.ts";

const PATIENCE = { timeout: 120_000, interval: 50 };

describe("a worker that is killed while it looks again", () => {
  let cameras: WatchedCameras;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "forewarn-recheck-kill-"));
    cameras = await openWatchedCameras({ dataDir: dir, roles: "recheck" });
  });
  afterAll(async () => {
    await cameras.close();
    await rm(dir, { recursive: true, force: true });
  });

  it("leaves the look to the next one, also when Redis is lost with it: one look, one picture", async () => {
    const { pool, producer } = cameras;
    const clips = await recheckClips(dir);
    const { incidentId, recheckId } = await warnAtCamera(pool, clips.there, { graceUntil: testDay });
    const state = async () => (await listRechecks(pool, incidentId))[0]?.state;
    const first = await cameras.startWorker();
    await expect.poll(state, PATIENCE).toBe("running");
    await first.kill();
    await cameras.loseRedis();
    expect(await producer.queue("rechecks").getJobs()).toEqual([]);
    await cameras.startWorker();
    await expect.poll(state, PATIENCE).toBe("done");
    const looks = await listRechecks(pool, incidentId);
    expect(looks).toMatchObject([{ result: "still_there", attempts: 2, after: { bundlePath: recheckId } }]);
    const objects = new FolderObjectStore(join(dir, "objects"));
    expect(await objects.sizeOf(recheckId, "originals/after.jpg")).toBeGreaterThan(10_000);
    const { rows } = await pool.query(
      `select count(*)::integer as times from timeline_entries
       where subject_id = $1 and action = 'recheck_done'`,
      [incidentId],
    );
    expect(rows).toEqual([{ times: 1 }]);
  });
});

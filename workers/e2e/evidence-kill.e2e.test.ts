import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";
import { verifySource } from "../../pipeline/evidence/portable/verify-source.ts";
import {
  fakeSources,
  makeCandidate,
  makeInput,
  makeCamera as makeSealedCamera,
} from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { createPool } from "../../store/pool.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";

const PATIENCE = { timeout: 60_000, interval: 100 };
const EVIDENCE_ONLY = ["--roles", "evidence"];
/** Reading it three times takes long enough for a kill to fall in the middle. */
const CLIP_BYTES = 24 * 1024 ** 2;

describe("a killed evidence worker", () => {
  let pool: pg.Pool;
  let producer: Producer;
  let objects: FolderObjectStore;
  let dataDir: string;
  let spool: string;
  let cameraId: string;
  let env: Record<string, string>;
  const cleanups: (() => unknown)[] = [];
  const candidates: string[] = [];

  beforeAll(async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const redis = testRedis();
    dataDir = await mkdtemp(join(tmpdir(), "forewarn-kill-"));
    cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
    spool = join(dataDir, "spool");
    objects = new FolderObjectStore(join(dataDir, "objects"));
    pool = createPool(database.url);
    cleanups.push(() => pool.end());
    const connection = connectRedis(redis.url, () => undefined);
    cleanups.push(() => connection.disconnect());
    producer = new Producer(connection, redis.prefix);
    cleanups.push(() => producer.close());
    cameraId = await makeCamera(pool);
    env = {
      FOREWARN_DATABASE_URL: database.url,
      FOREWARN_REDIS_URL: redis.url,
      FOREWARN_QUEUE_PREFIX: redis.prefix,
      FOREWARN_DATA_DIR: dataDir,
      FOREWARN_JOB_LOCK_MS: "2000",
      FOREWARN_LOG_LEVEL: "warn",
    };
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function spoolBundle(): Promise<string> {
    const candidateId = `cnd_${String(candidates.length + 1).padStart(26, "0")}`;
    await writeBundle(
      await makeInput({
        outDir: spool,
        camera: makeSealedCamera({ id: cameraId }),
        candidate: makeCandidate({ cameraId, candidateId }),
        sources: fakeSources({
          cutClip: async (startSec, endSec, outPathWithoutExt) => {
            const path = `${outPathWithoutExt}.mp4`;
            await writeFile(path, Buffer.alloc(CLIP_BYTES, candidates.length));
            return { path, startSec, endSec, codec: "h264" };
          },
        }),
      }),
    );
    candidates.push(candidateId);
    await producer.storeEvidence(candidateId);
    return candidateId;
  }

  async function startVictim(): Promise<TestProgram> {
    const victim = await startTestProgram("workers", env, EVIDENCE_ONLY);
    cleanups.push(() => victim.kill());
    return victim;
  }

  /** Looks without a pause, so that the kill falls right where it is meant to. */
  async function until(happens: () => Promise<boolean>): Promise<void> {
    const giveUp = Date.now() + PATIENCE.timeout;
    while (!(await happens())) {
      if (Date.now() > giveUp) throw new Error("what the kill was waiting for did not happen");
      await turn();
    }
  }

  const filesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
  const isRecorded = async (candidateId: string) =>
    (await pool.query("select 1 from incidents where candidate_id = $1", [candidateId])).rowCount === 1;

  it.each<[string, (candidateId: string) => Promise<boolean>]>([
    [
      "as soon as it has the job",
      async (id) => (await producer.queue("evidence").getJob(id))?.isActive() ?? true,
    ],
    [
      "as soon as the object store has something of the bundle",
      async (id) => (await filesOf(join(objects.localPath(id), ".."))).some((name) => name.startsWith(id)),
    ],
    ["as soon as the incident is on record", isRecorded],
    [
      "as soon as the spool begins to empty",
      async (id) => !(await filesOf(join(spool, id, "originals"))).includes("clip.mp4"),
    ],
  ])("%s leaves its work to the next", async (_, happens) => {
    const candidateId = await spoolBundle();
    const victim = await startVictim();
    await until(() => happens(candidateId));
    await victim.kill();
    expect(victim.child.signalCode).toBe("SIGKILL");
  });

  it("loses nothing and doubles nothing: one incident per candidate, whole bundles, an empty spool", async () => {
    await spoolBundle();
    const survivor = await startVictim();
    await expect
      .poll(async () => {
        const found = await pool.query<{ id: string }>(
          "select candidate_id as id from incidents where state = 'review_pending' order by candidate_id",
        );
        return found.rows.map(({ id }) => id);
      }, PATIENCE)
      .toEqual(candidates);
    await expect.poll(() => filesOf(spool), PATIENCE).toEqual([]);
    const queue = producer.queue("evidence");
    await expect
      .poll(() => queue.getJobCounts("active", "waiting", "delayed", "failed"), PATIENCE)
      .toEqual({
        active: 0,
        waiting: 0,
        delayed: 0,
        failed: 0,
      });
    for (const candidateId of candidates)
      expect(await verifySource(await objects.openBundle(candidateId), nodeCrypto)).toMatchObject({
        ok: true,
      });
    await survivor.stop();
    expect(survivor.child.exitCode).toBe(0);
  });
});

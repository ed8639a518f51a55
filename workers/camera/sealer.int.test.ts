import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  makeCandidate,
  makeCamera as makeSealedCamera,
  tempDirForFile,
} from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { type Probe, probe } from "../../pipeline/media/probe.ts";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { takeLease } from "../../store/lease-store.ts";
import { createPool } from "../../store/pool.ts";
import { patternClip } from "../../test-fixtures/clips.ts";
import { makeCamera, testDay } from "../../test-fixtures/store-builders.ts";
import type { WorkerContext } from "../context.ts";
import { storeEvidence } from "../handlers/evidence.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { findTools } from "./media-tools.ts";
import { Sealer } from "./sealer.ts";

const candidateId = "cnd_0123456789abcdef0123456789";
/** Nobody listens there. */
const NOBODY = "127.0.0.1:9";

describe("sealing", () => {
  let worker: TestWorker;
  let url: string;
  let facts: Probe;
  let cameraId: string;
  const cleanups: (() => unknown)[] = [];

  beforeAll(async () => {
    url = await patternClip(await tempDirForFile(), "street.mp4", {
      size: "320x180",
      fps: 5,
      durationSec: 95,
    });
  });
  beforeEach(async () => {
    worker = await startTestWorker();
    const { ffprobePath } = findTools(worker.context.config);
    facts = await probe(url, {
      ffprobePath,
      transport: "tcp",
      timeoutMs: 20_000,
      signal: new AbortController().signal,
    });
    cameraId = await makeCamera(worker.context.pool);
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await worker.close();
  });

  const sealedIn = () => readdir(worker.context.spoolDir);
  const candidate = () => makeCandidate({ candidateId, cameraId });
  async function sealerWith(changes: Partial<WorkerContext> = {}): Promise<Sealer> {
    const context = { ...worker.context, ...changes };
    const lease = await takeLease(worker.context.pool, cameraId, "test", testDay);
    if (lease === undefined) throw new Error("the camera cannot be taken");
    const source = { url, transport: "tcp", pace: "fast", loop: false } as const;
    const camera = { ...makeSealedCamera({ id: cameraId }), source };
    return new Sealer(context, { camera, lease }, findTools(context.config).ffmpegPath);
  }
  const seal = (sealer: Sealer) =>
    sealer.seal(candidate(), {
      recording: { kind: "file", url },
      probe: facts,
      model: { id: "default", sha256: "ab".repeat(32) },
      signal: new AbortController().signal,
    });
  const incidents = async () => (await worker.context.pool.query("select candidate_id from incidents")).rows;
  const nextNumber = async () => (await worker.context.desk.chain.nextLink(cameraId)).sequence;

  function awayPool(): pg.Pool {
    const pool = createPool(`postgresql://forewarn@${NOBODY}/forewarn`);
    cleanups.push(() => pool.end());
    return pool;
  }

  it("does not need Postgres: what is in the spool becomes an incident when it is back, once", async () => {
    await seal(await sealerWith({ pool: awayPool() }));
    expect(await sealedIn()).toEqual([candidateId]);
    expect(await verifyBundle(join(worker.context.spoolDir, candidateId))).toMatchObject({ ok: true });
    // The same candidate comes again, from a worker that began with an older memory.
    await seal(await sealerWith());
    await storeEvidence(worker.context, { candidateId });
    await seal(await sealerWith());
    expect(await incidents()).toEqual([{ candidate_id: candidateId }]);
    expect(await sealedIn()).toEqual([]);
    expect(await nextNumber()).toBe(2);
  });

  it("does not wait for Redis: the spool is queued again by itself", async () => {
    const redis = connectRedis(`redis://${NOBODY}`, () => undefined);
    const producer = new Producer(redis, "away");
    cleanups.push(() => redis.disconnect());
    await seal(await sealerWith({ producer }));
    expect(await sealedIn()).toEqual([candidateId]);
  });

  it("takes a bundle in the spool for sealed even where the recording is gone", async () => {
    await seal(await sealerWith({ pool: awayPool() }));
    const aside = `${url}.aside`;
    await rename(url, aside);
    await seal(await sealerWith()).finally(() => rename(aside, url));
    const { rows } = await worker.context.pool.query("select candidate_id, outcome from camera_candidates");
    expect(rows).toEqual([{ candidate_id: candidateId, outcome: "sealed" }]);
  });

  it("keeps a bundle for people, and off the queue, when somebody else has taken the camera meanwhile", async () => {
    const sealer = await sealerWith({ pool: awayPool() });
    await seal(sealer);
    const late = await sealerWith();
    await takeLease(worker.context.pool, cameraId, "another", testDay);
    await expect(seal(late)).rejects.toMatchObject({ name: "StaleFenceError" });
    expect(await incidents()).toEqual([]);
  });

  it("survives a candidate that was not confirmed while Postgres is away", async () => {
    const sealer = await sealerWith({ pool: awayPool() });
    await sealer.discard(candidate());
    await rm(worker.context.spoolDir, { recursive: true, force: true });
    expect(await nextNumber()).toBe(1);
  });
});

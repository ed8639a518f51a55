import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { openSealingDesk, sealingPaths } from "../../pipeline/sealing.ts";
import { connectRedis } from "../../queue/connection.ts";
import { queueNames } from "../../queue/jobs.ts";
import { Producer } from "../../queue/producer.ts";
import { newId } from "../../runtime/ids.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { benchCamera } from "./bench-camera.ts";
import { type ClipFacts, candidateOf, NOT_BEFORE, sealFromClip } from "./bench-candidate.ts";
import { BenchStepError } from "./errors.ts";

const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 60_000;

export interface ReviewableRequest extends ClipFacts {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly folder: string;
  readonly candidates: number;
  /** Starts a worker that stores evidence; it tells over IPC when it works. */
  readonly worker: { readonly command: string; readonly args: readonly string[] };
  readonly env: (extra: Record<string, string>) => NodeJS.ProcessEnv;
  readonly modelsDir: string;
  readonly executionProviders: readonly string[];
}

/** How long one candidate took, from its trigger. */
export interface Reviewable {
  readonly sealedMs: number;
  /** Until people can review it. */
  readonly incidentMs: number;
}

/**
 * Seals candidates from the clip and lets a worker of its own turn them into incidents, one after the other, in a
 * database and under a queue prefix that are gone afterwards: nothing of the installation is touched.
 */
export async function measureReviewable(request: ReviewableRequest): Promise<Reviewable[]> {
  const name = `forewarn_bench_${randomBytes(6).toString("hex")}`;
  const url = new URL(request.databaseUrl);
  url.pathname = `/${name}`;
  await query(request.databaseUrl, `create database ${name}`);
  const dataDir = await mkdtemp(join(request.folder, "reviewable-"));
  try {
    await migrate(url.href);
    return await withWorker(request, { databaseUrl: url.href, prefix: name, dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
    await query(request.databaseUrl, `drop database if exists ${name} with (force)`);
  }
}

interface Place {
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly dataDir: string;
}

async function withWorker(request: ReviewableRequest, place: Place): Promise<Reviewable[]> {
  const pool = createPool(place.databaseUrl, request.log);
  const redis = connectRedis(request.redisUrl, (err) => request.log.warn({ err }, "redis"));
  const producer = new Producer(redis, place.prefix);
  const worker = await startWorker(request, place);
  // Masks are for cameras that have some: this one has none.
  const places = sealingPaths(place.dataDir, place.dataDir);
  const desk = await openSealingDesk(places, { ...request, packageRoot });
  try {
    const camera = benchCamera(
      "bench",
      { url: request.clip, transport: "tcp", pace: "fast", loop: false },
      { model: "default", fps: 1, watch: "full" },
    );
    await withTx(pool, (tx) =>
      putCamera(
        tx,
        { actor: { kind: "system", name: "bench" }, scope: "every", at: NOT_BEFORE, newId },
        { camera, enabled: false },
      ),
    );
    const found: Reviewable[] = [];
    for (let number = 1; number <= request.candidates; number++) {
      const candidate = candidateOf(camera, number, request.probe.durationSec ?? 0);
      const begun = performance.now();
      await sealFromClip(request, desk, camera, candidate);
      const sealedMs = performance.now() - begun;
      await producer.storeEvidence(candidate.candidateId);
      await until(async () => {
        const { rowCount } = await pool.query("select 1 from incidents where candidate_id = $1", [
          candidate.candidateId,
        ]);
        return rowCount === 1;
      });
      found.push({ sealedMs, incidentMs: performance.now() - begun });
    }
    return found;
  } finally {
    await desk.close();
    await worker.stop();
    for (const queue of queueNames) await producer.queue(queue).obliterate({ force: true });
    await producer.close();
    redis.disconnect();
    await pool.end();
  }
}

async function startWorker(
  { worker, env, redisUrl }: ReviewableRequest,
  place: Place,
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(worker.command, worker.args, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: env({
      FOREWARN_DATABASE_URL: place.databaseUrl,
      FOREWARN_REDIS_URL: redisUrl,
      FOREWARN_QUEUE_PREFIX: place.prefix,
      FOREWARN_DATA_DIR: place.dataDir,
      // The installation's own worker may have the port.
      FOREWARN_METRICS_PORT: "",
    }),
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("error", reject);
    void ended.then(() => reject(new BenchStepError("the worker ended before it worked.")));
  });
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAt)
      throw new BenchStepError("no incident came of a candidate within a minute.");
    await sleep(LOOK_EVERY_MS);
  }
}

async function query(databaseUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

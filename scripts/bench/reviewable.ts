import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { provisionIdsOf, violationOf } from "../../config/legal-basis.ts";
import type { Log } from "../../pipeline/domain/ports.ts";
import type { Camera, Candidate, FrameTime } from "../../pipeline/domain/types.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { openSealingDesk, type SealingDesk, sealCandidate, sealingPaths } from "../../pipeline/sealing.ts";
import { connectRedis } from "../../queue/connection.ts";
import { queueNames } from "../../queue/jobs.ts";
import { Producer } from "../../queue/producer.ts";
import { newId } from "../../runtime/ids.ts";
import { softwareName, softwareVersion } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { benchCamera } from "./bench-camera.ts";
import { BenchStepError } from "./errors.ts";

const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 60_000;
const NOT_BEFORE = Date.parse("2026-01-01T04:00:00Z");

export interface ReviewableRequest {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly folder: string;
  readonly ffmpegPath: string;
  readonly clip: string;
  readonly probe: Probe;
  readonly candidates: number;
  /** Starts a worker that stores evidence; it tells over IPC when it works. */
  readonly worker: { readonly command: string; readonly args: readonly string[] };
  readonly env: (extra: Record<string, string>) => NodeJS.ProcessEnv;
  readonly log: Log;
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
    const desk = await openSealingDesk(sealingPaths(place.dataDir));
    const found: Reviewable[] = [];
    for (let number = 1; number <= request.candidates; number++) {
      const candidate = candidateOf(camera, number, request.probe.durationSec ?? 0);
      const begun = performance.now();
      await seal(request, desk, camera, candidate);
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

/** A car that has stood in the middle of the clip. */
function candidateOf(camera: Camera, number: number, durationSec: number): Candidate {
  const at = (part: number): FrameTime => ({
    capturedAt: NOT_BEFORE + Math.round(part * durationSec * 1000),
    ptsSec: part * durationSec,
  });
  const box = [0.4, 0.5, 0.6, 0.8] as const;
  const [startedAt, middle, triggeredAt] = [at(0.2), at(0.4), at(0.6)];
  const { id: ruleId = "", zone: zoneId = "", violation = "" } = camera.rules[0] ?? {};
  const seen = (when: FrameTime) => ({ at: when, box, score: 0.8 });
  return {
    candidateId: `cnd_${number.toString(16).padStart(26, "0")}`,
    cameraId: camera.id,
    ruleId,
    zoneId,
    violation,
    trackIds: ["t1"],
    label: "car",
    score: 0.8,
    startedAt,
    triggeredAt,
    endedAt: null,
    dwellMs: triggeredAt.capturedAt - startedAt.capturedAt,
    unobservedMs: 0,
    box,
    ledger: [{ kind: "observed", from: startedAt.capturedAt, to: triggeredAt.capturedAt }],
    keySightings: { first: seen(startedAt), middle: seen(middle), trigger: seen(triggeredAt) },
    zoneVersion: "bench",
    ruleVersion: "bench",
  };
}

async function seal(
  { probe, ffmpegPath, clip, log }: ReviewableRequest,
  desk: SealingDesk,
  camera: Camera,
  candidate: Candidate,
): Promise<void> {
  await sealCandidate({
    desk,
    candidate,
    camera,
    probe,
    recording: { kind: "file", url: clip },
    ffmpegPath,
    model: { id: "bench", sha256: "0".repeat(64) },
    software: { name: softwareName, version: softwareVersion },
    clockSource: "clip_start",
    legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
    createdAt: Date.now(),
    signal: new AbortController().signal,
    log,
  });
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

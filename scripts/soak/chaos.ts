/**
 * Kills workers at random instants and counts what that did to the cameras they watched:
 *   npx tsx scripts/soak/chaos.ts [--kills 30] [--cameras 8] [--workers 2] [--lock-ms 10000] [--json]
 * Every camera plays the sample footage, in which a van and a car stand all the time: two candidates each, however
 * often its worker is killed. Needs what `npm run setup` brings; uses servers and folders of its own.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { loadCameraFile } from "../../config/camera-file.ts";
import { loadConfig } from "../../config/env.ts";
import { newId } from "../../runtime/ids.ts";
import { openServices } from "../../runtime/services/open-services.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { WallWatcher } from "./wall-watcher.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "30" },
    cameras: { type: "string", default: "8" },
    workers: { type: "string", default: "2" },
    "lock-ms": { type: "string", default: "10000" },
    json: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const lockMs = Number(values["lock-ms"]);
/** What stands in the sample footage, seen by the sample camera's one rule. */
const EXPECTED_PER_CAMERA = 2;
const READY_MS = 180_000;
/** From the last frame that was seen to the next one; both are told every three seconds only. */
const ALLOWED_UNWATCHED_MS = lockMs + 10_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const dataDir = await mkdtemp(join(tmpdir(), "forewarn-chaos-"));
const closers: (() => unknown)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const services = await openServices(
    { ...loadConfig(), dataDir, databaseUrl: undefined, redisUrl: undefined },
    { log: say },
  );
  closers.push(() => services.stop());
  await migrate(services.databaseUrl);
  const pool = createPool(services.databaseUrl);
  closers.push(() => pool.end());

  const sample = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
  const url = await sampleFootage();
  const cameraIds = Array.from({ length: Number(values.cameras) }, (_, at) => `chaos-${at + 1}`);
  for (const id of cameraIds) {
    const source = { url, transport: "tcp", pace: "live", loop: true } as const;
    const camera = { ...sample, id, source, analysis: { ...sample.analysis, fps: 1 } };
    const act = { actor: { kind: "system", name: "chaos" }, scope: "every", at: Date.now(), newId } as const;
    await withTx(pool, (tx) => putCamera(tx, act, { camera, enabled: true }));
  }

  const env = {
    FOREWARN_DATABASE_URL: services.databaseUrl,
    FOREWARN_REDIS_URL: services.redisUrl,
    FOREWARN_DATA_DIR: dataDir,
    FOREWARN_MODELS_DIR: loadConfig().modelsDir,
    FOREWARN_JOB_LOCK_MS: String(lockMs),
    FOREWARN_INFERENCE_THREADS: "1",
    FOREWARN_LOG_LEVEL: "warn",
  };
  const workers: TestProgram[] = [];
  closers.push(() => Promise.all(workers.map((worker) => worker.kill())));
  const start = () => startTestProgram("workers", env);
  for (let at = 0; at < Number(values.workers); at += 1) workers.push(await start());

  const wall = new WallWatcher(pool, cameraIds, join(dataDir, "rings"));
  closers.push(() => wall.stop());
  const readyBy = Date.now() + READY_MS;
  while (wall.seen < cameraIds.length) {
    if (Date.now() > readyBy) throw new Error(`only ${wall.seen} of ${cameraIds.length} cameras are watched`);
    await sleep(500);
  }
  wall.begin();
  for (let kill = 1; kill <= kills; kill += 1) {
    // A camera may be killed again as soon as it should be watched again, but not sooner: two gaps in a row are no
    // measure of one. Beats and renewals come every few seconds; kills fall anywhere between them.
    await sleep(ALLOWED_UNWATCHED_MS + randomInt(4_000));
    const at = randomInt(workers.length);
    await workers[at]?.kill();
    workers[at] = await start();
    say(
      `kill ${kill} of ${kills}: longest unwatched so far ${(wall.longestUnwatchedMs / 1000).toFixed(1)} s`,
    );
  }
  // The last takers need their time, and what stands its dwell.
  await sleep(lockMs + 60_000);
  const { rows } = await pool.query<{ id: string; incidents: string }>(
    `select cameras.id, count(incidents.id) as incidents from cameras
     left join incidents on incidents.camera_id = cameras.id group by cameras.id order by cameras.id`,
  );
  const wrong = rows.filter((row) => Number(row.incidents) !== EXPECTED_PER_CAMERA);
  const result = {
    type: "chaos",
    kills,
    cameras: cameraIds.length,
    lockMs,
    longestUnwatchedMs: wall.longestUnwatchedMs,
    allowedUnwatchedMs: ALLOWED_UNWATCHED_MS,
    watchedTwiceMs: wall.watchedTwiceMs,
    incidents: Object.fromEntries(rows.map((row) => [row.id, Number(row.incidents)])),
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  if (wrong.length > 0 || result.longestUnwatchedMs > result.allowedUnwatchedMs) process.exitCode = 1;
} finally {
  for (const close of closers.reverse()) await close();
}

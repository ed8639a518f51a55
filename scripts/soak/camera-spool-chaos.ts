/**
 * Kills a worker (kill -9) again and again while it makes bundles, and counts what was lost or doubled:
 *   npx tsx scripts/soak/camera-spool-chaos.ts [--kills 50] [--cameras 4] [--json]
 * Cameras play the sample footage, in which a van and a car stand all the time: two candidates each, however often
 * the worker is killed. A camera that has both gives way to a new one, so that there is always something to seal.
 * Only kills that fall while a bundle is on its way count. Needs what `npm run setup` brings; uses servers and
 * folders of its own. Exit 1 when anything is lost, doubled or left over.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Pool } from "pg";
import { loadCameraFile } from "../../config/camera-file.ts";
import { loadConfig } from "../../config/env.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { newId } from "../../runtime/ids.ts";
import { openServices } from "../../runtime/services/open-services.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera, setCameraEnabled } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { countBundles } from "../../workers/testing/check-bundles.ts";
import { isMaking, lookAtMaking, type Making } from "../../workers/testing/kill-moments.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    cameras: { type: "string", default: "4" },
    json: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
/** What stands in the sample footage, seen by the sample camera's one rule. */
const EXPECTED_PER_CAMERA = 2;
/** Long enough for the watch to be remembered before anything triggers. */
const DWELL_SECONDS = 10;
const LOOK_EVERY_MS = 5;
/** A worker that begins no bundle for so long is killed all the same, and that kill does not count. */
const BEGIN_MS = 90_000;
/** What a kill waits for may come and go unseen: then it falls where it falls. */
const GIVE_UP_MS = 20_000;
const SETTLE_MS = 240_000;

/** What a kill waits for, and how long after that it falls at most. */
const MOMENTS: readonly { readonly on: keyof Making; readonly withinMs: number }[] = [
  { on: "claims", withinMs: 2_000 },
  { on: "drafts", withinMs: 1_500 },
  { on: "spooled", withinMs: 120 },
  { on: "copying", withinMs: 1 },
];

const say = (line: string) => void process.stderr.write(`${line}\n`);
const dataDir = await mkdtemp(join(tmpdir(), "forewarn-spool-"));
const closers: (() => unknown)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const { databaseUrl, redisUrl, stop } = await openServices(
    { ...loadConfig(), dataDir, databaseUrl: undefined, redisUrl: undefined },
    { log: say },
  );
  closers.push(stop);
  await migrate(databaseUrl);
  const pool = createPool(databaseUrl);
  closers.push(() => pool.end());
  const sample = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
  const source = { url: await sampleFootage(), transport: "tcp", pace: "live", loop: true } as const;
  const rules = sample.rules.map((rule) => ({ ...rule, dwellSeconds: DWELL_SECONDS }));
  const template = { ...sample, source, rules, analysis: { ...sample.analysis, fps: 1 } };

  let worker: TestProgram | undefined;
  closers.push(() => worker?.kill());
  const start = () =>
    startTestProgram("workers", {
      FOREWARN_DATABASE_URL: databaseUrl,
      FOREWARN_REDIS_URL: redisUrl,
      FOREWARN_DATA_DIR: dataDir,
      FOREWARN_MODELS_DIR: loadConfig().modelsDir,
      FOREWARN_JOB_LOCK_MS: "3000",
      FOREWARN_INFERENCE_THREADS: "1",
      FOREWARN_LOG_LEVEL: "error",
    });

  let counted = 0;
  let tries = 0;
  const found: Record<keyof Making, number> = { claims: 0, drafts: 0, spooled: 0, copying: 0 };
  while (counted < kills) {
    await keepBusy(pool, template, Number(values.cameras));
    worker = await start();
    const moment = MOMENTS[randomInt(MOMENTS.length)] ?? { on: "claims", withinMs: 0 };
    await waitFor(dataDir, isMaking, BEGIN_MS);
    await waitFor(dataDir, (making) => making[moment.on] > 0, GIVE_UP_MS);
    await sleep(randomInt(moment.withinMs));
    const killed = worker.kill();
    const making = await lookAtMaking(dataDir);
    await killed;
    tries += 1;
    if (isMaking(making)) counted += 1;
    for (const key of Object.keys(found) as (keyof Making)[]) if (making[key] > 0) found[key] += 1;
    say(`kill ${tries}, ${counted} of ${kills} while a bundle was made: ${JSON.stringify(making)}`);
  }

  worker = await start();
  const settledBy = Date.now() + SETTLE_MS;
  while (!(await isSettled(pool, dataDir)) && Date.now() < settledBy) await sleep(500);
  await worker.stop();
  const count = await countBundles(pool, dataDir, EXPECTED_PER_CAMERA);
  const result = { type: "camera-spool-chaos", kills: tries, whileMaking: counted, found, ...count };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  if (count.faults.length > 0 || Object.keys(count.wrongCameras).length > 0) process.exitCode = 1;
} finally {
  for (const close of closers.reverse()) await close();
}

/** Looks again and again, until it happens or the time is over. */
async function waitFor(dataDir: string, happens: (making: Making) => boolean, forMs: number): Promise<void> {
  for (const giveUp = Date.now() + forMs; Date.now() < giveUp; await sleep(LOOK_EVERY_MS))
    if (happens(await lookAtMaking(dataDir))) return;
}

/** Switches cameras off that have shown everything, and puts new ones in their place. */
async function keepBusy(pool: Pool, template: Camera, many: number): Promise<void> {
  const act = {
    actor: { kind: "system", name: "camera-spool-chaos" },
    scope: "every",
    at: Date.now(),
    newId,
  } as const;
  const { rows } = await pool.query<{ id: string; done: boolean }>(
    `select cameras.id, count(incidents.id) >= $1 as done from cameras
     left join incidents on incidents.camera_id = cameras.id where cameras.enabled group by cameras.id`,
    [EXPECTED_PER_CAMERA],
  );
  const done = rows.filter((row) => row.done);
  for (const { id } of done) await withTx(pool, (tx) => setCameraEnabled(tx, act, id, false));
  for (let missing = many - (rows.length - done.length); missing > 0; missing -= 1) {
    const camera = { ...template, id: newId("spool") };
    await withTx(pool, (tx) => putCamera(tx, act, { camera, enabled: true }));
  }
}

async function isSettled(pool: Pool, dataDir: string): Promise<boolean> {
  if (isMaking(await lookAtMaking(dataDir))) return false;
  const { rowCount } = await pool.query(
    `select 1 from cameras left join incidents on incidents.camera_id = cameras.id
     group by cameras.id having count(incidents.id) < $1`,
    [EXPECTED_PER_CAMERA],
  );
  return rowCount === 0;
}

/**
 * Fills the disk under a worker that watches cameras, and says what that did:
 *   npx tsx scripts/soak/full-disk.ts [--size-mib 768] [--limit-mib 200] [--cameras 2] [--json]
 * The data folder lies on a file system of its own in memory, so this needs root and the right to mount. Cameras play
 * the sample footage; what they saw before the disk was full has to be there, whole, afterwards. Uses servers and
 * folders of its own. Exit 1 when anything is not as it should be, 3 when nothing could be mounted.
 */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
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
import { listWall } from "../../store/camera-status-read-model.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { startTestProgram } from "../../test-fixtures/programs.ts";
import { NEEDS_SMALL_DISK, openSmallDisk } from "../../test-fixtures/small-disk.ts";
import { countBundles } from "../../workers/testing/check-bundles.ts";

const { values } = parseArgs({
  options: {
    "size-mib": { type: "string", default: "768" },
    "limit-mib": { type: "string", default: "200" },
    cameras: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const MIB = 1024 ** 2;
const limitMib = Number(values["limit-mib"]);
/** What stands in the sample footage, seen by the sample camera's one rule. */
const EXPECTED_PER_CAMERA = 2;
const DWELL_SECONDS = 10;
const PATIENCE_MS = 300_000;
/** How long the disk stays full to the last byte. */
const FULL_MS = 30_000;
const NOTHING_MOUNTED = 3;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const closers: (() => unknown)[] = [];
try {
  const disk = await openSmallDisk(Number(values["size-mib"]));
  if (disk === undefined) {
    say(`nothing done: this ${NEEDS_SMALL_DISK}`);
    process.exitCode = NOTHING_MOUNTED;
  } else {
    closers.push(() => disk.close());
    await fillAndFree(disk);
  }
} finally {
  for (const close of closers.reverse()) await close();
}

async function fillAndFree(disk: NonNullable<Awaited<ReturnType<typeof openSmallDisk>>>): Promise<void> {
  const dataDir = join(disk.dir, "data");
  const serviceDir = await mkdtemp(join(tmpdir(), "forewarn-full-"));
  closers.push(() => rm(serviceDir, { recursive: true, force: true }));
  const config = { ...loadConfig(), dataDir: serviceDir, databaseUrl: undefined, redisUrl: undefined };
  const services = await openServices(config, { log: say });
  closers.push(() => services.stop());
  await migrate(services.databaseUrl);
  const pool = createPool(services.databaseUrl);
  closers.push(() => pool.end());
  const count = async (sql: string): Promise<number> =>
    (await pool.query<{ count: number }>(`select count(*)::int as count from ${sql}`)).rows[0]?.count ?? 0;
  const incidents = () => count("incidents");
  const alarms = () =>
    count("camera_alarms join camera_tasks on camera_tasks.id = task_id where kind = 'disk_full'");
  const openTasks = () => count("camera_tasks where resolved_at is null");

  await addCameras();
  const worker = await startTestProgram("workers", {
    FOREWARN_DATABASE_URL: services.databaseUrl,
    FOREWARN_REDIS_URL: services.redisUrl,
    FOREWARN_DATA_DIR: dataDir,
    FOREWARN_MODELS_DIR: loadConfig().modelsDir,
    FOREWARN_MIN_FREE_MIB: String(limitMib),
    FOREWARN_LOG_LEVEL: "error",
  });
  closers.push(() => worker.kill());

  await until("every camera has shown what stands there", async () => (await incidents()) === expected());
  const filledAt = Date.now();
  await disk.leaveFree((limitMib - 20) * MIB);
  await until("every camera is paused", () => wallIs("disk_full"));
  await until("an alarm is on record", async () => (await alarms()) > 0);
  const alarmAfterMs = Date.now() - filledAt;
  await disk.leaveFree(0);
  const ringBytes = await bytesBelow(join(dataDir, "rings"));
  await sleep(FULL_MS);
  const ringGrewBytes = (await bytesBelow(join(dataDir, "rings"))) - ringBytes;
  const aliveWhenFull = worker.child.exitCode === null && (await wallIs("disk_full"));
  const held = await countBundles(pool, dataDir, EXPECTED_PER_CAMERA);
  await disk.dropBallast();
  await until("every camera is watched again", () => wallIs("watched"));
  await until("no task is left open", async () => (await openTasks()) === 0);
  await worker.stop();
  const result = {
    type: "full-disk",
    cameras: Number(values.cameras),
    alarmAfterMs,
    alarms: await alarms(),
    ringGrewBytes,
    aliveWhenFull,
    heldWhenFull: held,
    exitCode: worker.child.exitCode,
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  const isRight = ringGrewBytes <= 0 && aliveWhenFull && held.faults.length === 0 && result.exitCode === 0;
  if (!isRight) process.exitCode = 1;

  async function addCameras(): Promise<void> {
    const sample = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
    const source = { url: await sampleFootage(), transport: "tcp", pace: "live", loop: true } as const;
    const rules = sample.rules.map((rule) => ({ ...rule, dwellSeconds: DWELL_SECONDS }));
    for (let at = 1; at <= Number(values.cameras); at += 1) {
      const camera = { ...sample, id: `full-${at}`, source, rules };
      const actor = { kind: "system", name: "full-disk" } as const;
      const act = { actor, scope: "every", at: Date.now(), newId } as const;
      await withTx(pool, (tx) => putCamera(tx, act, { camera, enabled: true }));
    }
  }

  function expected(): number {
    return Number(values.cameras) * EXPECTED_PER_CAMERA;
  }

  async function wallIs(kind: string): Promise<boolean> {
    return (await listWall(pool, "every", Date.now())).every((camera) => camera.kind === kind);
  }
}

async function until(what: string, happens: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!(await happens())) {
    if (Date.now() > giveUp) throw new Error(`gave up waiting until ${what}`);
    await sleep(250);
  }
  say(what);
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

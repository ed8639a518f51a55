/**
 * Kills a worker (kill -9) again and again while it makes bundles of recorded footage, and counts what was lost or
 * doubled:
 *   npx tsx scripts/soak/spool-chaos.ts [--kills 50] [--cameras 3] [--within-ms 15000] [--json]
 * Only kills that fall while a bundle is on its way count. Real PostgreSQL, Redis and ffmpeg; with a camera's live
 * stream instead of recorded footage: camera-spool-chaos.ts. Needs what `npm run setup` brings; uses servers and
 * folders of its own. Exit 1 when anything is lost, doubled or left over.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/env.ts";
import { openServices } from "../../runtime/services/open-services.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool } from "../../store/pool.ts";
import { isMaking, type Making } from "../../workers/testing/kill-moments.ts";
import { KilledSealing } from "../../workers/testing/killed-sealing.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    cameras: { type: "string", default: "3" },
    "within-ms": { type: "string", default: "15000" },
    json: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const FINISH_MS = 900_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const dataDir = await mkdtemp(join(tmpdir(), "forewarn-spool-"));
const closers: (() => unknown)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const config = { ...loadConfig(), dataDir, databaseUrl: undefined, redisUrl: undefined };
  const { databaseUrl, redisUrl, stop } = await openServices(config, { log: say });
  closers.push(stop);
  await migrate(databaseUrl);
  const pool = createPool(databaseUrl);
  closers.push(() => pool.end());
  const sealing = await KilledSealing.open({
    pool,
    dataDir,
    footage: await sampleFootage(),
    cameras: Number(values.cameras),
    env: {
      FOREWARN_DATABASE_URL: databaseUrl,
      FOREWARN_REDIS_URL: redisUrl,
      FOREWARN_DATA_DIR: dataDir,
      FOREWARN_JOB_LOCK_MS: "2000",
      FOREWARN_LOG_LEVEL: "error",
    },
  });
  closers.push(() => sealing.close());

  const found: Record<keyof Making, number> = { claims: 0, drafts: 0, spooled: 0, copying: 0 };
  let whileMaking = 0;
  let tries = 0;
  for (; whileMaking < kills; tries += 1) {
    const making = await sealing.killAfter(randomInt(Number(values["within-ms"])));
    if (isMaking(making)) whileMaking += 1;
    for (const key of Object.keys(found) as (keyof Making)[]) if (making[key] > 0) found[key] += 1;
    say(`kill ${tries + 1}, ${whileMaking} of ${kills} while a bundle was made: ${JSON.stringify(making)}`);
  }
  const count = await sealing.finish(FINISH_MS);
  const result = {
    type: "spool-chaos",
    kills: tries,
    whileMaking,
    found,
    triggered: sealing.triggered,
    ...count,
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  const isRight =
    count.faults.length === 0 &&
    Object.keys(count.wrongCameras).length === 0 &&
    count.incidents === sealing.triggered &&
    count.bundles === sealing.triggered;
  if (!isRight) process.exitCode = 1;
} finally {
  for (const close of closers.reverse()) await close();
}

import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { composeWarning } from "../../casework/warning/warning.ts";
import { loadConfig } from "../../config/env.ts";
import { type WrittenBundle, writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import {
  makeCandidate,
  makeInput,
  makeCamera as makeSealedCamera,
} from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { Lifecycle } from "../../runtime/lifecycle.ts";
import { loadOrCreateSecret } from "../../runtime/secret-file.ts";
import { hashToken, warningToken } from "../../runtime/warning-link.ts";
import { withTx } from "../../store/pool.ts";
import { claimIncident, confirmIncident } from "../../store/review-store.ts";
import { createWarning } from "../../store/warning-store.ts";
import {
  allYes,
  makeCamera,
  makeIncident,
  makeUser,
  testDay,
  userAct,
} from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";
import { createWorkerContext, type WorkerContext } from "../context.ts";

/** A worker's context in this process: real Postgres and Redis, a folder of its own, a log that tests may read. */
export interface TestWorker {
  readonly context: WorkerContext;
  readonly lifecycle: Lifecycle;
  readonly log: string[];
  /** A sealed bundle in the spool, of a camera on record. */
  spoolBundle(options?: {
    cameraId?: string;
  }): Promise<{ candidateId: string; dir: string; cameraId: string }>;
  /** A warning of a confirmed incident, one pending delivery per channel. */
  warn(
    channels: readonly string[],
  ): Promise<{ warningId: string; deliveryIds: string[]; recheckId: string; tokenHash: string }>;
  /** Every key of this test in Redis is gone, as if the server had lost its disk. */
  loseRedis(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestWorker(env: Record<string, string> = {}): Promise<TestWorker> {
  const database = await createTestDatabase();
  const keys = testRedis();
  const dataDir = await mkdtemp(join(tmpdir(), "forewarn-worker-"));
  const log: string[] = [];
  const lifecycle = new Lifecycle();
  const context = await createWorkerContext(
    loadConfig({
      FOREWARN_DATABASE_URL: database.url,
      FOREWARN_REDIS_URL: keys.url,
      FOREWARN_QUEUE_PREFIX: keys.prefix,
      FOREWARN_DATA_DIR: dataDir,
      ...env,
    }),
    pino({ level: "trace" }, { write: (line: string) => void log.push(line) }),
    lifecycle,
  );
  await mkdir(context.spoolDir, { recursive: true });
  let made = 0;

  return {
    context,
    lifecycle,
    log,
    async spoolBundle(options = {}) {
      const cameraId = options.cameraId ?? (await makeCamera(context.pool));
      made += 1;
      const candidateId = `cnd_${made.toString(16).padStart(26, "0")}`;
      const { dir } = await seal(context.spoolDir, cameraId, candidateId);
      return { candidateId, dir, cameraId };
    },
    async warn(channels) {
      const incidentId = await makeIncident(context.pool, await makeCamera(context.pool));
      const user = await makeUser(context.pool, ["content_reviewer", "officer"]);
      const act = userAct(user);
      const secret = await loadOrCreateSecret(join(dataDir, "keys", "warning-link.secret"));
      const tokenHash = hashToken(warningToken(secret, incidentId, 0));
      return withTx(context.pool, async (tx) => {
        await claimIncident(tx, act, incidentId);
        await confirmIncident(tx, act, incidentId, allYes);
        const { warningId, deliveryIds, recheckId } = await createWarning(tx, act, {
          incidentId,
          letters,
          linkTokenHash: tokenHash,
          graceUntil: testDay + 600_000,
          channels,
          minorFirst: true,
          namesSomeone: false,
        });
        return { warningId, deliveryIds, recheckId, tokenHash };
      });
    },
    async loseRedis() {
      const redis = new Redis(keys.url);
      for await (const found of redis.scanStream({ match: `${keys.prefix}*`, count: 500 }))
        if (Array.isArray(found) && found.length > 0) await redis.unlink(found);
      redis.disconnect();
    },
    async close() {
      await lifecycle.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function seal(outDir: string, cameraId: string, candidateId: string): Promise<WrittenBundle> {
  return makeInput({
    outDir,
    camera: makeSealedCamera({ id: cameraId }),
    candidate: makeCandidate({ cameraId, candidateId }),
  }).then(writeBundle);
}

/** A copy of a bundle under a name, as a crash or a hand may have left it. */
export async function copyBundle(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}

const letters = composeWarning({
  place: "人民南路二段",
  occurredAt: testDay,
  violationZh: "在人行道停放机动车",
  violationEn: "a motor vehicle parked on the pavement",
  requestZh: "将车移走",
  requestEn: "move it",
  basisZh: "《道路交通安全法》第56条",
  basisEn: "Road Traffic Safety Law, Art. 56",
  agencyZh: "城市管理行政执法部门",
  agencyEn: "City management and law enforcement",
  graceUntil: testDay + 600_000,
  writtenAt: testDay,
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startTestApi, type TestApi } from "../api/testing/test-api.ts";
import { loadConfig } from "../config/env.ts";
import { Lifecycle } from "../runtime/lifecycle.ts";
import { required } from "../runtime/required.ts";
import { packageRoot } from "../runtime/version.ts";
import { createWorkerContext, type WorkerContext } from "../workers/context.ts";
import { rearm } from "../workers/rearm.ts";
import type { WorkerRole } from "../workers/registry.ts";
import { startRole } from "../workers/start-role.ts";
import { startTestMailServer, type TestMailServer } from "./mail-server.ts";
import { startTestBroker, type TestBroker } from "./mqtt-broker.ts";
import { testRedis } from "./test-database.ts";

/** The API and the workers of one place, in this process: one database, one Redis, one clock; a broker and a mail server. */
export interface WorkedApi {
  readonly api: TestApi;
  readonly worker: WorkerContext;
  readonly broker: TestBroker;
  readonly mail: TestMailServer;
  /** Queues again what Postgres says ought to be queued, as every worker does twice a minute. */
  rearm(): Promise<void>;
  /** Every key of this test in Redis is gone, as if the server had lost its disk. */
  loseRedis(): Promise<void>;
  close(): Promise<void>;
}

/** @param roles what the workers do, from now until `close` */
export async function startWorkedApi(roles: readonly WorkerRole[]): Promise<WorkedApi> {
  const [api, broker, mail] = await Promise.all([startTestApi(), startTestBroker(), startTestMailServer()]);
  const { config, linkSecret, clock, log } = api.context;
  // Both write the same links, as two programs of one installation do.
  const keys = join(config.dataDir, "keys");
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await writeFile(join(keys, "warning-link.secret"), linkSecret, { mode: 0o600 });
  const { url: redisUrl } = testRedis();
  const lifecycle = new Lifecycle();
  const context = await createWorkerContext(
    loadConfig({
      FOREWARN_DATABASE_URL: required(api.pool.options.connectionString, "the database of the test"),
      FOREWARN_REDIS_URL: redisUrl,
      FOREWARN_QUEUE_PREFIX: config.queuePrefix,
      FOREWARN_DATA_DIR: config.dataDir,
      // Converted once per checkout, not once per test run.
      FOREWARN_MODELS_DIR: join(packageRoot, ".forewarn", "models"),
      FOREWARN_MQTT_URL: broker.url,
      FOREWARN_SMTP_URL: mail.url,
      FOREWARN_SMTP_REQUIRE_TLS: "false",
      FOREWARN_MAIL_FROM: "notice@example.gov.cn",
    }),
    log,
    lifecycle,
  );
  await mkdir(context.spoolDir, { recursive: true });
  const worker: WorkerContext = { ...context, clock };
  for (const role of roles) startRole(worker, role, lifecycle);

  return {
    api,
    worker,
    broker,
    mail,
    rearm: () => rearm(worker, roles, "again"),
    async loseRedis() {
      const redis = new Redis(redisUrl);
      for await (const found of redis.scanStream({ match: `${config.queuePrefix}*`, count: 500 }))
        if (Array.isArray(found) && found.length > 0) await redis.unlink(found);
      redis.disconnect();
    },
    async close() {
      await lifecycle.close();
      await Promise.all([broker.stop(), mail.close()]);
      await api.close();
    },
  };
}

import type { Redis } from "ioredis";
import type pg from "pg";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectRedis } from "../queue/connection.ts";
import { Lifecycle } from "../runtime/lifecycle.ts";
import { readExposition } from "../runtime/metrics/testing/read-exposition.ts";
import { WorkerMetrics } from "../runtime/metrics/worker-metrics.ts";
import { createPool } from "../store/pool.ts";
import { createTestDatabase, type TestDatabase, testRedis } from "../test-fixtures/test-database.ts";
import type { DiskState } from "./disk-guard.ts";
import { serveMetrics } from "./metrics-server.ts";

describe("a worker's metrics server", () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let redis: Redis;
  let lifecycle: Lifecycle;
  let disk: { state: DiskState };
  const log: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void log.push(line) });
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    redis = connectRedis(testRedis().url, () => undefined);
    await redis.ping();
    lifecycle = new Lifecycle();
    disk = { state: { full: false, freeBytes: 5, folder: "/data", since: 0 } };
  });
  afterEach(async () => {
    await lifecycle.close();
    redis.disconnect();
    await pool.end().catch(() => undefined);
    await database.drop();
  });

  const serve = (metrics: WorkerMetrics, metricsPort: number | undefined) =>
    serveMetrics(
      {
        pool,
        redis,
        disk,
        log: logger,
        config: {
          metricsHost: "127.0.0.1",
          metricsPort,
          secrets: {
            appDatabasePassword: undefined,
            sessionSecret: undefined,
            webhookSecret: undefined,
            bankSecret: undefined,
            smsSecret: undefined,
            mqttPassword: undefined,
            speakerSecret: undefined,
            smtpUrl: undefined,
            vehicleRegistryToken: undefined,
            metricsToken: undefined,
          },
        },
      },
      metrics,
      lifecycle,
    );

  it("tells this machine what it counted, whether it lives and whether its servers answer", async () => {
    const metrics = new WorkerMetrics();
    metrics.frames("cam-1", { analysed: 7 });
    const origin = `http://127.0.0.1:${await serve(metrics, 0)}`;
    const scraped = await fetch(`${origin}/metrics`);
    expect(scraped.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const samples = readExposition(await scraped.text());
    expect(samples.get('forewarn_frames_analysed_total{camera_id="cam-1"}')).toBe(7);
    const forwarded = await fetch(`${origin}/metrics`, { headers: { "x-forwarded-for": "127.0.0.1" } });
    expect(forwarded.status).toBe(403);
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: "ok" });
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: "ok", postgres: "ok", redis: "ok", disk: "ok" },
    ]);
    disk.state = { ...disk.state, full: true };
    const full = await fetch(`${origin}/readyz`);
    expect([full.status, await full.json()]).toEqual([
      503,
      { status: "unavailable", postgres: "ok", redis: "ok", disk: "full" },
    ]);
    expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${origin}/else`)).status).toBe(404);
    redis.disconnect();
    const away = await fetch(`${origin}/readyz`);
    expect([away.status, await away.json()]).toEqual([
      503,
      { status: "unavailable", postgres: "ok", redis: "unreachable", disk: "full" },
    ]);
  });

  it("is not there without a port, and a port that is taken stops no worker", async () => {
    expect(await serve(new WorkerMetrics(), undefined)).toBeUndefined();
    const taken = await serve(new WorkerMetrics(), 0);
    expect(taken).toBeGreaterThan(0);
    expect(await serve(new WorkerMetrics(), taken)).toBeUndefined();
    expect(log.join("")).toContain("set FOREWARN_METRICS_PORT to a port that is free");
  });
});

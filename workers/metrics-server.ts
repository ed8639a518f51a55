import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "../config/env.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { Logger } from "../runtime/logger.ts";
import { mayScrape } from "../runtime/metrics/scrape-access.ts";
import { within } from "../runtime/metrics/within.ts";
import type { WorkerMetrics } from "../runtime/metrics/worker-metrics.ts";
import type { WorkerContext } from "./context.ts";

/** Whoever takes longer counts as away. */
const PATIENCE_MS = 2_000;

/** `WorkerContext` fits. */
export type MetricsServerContext = Pick<WorkerContext, "pool" | "redis"> & {
  readonly disk: Pick<WorkerContext["disk"], "state">;
  readonly config: Pick<Config, "metricsHost" | "metricsPort" | "secrets">;
  readonly log: Logger;
};

/**
 * Serves /metrics, /healthz and /readyz of this worker where a port is set. Answers the port; undefined when it is
 * not served, which a port that is taken makes no fault of: cameras are watched all the same.
 */
export async function serveMetrics(
  context: MetricsServerContext,
  metrics: WorkerMetrics,
  lifecycle: Lifecycle,
): Promise<number | undefined> {
  lifecycle.onClose("metrics", () => metrics.close());
  const { config, log } = context;
  if (config.metricsPort === undefined) return undefined;
  const server = createServer((req, res) => {
    answer(context, metrics, req, res).catch((err: unknown) => {
      log.warn({ err }, "metrics not told");
      if (!res.headersSent) res.writeHead(500);
      res.end();
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(config.metricsPort, config.metricsHost, resolve);
    });
  } catch (err) {
    log.error(
      { err, host: config.metricsHost, port: config.metricsPort },
      "metrics are not served: set FOREWARN_METRICS_PORT to a port that is free",
    );
    return undefined;
  }
  lifecycle.onClose("metrics server", () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.metricsHost, port }, "metrics served");
  return port;
}

async function answer(
  context: MetricsServerContext,
  metrics: WorkerMetrics,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const path = (req.url ?? "").replace(/\?.*/, "");
  if (req.method !== "GET" && req.method !== "HEAD") return send(res, 405, { status: "only GET" });
  switch (path) {
    case "/healthz":
      return send(res, 200, { status: "ok" });
    case "/readyz":
      return sendReadiness(context, res);
    case "/metrics":
      return sendMetrics(context, metrics, req, res);
    default:
      return send(res, 404, { status: "not found" });
  }
}

async function sendReadiness(
  { pool, redis, disk }: MetricsServerContext,
  res: ServerResponse,
): Promise<void> {
  const answers = (asked: Promise<unknown>) =>
    within(
      PATIENCE_MS,
      asked.then(() => "ok" as const),
      "unreachable" as const,
    );
  const [postgres, queue] = await Promise.all([
    answers(pool.query("select 1")),
    redis.status === "ready" ? answers(redis.ping()) : "unreachable",
  ]);
  const room = disk.state.full ? "full" : "ok";
  const ready = postgres === "ok" && queue === "ok" && room === "ok";
  send(res, ready ? 200 : 503, { status: ready ? "ok" : "unavailable", postgres, redis: queue, disk: room });
}

async function sendMetrics(
  { config }: MetricsServerContext,
  metrics: WorkerMetrics,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const asks = { remoteAddress: req.socket.remoteAddress, headers: req.headers };
  if (!mayScrape(asks, { token: config.secrets.metricsToken, behindProxy: false }))
    return send(res, 403, { status: "only from this machine, or with FOREWARN_METRICS_TOKEN" });
  const { contentType, body } = await metrics.scrape();
  res.writeHead(200, { "content-type": contentType, "cache-control": "no-store" });
  res.end(body);
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  res.end(JSON.stringify(body));
}

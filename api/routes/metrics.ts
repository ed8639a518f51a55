import { Router } from "express";
import { type QueueName, queueNames } from "../../queue/jobs.ts";
import { ApiMetrics, type QueueState } from "../../runtime/metrics/api-metrics.ts";
import { mayScrape } from "../../runtime/metrics/scrape-access.ts";
import { within } from "../../runtime/metrics/within.ts";
import { countWall, listWall } from "../../store/camera-status-read-model.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError } from "../http/errors.ts";

/** A scrape that takes longer is worth nothing. */
const PATIENCE_MS = 2_000;
const STATES = ["waiting", "active", "delayed", "failed"] as const;

/** `/metrics` for Prometheus: from this machine, or with the token of the configuration; for nobody else. */
export function metricsRouter(context: ApiContext): Router {
  const { config, clock, pool } = context;
  const metrics = new ApiMetrics({
    queues: async () =>
      context.redis.status === "ready" ? within(PATIENCE_MS, readQueues(context), null) : null,
    wall: () => within(PATIENCE_MS, listWall(pool, "every", clock.now()).then(countWall), null),
  });
  const rules = { token: config.secrets.metricsToken, behindProxy: config.publicUrlIsSet };
  const router = Router();
  router.get("/metrics", async (req, res) => {
    if (!mayScrape({ remoteAddress: req.socket.remoteAddress, headers: req.headers }, rules))
      throw new ForbiddenError("Metrics are for this machine, or for whoever has FOREWARN_METRICS_TOKEN");
    const { contentType, body } = await metrics.scrape();
    res.set("cache-control", "no-store").set("content-type", contentType).end(body);
  });
  return router;
}

function readQueues(context: ApiContext): Promise<QueueState[]> {
  return Promise.all(queueNames.map((name) => readQueue(context, name)));
}

async function readQueue({ producer, clock }: ApiContext, name: QueueName): Promise<QueueState> {
  const queue = producer.queue(name);
  const jobs = await queue.getJobCounts(...STATES);
  return { queue: name, jobs, oldestWaitingSec: await oldestWaitingSec() };

  async function oldestWaitingSec(): Promise<number | null> {
    // A camera's job is as old as the camera's watch, whoever has had it: the wall tells who is not watched.
    if (name === "cameras") return null;
    const [oldest] = await queue.getJobs(["waiting"], 0, 0, true);
    return oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest.timestamp) / 1000);
  }
}

import { Router } from "express";
import { within } from "../../runtime/metrics/within.ts";
import type { ApiContext } from "../context.ts";

/** Whoever takes longer counts as away: commands to a lost Redis would wait for it for ever. */
const PATIENCE_MS = 2_000;

/** `/healthz`: the process lives. `/readyz`: Postgres and Redis answer too. */
export function healthRouter(context: ApiContext): Router {
  const router = Router();
  router.get("/healthz", (_req, res) => {
    res.json({ status: "ok" });
  });
  router.get("/readyz", async (_req, res) => {
    const [postgres, redis] = await Promise.all([
      answers(context.pool.query("SELECT 1")),
      context.redis.status === "ready" ? answers(context.redis.ping()) : "unreachable",
    ]);
    const ready = postgres === "ok" && redis === "ok";
    res.status(ready ? 200 : 503).json({ status: ready ? "ok" : "unavailable", postgres, redis });
  });
  return router;
}

function answers(asked: Promise<unknown>): Promise<"ok" | "unreachable"> {
  return within(
    PATIENCE_MS,
    asked.then(() => "ok" as const),
    "unreachable",
  );
}

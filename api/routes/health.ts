import { Router } from "express";
import type { ApiContext } from "../context.ts";

/** `/healthz`: the process lives. `/readyz`: Postgres and Redis answer too. */
export function healthRouter(context: ApiContext): Router {
  const router = Router();
  router.get("/healthz", (_req, res) => {
    res.json({ status: "ok" });
  });
  router.get("/readyz", async (_req, res) => {
    const checks = await Promise.allSettled([context.pool.query("SELECT 1"), context.redis.ping()]);
    const [postgres, redis] = checks.map((check) => (check.status === "fulfilled" ? "ok" : "unreachable"));
    const ready = postgres === "ok" && redis === "ok";
    res.status(ready ? 200 : 503).json({ status: ready ? "ok" : "unavailable", postgres, redis });
  });
  return router;
}

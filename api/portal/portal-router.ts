import { type RequestHandler, Router } from "express";
import { rateLimit } from "express-rate-limit";
import type { ApiContext } from "../context.ts";
import { notFound } from "../middleware/error-handler.ts";
import { bankNoticeGateway } from "../payments/bank-notice-gateway.ts";
import type { PaymentGateway } from "../payments/payment-gateway.ts";
import { caseRoutes } from "./case-routes.ts";
import { evidenceRoutes } from "./evidence-routes.ts";
import { portalDocument } from "./portal-openapi.ts";
import { portalRoutesRouter } from "./portal-route.ts";
import { PortalThrottle } from "./portal-throttle.ts";
import { receiptRoutes } from "./receipt-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { submitRoutes } from "./submit-routes.ts";
import { uploadRoutes } from "./upload-route.ts";

export const portalRoutes = [
  ...sessionRoutes,
  ...caseRoutes,
  ...evidenceRoutes,
  ...submitRoutes,
  ...uploadRoutes,
  ...receiptRoutes,
];

/** What stands on a shared computer's screen does not stay in it. */
const noStore: RequestHandler = (_req, res, next) => {
  res.set({ "cache-control": "private, no-store", "x-robots-tag": "noindex" });
  next();
};

/** `/portal/v1`: the citizen's side. No cookies, no sessions of officers: a bearer token from the link, and nothing else. */
export function portalRouter(
  context: ApiContext,
  payments: PaymentGateway = bankNoticeGateway({ pool: context.pool, secret: undefined }),
): Router {
  const portalThrottle = new PortalThrottle(context.redis, context.config.queuePrefix);
  const document = portalDocument(portalRoutes);
  const router = Router();
  router.use(
    rateLimit({ windowMs: 60_000, limit: 300, standardHeaders: true, legacyHeaders: false }),
    noStore,
  );
  router.get("/openapi.json", (_req, res) => void res.json(document));
  router.use(portalRoutesRouter({ ...context, portalThrottle, payments }, portalRoutes), notFound);
  return router;
}

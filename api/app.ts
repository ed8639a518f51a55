import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type Express, type RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { packageRoot } from "../runtime/version.ts";
import type { ApiContext } from "./context.ts";
import { DOCS_PATH, docsRouter } from "./http/docs-page.ts";
import { openApiDocument } from "./http/openapi.ts";
import { apiRouter } from "./http/register.ts";
import { letterRouter } from "./letter/letter-router.ts";
import { currentUser } from "./middleware/current-user.ts";
import { errorHandler, notFound } from "./middleware/error-handler.ts";
import { csrf, sessions } from "./middleware/sessions.ts";
import { bankNoticeGateway } from "./payments/bank-notice-gateway.ts";
import { paymentNoticeRouter, paymentRoutes } from "./payments/payment-routes.ts";
import { portalRouter } from "./portal/portal-router.ts";
import { publicDecisionsRouter } from "./public/decisions-router.ts";
import { agencyRoutes } from "./routes/agencies.ts";
import { cameraComplianceRoutes } from "./routes/camera-compliance.ts";
import { cameraHealthRoutes } from "./routes/camera-health.ts";
import { cameraRoutes } from "./routes/cameras.ts";
import { caseRoutes } from "./routes/cases.ts";
import { cureRoutes } from "./routes/cure.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { documentRoutes } from "./routes/documents.ts";
import { eventRoutes } from "./routes/events.ts";
import { grantRoutes } from "./routes/grants.ts";
import { healthRouter } from "./routes/health.ts";
import { holdRoutes } from "./routes/holds.ts";
import { incidentExportRoutes } from "./routes/incident-export.ts";
import { incidentFileRoutes } from "./routes/incident-files.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { lawRoutes } from "./routes/law.ts";
import { metricsRouter } from "./routes/metrics.ts";
import { partyLinkRoutes } from "./routes/party-links.ts";
import { QUEUE_BOARD_PATH, queueBoardRouter } from "./routes/queues.ts";
import { recheckRoutes } from "./routes/rechecks.ts";
import { responsiblePartyRoutes } from "./routes/responsible-parties.ts";
import { sessionRoutes } from "./routes/session.ts";
import { speakerRoutes } from "./routes/speakers.ts";
import { supervisionRoutes } from "./routes/supervision.ts";
import { templateRoutes } from "./routes/templates.ts";
import { wallRoutes } from "./routes/wall.ts";
import { warningRoutes } from "./routes/warnings.ts";
import { verifyPageRouter } from "./verify-page.ts";

export const routes = [
  ...sessionRoutes,
  ...incidentRoutes,
  ...incidentFileRoutes,
  ...incidentExportRoutes,
  ...grantRoutes,
  ...holdRoutes,
  ...warningRoutes,
  ...deliveryRoutes,
  ...recheckRoutes,
  ...templateRoutes,
  ...responsiblePartyRoutes,
  ...speakerRoutes,
  ...cureRoutes,
  ...caseRoutes,
  ...documentRoutes,
  ...partyLinkRoutes,
  ...supervisionRoutes,
  ...paymentRoutes,
  ...agencyRoutes,
  ...lawRoutes,
  // Before the cameras themselves: /cameras/abnormal is no camera.
  ...cameraComplianceRoutes,
  ...cameraRoutes,
  ...cameraHealthRoutes,
  ...wallRoutes,
  ...eventRoutes,
];

/** Personal data does not stay behind on a shared computer. Files say for themselves how they may be kept. */
const noStore: RequestHandler = (_req, res, next) => {
  res.set("cache-control", "no-store");
  next();
};

/** For whoever needs no account: enough for people, too little for whoever copies everything. */
const publicLimit = () =>
  rateLimit({ windowMs: 60_000, limit: 60, standardHeaders: true, legacyHeaders: false });

/** The HTTP application, ready to listen. Needs a session secret; everything else comes with the context. */
export function createApp(context: ApiContext, sessionSecret: string): Express {
  const app = express();
  app.disable("x-powered-by");
  // A proxy ends https and says who asks; what anybody else claims to be is not believed.
  app.set("trust proxy", [...context.config.trustedProxies]);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", "data:"],
          mediaSrc: ["'self'"],
          // Stylesheets of components carry computed positions (the box over the picture).
          styleSrc: ["'self'", "'unsafe-inline'"],
          objectSrc: ["'none'"],
          frameAncestors: ["'none'"],
          // Plain http on a loopback or office network is a supported set-up; https sites set HSTS at the proxy.
          upgradeInsecureRequests: null,
        },
      },
      referrerPolicy: { policy: "no-referrer" },
      strictTransportSecurity: false,
    }),
  );
  app.use(healthRouter(context));
  app.use(metricsRouter(context));
  app.use("/w", publicLimit(), letterRouter(context));

  const session = sessions({
    pool: context.pool,
    secret: sessionSecret,
    secureCookies: context.config.secureCookies,
  });
  app.use(QUEUE_BOARD_PATH, noStore, session, currentUser(context), queueBoardRouter(context));

  const gateway = bankNoticeGateway({ pool: context.pool, secret: context.config.secrets.bankSecret });
  app.use("/portal/v1", portalRouter(context, gateway));
  app.use("/payments", paymentNoticeRouter(context, gateway));
  app.use("/public/decisions", publicDecisionsRouter(context));
  app.use("/api/v1/public", publicLimit());
  const document = openApiDocument(routes);
  app.get("/api/v1/openapi.json", (_req, res) => void res.json(document));
  app.use(DOCS_PATH, docsRouter());
  app.use(
    "/api/v1",
    noStore,
    express.json({ limit: "64kb" }),
    session,
    csrf.csrfSynchronisedProtection,
    currentUser(context),
    apiRouter(context, routes),
    notFound,
  );

  app.use(verifyPageRouter());
  const web = join(packageRoot, "dist", "web");
  if (existsSync(web)) app.use(express.static(web, { index: "index.html", maxAge: 0 }));
  app.use(notFound);
  app.use(errorHandler(context.log));
  return app;
}

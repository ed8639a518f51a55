import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { findActiveUser } from "../../../store/user-read-model.ts";
import type { ApiContext } from "../../context.ts";
import { apiRouter } from "../../http/register.ts";
import { errorHandler } from "../../middleware/error-handler.ts";
import { bankNoticeGateway } from "../../payments/bank-notice-gateway.ts";
import { paymentNoticeRouter, paymentRoutes } from "../../payments/payment-routes.ts";
import { publicDecisionsRouter } from "../../public/decisions-router.ts";
import { partyLinkRoutes } from "../../routes/party-links.ts";
import { portalRouter } from "../portal-router.ts";

export const bankSecret = "a bank's secret of this test";

export interface PortalReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API says and asserts on it
  readonly body: any;
  readonly bytes: Buffer;
}

/** The citizen's side by itself over a test's context; officers are whoever the `x-test-user` header names. */
export interface PortalApp {
  readonly origin: string;
  call(method: string, path: string, options?: PortalCallOptions): Promise<PortalReply>;
  /** A call of the portal with a bearer token. */
  portal(
    bearer: string | null,
    method: string,
    path: string,
    options?: PortalCallOptions,
  ): Promise<PortalReply>;
  close(): Promise<void>;
}

export interface PortalCallOptions {
  readonly body?: unknown;
  readonly raw?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startPortalApp(context: ApiContext): Promise<PortalApp> {
  const app = express();
  const gateway = bankNoticeGateway({ pool: context.pool, secret: bankSecret });
  app.use("/portal/v1", portalRouter(context, gateway));
  app.use("/payments", paymentNoticeRouter(context, gateway));
  app.use("/public/decisions", publicDecisionsRouter(context));
  app.use(
    "/api/v1",
    express.json(),
    testUser(context),
    apiRouter(context, [...partyLinkRoutes, ...paymentRoutes]),
  );
  app.use(errorHandler(context.log));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const call: PortalApp["call"] = async (method, path, { body, raw, headers = {} } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(origin + path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : new Uint8Array(sent) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(bytes.toString("utf8")) : {},
      bytes,
    };
  };
  return {
    origin,
    call,
    portal: (bearer, method, path, options = {}) =>
      call(method, `/portal/v1${path}`, {
        ...options,
        headers: { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...options.headers },
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function testUser(context: ApiContext): RequestHandler {
  return async (req, res, next) => {
    const userId = req.get("x-test-user");
    res.locals.user = userId === undefined ? undefined : await findActiveUser(context.pool, userId);
    next();
  };
}

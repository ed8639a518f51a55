import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { RoleId } from "../../casework/roles.ts";
import { makeUser } from "../../test-fixtures/store-builders.ts";
import type { ApiContext } from "../context.ts";
import { apiRouter } from "../http/register.ts";
import type { AnyRoute } from "../http/route.ts";
import { errorHandler, notFound } from "../middleware/error-handler.ts";

export interface TestRoutes {
  readonly userId: string;
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the route says and asserts on it
  ): Promise<{ status: number; headers: Headers; body: any }>;
  close(): Promise<void>;
}

/** Routes of a test's own, served as the API serves its own, to one person who is signed in. */
export async function serveRoutes(
  context: ApiContext,
  roles: readonly RoleId[],
  routes: readonly AnyRoute[],
): Promise<TestRoutes> {
  const { userId, regions } = await makeUser(context.pool, roles);
  const app = express();
  app.use(express.json(), (_req, res, next) => {
    res.locals.user = { userId, roles, regions, mustChangePassword: false };
    next();
  });
  app.use(apiRouter(context, routes), notFound, errorHandler(context.log));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    userId,
    async send(method, path, body, headers = {}) {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
      return { status: reply.status, headers: reply.headers, body: await reply.json() };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

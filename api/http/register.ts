import { type RequestHandler, Router } from "express";
import type { z } from "zod";
import { holdsPermission } from "../../casework/roles.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError, NotSignedInError, PasswordChangeRequiredError } from "./errors.ts";
import { onceRequest, onlyOnce } from "./idempotency.ts";
import { requireMatch, versionToMatch } from "./if-match.ts";
import { type AnyRoute, isAboutSession } from "./route.ts";
import type { SignedInUser } from "./session.ts";

export function apiRouter(context: ApiContext, routes: readonly AnyRoute[]): Router {
  const router = Router();
  for (const route of routes) {
    router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ":$1"), handler(context, route));
  }
  return router;
}

function handler(context: ApiContext, route: AnyRoute): RequestHandler {
  return async (req, res) => {
    const user =
      route.access === "public" ? undefined : authorise(route, res.locals.user as SignedInUser | undefined);
    const call = {
      context,
      user,
      params: parse("path", route.params, req.params),
      query: parse("query", route.query, req.query),
      body: parse("body", route.body, req.body ?? {}),
      ifVersion: versionToMatch(req, route.conditional),
      req,
      res,
    } as Parameters<AnyRoute["handle"]>[0];
    const handle = (inside: ApiContext) =>
      requireMatch(req, route.conditional, () => route.handle({ ...call, context: inside }));
    if (route.reply === null) {
      await handle(context);
      return;
    }
    const { reply } = route;
    const answer = async (inside: ApiContext) => {
      // Through the schema on the way out too: a column added to a row never leaks by accident.
      const body: unknown = reply.parse(await handle(inside));
      return { status: route.status ?? 200, body, etag: res.get("etag") ?? null };
    };
    const once = onceRequest(route, req, user);
    if (once === undefined) {
      const { status, body } = await answer(context);
      res.status(status).json(body);
      return;
    }
    const { status, body, etag, replayed } = await onlyOnce(context, once, answer);
    if (replayed) res.set("idempotency-replayed", "true");
    if (etag !== null) res.set("etag", etag);
    if (status >= 400) res.type("application/problem+json");
    res.status(status).json(body);
  };
}

function authorise(route: AnyRoute, user: SignedInUser | undefined): SignedInUser {
  if (!user) throw new NotSignedInError("Please sign in 请先登录");
  if (user.mustChangePassword && !isAboutSession(route.path)) {
    throw new PasswordChangeRequiredError("Choose a password of your own first 请先修改一次性密码");
  }
  if (
    route.access !== "signed-in" &&
    route.access !== "public" &&
    !holdsPermission(user.roles, route.access)
  ) {
    throw new ForbiddenError(`Your roles do not allow this (${route.access}) 您的角色无此权限`);
  }
  return user;
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    where,
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

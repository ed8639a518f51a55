import { type RequestHandler, Router } from "express";
import type { z } from "zod";
import { holdsPermission } from "../../casework/roles.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { ApiContext } from "../context.ts";
import { ForbiddenError, NotSignedInError, PasswordChangeRequiredError } from "./errors.ts";
import type { AnyRoute, Call } from "./route.ts";
import type { SignedInUser } from "./session.ts";

/** Routes that a person with a one-time password may use before choosing an own one. */
const BEFORE_PASSWORD_CHANGE = new Set(["/session", "/session/password"]);

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
      req,
      res,
    } as Call<z.ZodObject | undefined, z.ZodObject | undefined, z.ZodObject | undefined>;
    const reply = await route.handle(call);
    if (route.reply === null) return;
    // Through the schema on the way out too: a column added to a row never leaks by accident.
    res.status(route.status ?? 200).json(route.reply.parse(reply));
  };
}

function authorise(route: AnyRoute, user: SignedInUser | undefined): SignedInUser {
  if (!user) throw new NotSignedInError("Please sign in 请先登录");
  if (user.mustChangePassword && !BEFORE_PASSWORD_CHANGE.has(route.path)) {
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

function parse(where: string, schema: z.ZodObject | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    where,
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

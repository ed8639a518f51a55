import { promisify } from "node:util";
import type { Request } from "express";
import { hashPassword, verifyPassword } from "../../store/passwords.ts";
import { withTx } from "../../store/pool.ts";
import { findUserForSignIn, type User } from "../../store/user-read-model.ts";
import { changePassword } from "../../store/user-store.ts";
import { actOf } from "../http/act.ts";
import { BadCredentialsError } from "../http/errors.ts";
import { defineRoute } from "../http/route.ts";
import { csrf, endSessionsOf } from "../middleware/sessions.ts";
import { passwordBody, sessionReply, signInBody } from "../schemas/session.ts";

export const sessionRoutes = [
  defineRoute({
    method: "get",
    path: "/session",
    summary: "Who is signed in, and the token that changing requests must carry",
    tag: "session",
    access: "public",
    reply: sessionReply,
    handle: async ({ req, res }) => replyFor(req, (res.locals.user as User | undefined) ?? null),
  }),
  defineRoute({
    method: "post",
    path: "/session",
    summary: "Sign in",
    tag: "session",
    access: "public",
    body: signInBody,
    reply: sessionReply,
    async handle({ context, body, req }) {
      const address = req.ip ?? "unknown";
      await context.throttle.attempt(body.login, address);
      const found = await findUserForSignIn(context.pool, body.login);
      const fits = await verifyPassword(found?.passwordHash, body.password);
      if (!found || !fits) {
        context.log.warn({ address }, "sign-in refused");
        throw new BadCredentialsError("The account or the password is wrong 账号或密码不正确");
      }
      await context.throttle.succeeded(body.login, address);
      await newSession(req);
      req.session.userId = found.user.userId;
      return replyFor(req, found.user);
    },
  }),
  defineRoute({
    method: "delete",
    path: "/session",
    summary: "Sign out",
    tag: "session",
    access: "signed-in",
    reply: sessionReply,
    async handle({ req }) {
      await newSession(req);
      return replyFor(req, null);
    },
  }),
  defineRoute({
    method: "post",
    path: "/session/password",
    summary: "Choose a password of one's own; ends all other sessions and this session's old id",
    tag: "session",
    access: "signed-in",
    body: passwordBody,
    reply: sessionReply,
    async handle({ context, user, body, req }) {
      const address = req.ip ?? "unknown";
      await context.throttle.attempt(user.login, address);
      const found = await findUserForSignIn(context.pool, user.login);
      if (!(await verifyPassword(found?.passwordHash, body.current))) {
        throw new BadCredentialsError("The current password is wrong 当前密码不正确");
      }
      await context.throttle.succeeded(user.login, address);
      const passwordHash = await hashPassword(body.next);
      await withTx(context.pool, async (tx) => {
        await changePassword(tx, actOf(context, user), user.userId, passwordHash);
        await endSessionsOf(tx, user.userId);
      });
      await newSession(req);
      req.session.userId = user.userId;
      return replyFor(req, { ...user, mustChangePassword: false });
    },
  }),
];

/** A fresh id at every change of rights: an id planted before signing in is worth nothing afterwards. */
async function newSession(req: Request): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
}

function replyFor(req: Request, user: User | null) {
  return { user, csrfToken: csrf.generateToken(req) };
}

import type { RequestHandler } from "express";
import { findActiveUser } from "../../store/user-read-model.ts";
import type { ApiContext } from "../context.ts";

/** Reads the user of the session afresh for every request: roles and regions are what they are now. */
export function currentUser(context: ApiContext): RequestHandler {
  return async (req, res, next) => {
    const { userId } = req.session;
    res.locals.user = userId === undefined ? undefined : await findActiveUser(context.pool, userId);
    next();
  };
}

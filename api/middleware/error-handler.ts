import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "../../runtime/logger.ts";
import { NotFoundError, TooManyAttemptsError } from "../http/errors.ts";
import { problemOf } from "../http/problem.ts";

/** Every refusal leaves as problem details (RFC 9457). */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500)
      log.error({ err: error, method: req.method, path: req.path }, "request failed");
    if (error instanceof TooManyAttemptsError) res.set("retry-after", String(error.retryAfterSec));
    else if (problem.code === "idempotency.in_progress") res.set("retry-after", "1");
    else if (problem.code === "store.busy") res.set("retry-after", "3");
    res.status(problem.status).type("application/problem+json").send(problem);
  };
}

export const notFound: RequestHandler = (req) => {
  throw new NotFoundError(`There is nothing at ${req.method} ${req.path}`);
};

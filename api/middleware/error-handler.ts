import type { ErrorRequestHandler, RequestHandler } from "express";
import { AppError, InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { RefusedError } from "../../store/errors.ts";
import { NotFoundError, TooManyAttemptsError } from "../http/errors.ts";

const STATUS_BY_CODE: Record<string, number> = {
  "auth.not_signed_in": 401,
  "auth.bad_credentials": 401,
  "auth.password_change_required": 403,
  "auth.forbidden": 403,
  "auth.too_many_attempts": 429,
  "http.not_found": 404,
  "store.not_found": 404,
  "store.object_missing": 404,
  "input.invalid": 400,
  "evidence.deleted": 410,
};

/** The only place where an error becomes an HTTP status. Replies are problem details (RFC 9457). */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { status, code } = classify(error);
    if (status >= 500) log.error({ err: error, method: req.method, path: req.path }, "request failed");
    if (error instanceof TooManyAttemptsError) res.set("retry-after", String(error.retryAfterSec));
    res
      .status(status)
      .type("application/problem+json")
      .send({
        type: `urn:forewarn:problem:${code}`,
        title:
          status >= 500 ? "Something went wrong on our side. It has been logged." : (error as Error).message,
        status,
        code,
        ...(error instanceof RefusedError
          ? { titleZh: error.refusal.messageZh, article: error.refusal.article }
          : {}),
        ...(error instanceof InvalidInputError ? { faults: error.faults } : {}),
      });
  };
}

export const notFound: RequestHandler = (req) => {
  throw new NotFoundError(`There is nothing at ${req.method} ${req.path}`);
};

function classify(error: unknown): { status: number; code: string } {
  if (error instanceof RefusedError) return { status: STATUS_BY_CODE[error.code] ?? 409, code: error.code };
  if (error instanceof AppError) return { status: STATUS_BY_CODE[error.code] ?? 500, code: error.code };
  // body-parser and csrf-sync throw http-errors: a status below 500 is the caller's fault and safe to show.
  const http = error as { status?: unknown; code?: unknown };
  if (typeof http.status === "number" && http.status >= 400 && http.status < 500) {
    return { status: http.status, code: typeof http.code === "string" ? http.code : "http.bad_request" };
  }
  return { status: 500, code: "internal" };
}

import { AppError, InvalidInputError } from "../../pipeline/domain/errors.ts";
import { RefusedError } from "../../store/errors.ts";
import { isBusy } from "../../store/pool.ts";
import { internalTitleZh, problemTitlesZh } from "./problem-titles.ts";

const STATUS_BY_CODE: Record<string, number> = {
  "auth.not_signed_in": 401,
  "auth.bad_credentials": 401,
  "auth.password_change_required": 403,
  "auth.forbidden": 403,
  "auth.too_many_attempts": 429,
  "http.not_found": 404,
  "http.precondition_required": 428,
  "store.not_found": 404,
  "store.object_missing": 404,
  "store.already_exists": 409,
  "input.invalid": 400,
  "store.stale_version": 412,
  "evidence.deleted": 410,
  "document.glyph_missing": 422,
  "idempotency.in_progress": 409,
  "idempotency.reply_lost": 409,
  "idempotency.key_reused": 422,
};

/** Codes for what the frameworks below us refuse. */
const CODE_BY_STATUS: Record<number, string> = {
  400: "http.bad_request",
  413: "http.too_large",
  415: "http.unsupported_media_type",
};

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly titleZh?: string;
  readonly status: number;
  /** Stable: what programs act on. */
  readonly code: string;
  readonly article?: string | undefined;
  readonly also?: readonly object[];
  readonly faults?: readonly object[];
}

/** The only place where an error becomes an HTTP status. Of our own faults it tells nothing but that there was one. */
export function problemOf(error: unknown): Problem {
  const { status, code } = classify(error);
  return {
    type: `urn:forewarn:problem:${code}`,
    ...titleZhOf(status, code),
    title: titleOf(status, error),
    status,
    code,
    ...(error instanceof RefusedError
      ? {
          titleZh: error.refusal.messageZh,
          article: error.refusal.article,
          also: error.also.map(({ code, article, messageZh, messageEn }) => ({
            code,
            article,
            titleZh: messageZh,
            title: messageEn,
          })),
        }
      : {}),
    ...(error instanceof InvalidInputError ? { faults: error.faults } : {}),
  };
}

function titleOf(status: number, error: unknown): string {
  if (status === 503)
    return "Somebody else is at work on this, or too many ask at once. Try again in a moment.";
  return status >= 500 ? "Something went wrong on our side. It has been logged." : (error as Error).message;
}

/** What a refusal of the casework says itself goes before this. */
function titleZhOf(status: number, code: string): Pick<Problem, "titleZh"> {
  const titleZh = problemTitlesZh[code] ?? (status >= 500 ? internalTitleZh : undefined);
  return titleZh === undefined ? {} : { titleZh };
}

function classify(error: unknown): { status: number; code: string } {
  if (error instanceof RefusedError) return { status: STATUS_BY_CODE[error.code] ?? 409, code: error.code };
  if (error instanceof AppError) return { status: STATUS_BY_CODE[error.code] ?? 500, code: error.code };
  if (isBusy(error)) return { status: 503, code: "store.busy" };
  // body-parser, csrf-sync and express throw http-errors: a status below 500 is the caller's fault and safe to show.
  const http = error as { status?: unknown; code?: unknown; type?: unknown } | null | undefined;
  const status = http?.status;
  if (typeof status === "number" && status >= 400 && status < 500) {
    if (typeof http?.code === "string" && http.code.includes(".")) return { status, code: http.code };
    if (http?.type === "entity.parse.failed") return { status, code: "http.bad_json" };
    return { status, code: CODE_BY_STATUS[status] ?? "http.bad_request" };
  }
  return { status: 500, code: "internal" };
}

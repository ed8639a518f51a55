import type { Request } from "express";
import { AppError, InvalidInputError } from "../../pipeline/domain/errors.ts";
import { StaleVersionError } from "../../store/errors.ts";

/** The caller has to say which version they change (RFC 6585, 3). */
export class PreconditionRequiredError extends AppError {
  readonly code = "http.precondition_required";
}

/** What a route says about `If-Match`. `required`: wherever there is something already. */
export type Conditional = "required" | "optional";

/** To be said by a caller who has seen nothing there: a store that finds something refuses. */
const NOTHING_SEEN = 0;

/**
 * The version in `If-Match: "7"` (RFC 9110, 13.1.1); undefined where none is given or any will do.
 * Throws `InvalidInputError` for a tag that is not ours.
 */
export function ifMatchVersion(req: Request): number | undefined {
  const header = req.get("if-match");
  if (header === undefined || header.trim() === "*") return undefined;
  const version = /^"([1-9]\d{0,8})"$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new InvalidInputError("headers", [
    { path: "if-match", message: 'take it unchanged from the ETag: "7"' },
  ]);
}

/** The version a store is to insist on. 0 where a route requires one and none was given: then nothing may be there yet. */
export function versionToMatch(req: Request, conditional: Conditional | undefined): number | undefined {
  if (conditional === undefined) return undefined;
  const given = ifMatchVersion(req);
  return given === undefined && mustSay(req, conditional) ? NOTHING_SEEN : given;
}

/**
 * Runs a step that insists on `versionToMatch`.
 * Throws `PreconditionRequiredError` in place of `StaleVersionError` where the caller had not said any version.
 */
export async function requireMatch<Result>(
  req: Request,
  conditional: Conditional | undefined,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof StaleVersionError) || !mustSay(req, conditional)) throw error;
    throw new PreconditionRequiredError(
      "Say with If-Match which version you change: the ETag you read 请先读取最新内容，并在 If-Match 中注明所依据的版本",
      { cause: error },
    );
  }
}

function mustSay(req: Request, conditional: Conditional | undefined): boolean {
  return conditional === "required" && req.get("if-match") === undefined;
}

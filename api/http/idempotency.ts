import { createHash } from "node:crypto";
import type { Request } from "express";
import { AppError, InvalidInputError } from "../../pipeline/domain/errors.ts";
import { newId } from "../../runtime/ids.ts";
import {
  type Attempt,
  claimKey,
  giveKeyBack,
  keepReply,
  poolOfAttempt,
  type StoredReply,
} from "../../store/idempotency-store.ts";
import type { ApiContext } from "../context.ts";
import { problemOf } from "./problem.ts";
import { type AnyRoute, isAboutSession } from "./route.ts";
import type { SignedInUser } from "./session.ts";

/** The same key came with another request. */
export class KeyReusedError extends AppError {
  readonly code = "idempotency.key_reused";
}
export class InProgressError extends AppError {
  readonly code = "idempotency.in_progress";
  override readonly retryable = true;
}
/** Something was committed, and then the reply was lost: doing it again could do it twice. */
export class ReplyLostError extends AppError {
  readonly code = "idempotency.reply_lost";
}

/** A request that is to be done once however often it is asked. */
export interface OnceRequest {
  readonly owner: string;
  readonly key: string;
  readonly route: string;
  readonly requestSha256: string;
  readonly keepsReply: boolean;
}

const KEY = /^[\x20-\x7e]{8,128}$/;

/**
 * Whether a route honours the key: every POST but those whose reply is a file, and those about the session itself, whose
 * requests carry passwords and whose replies a token, so that neither is kept. Strangers have no keys unless the route
 * says whose they are.
 */
export function honoursKey(route: AnyRoute): boolean {
  return (
    route.method === "post" &&
    route.reply !== null &&
    !isAboutSession(route.path) &&
    (route.access !== "public" || route.keyOwner !== undefined)
  );
}

/**
 * What the request asks to be done once (draft-ietf-httpapi-idempotency-key-header); undefined where it does not.
 * Throws `InvalidInputError` for a key that is none.
 */
export function onceRequest(
  route: AnyRoute,
  req: Request,
  user: SignedInUser | undefined,
): OnceRequest | undefined {
  const header = req.get("idempotency-key");
  if (header === undefined || !honoursKey(route)) return undefined;
  const owner = user?.userId ?? route.keyOwner?.(req);
  if (owner === undefined) return undefined;
  // The draft writes a quoted string; most callers send it bare.
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (!KEY.test(key))
    throw new InvalidInputError("headers", [
      { path: "idempotency-key", message: "8 to 128 printable ASCII characters" },
    ]);
  return {
    owner,
    key,
    route: `${route.method} ${route.path}`,
    requestSha256: sha256Of(req, user),
    keepsReply: route.keepsReply ?? true,
  };
}

/** Rights count: what was answered to somebody is not shown to them again once they may see less. */
function sha256Of(req: Request, user: SignedInUser | undefined): string {
  const what = [
    req.method,
    req.originalUrl,
    req.body ?? null,
    req.get("if-match") ?? null,
    user?.roles ?? [],
    user?.regions ?? [],
  ];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex");
}

/**
 * Does it, or gives the reply of the time it was done. A reply below 500 is kept for a day, unless it
 * holds a secret; a failure frees the key. What
 * a crash leaves: nothing committed, and the key is free when the lock ends; something committed, and nobody does it
 * again. Holds for what `run` writes in transactions of the context it is given, not for what it does elsewhere.
 *
 * @throws KeyReusedError, InProgressError, ReplyLostError, and whatever `run` throws
 */
export async function onlyOnce(
  context: ApiContext,
  request: OnceRequest,
  run: (context: ApiContext) => Promise<StoredReply>,
): Promise<StoredReply & { readonly replayed: boolean }> {
  const attempt: Attempt = { owner: request.owner, key: request.key, attempt: newId("att") };
  const claim = await claimKey(context.pool, request, attempt.attempt);
  switch (claim.kind) {
    case "replay":
      return { ...claim.reply, replayed: true };
    case "other_request":
      throw new KeyReusedError(
        "This Idempotency-Key was used for another request, or with other rights; take a new one 该幂等键已用于其他请求，请换用新的幂等键",
      );
    case "in_progress":
      throw new InProgressError(
        "The same request is still being done; ask again in a moment 相同请求正在办理，请稍后重试",
      );
    case "reply_lost":
      throw new ReplyLostError(
        "This was done, but its reply was lost: read the result, do not ask again 该请求已办理但结果未能返回，请刷新查看，不要重复提交",
      );
    case "run":
      return { ...(await perform(context, attempt, request.keepsReply, run)), replayed: false };
  }
}

async function perform(
  context: ApiContext,
  attempt: Attempt,
  keepsReply: boolean,
  run: (context: ApiContext) => Promise<StoredReply>,
): Promise<StoredReply> {
  // The caller is answered whether or not this can be kept: the key then stays with what is known to be committed.
  const note = (noting: Promise<void>) =>
    noting.catch((err: unknown) => context.log.warn({ err }, "what became of a keyed request was not kept"));
  try {
    const reply = await run({ ...context, pool: poolOfAttempt(context.pool, attempt) });
    await note(keepsReply ? keepReply(context.pool, attempt, reply) : giveKeyBack(context.pool, attempt));
    return reply;
  } catch (error) {
    const problem = problemOf(error);
    const mayPass = problem.status >= 500 || (error instanceof AppError && error.retryable);
    await note(
      mayPass
        ? giveKeyBack(context.pool, attempt)
        : keepReply(context.pool, attempt, { status: problem.status, body: problem, etag: null }),
    );
    throw error;
  }
}

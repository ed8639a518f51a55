import type pg from "pg";
import { AppError } from "../pipeline/domain/errors.ts";
import type { Queryable } from "./pool.ts";

/** One request under its key. */
export interface KeyedRequest {
  /** User id, or `portal:` with the hash of a link. */
  readonly owner: string;
  readonly key: string;
  /** `post /cases/{id}/steps`, for whoever reads the table. */
  readonly route: string;
  readonly requestSha256: string;
}

/** Who holds a key right now. */
export interface Attempt {
  readonly owner: string;
  readonly key: string;
  readonly attempt: string;
}

export interface StoredReply {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
}

export type Claim =
  | { readonly kind: "run" }
  | { readonly kind: "replay"; readonly reply: StoredReply }
  | { readonly kind: "other_request" }
  | { readonly kind: "in_progress" }
  /** It was done, and the reply is lost. */
  | { readonly kind: "reply_lost" };

/** Another attempt holds the key by now: this one was too slow, and nothing of it may stay. */
export class AttemptOvertakenError extends AppError {
  readonly code = "idempotency.in_progress";
  override readonly retryable = true;
}

/** Longer than any request takes. Whoever is slower commits nothing. */
const LOCK = "interval '2 minutes'";
const KEPT = "interval '24 hours'";

/**
 * Takes the key for one attempt, or says why not. One statement that commits by itself, so that a second request sees
 * the first before anything is done. Waits for nobody.
 */
export async function claimKey(db: Queryable, request: KeyedRequest, attempt: string): Promise<Claim> {
  const { owner, key, route, requestSha256 } = request;
  const claimed = await db.query(
    `insert into idempotency_keys as held (owner, key, route, request_sha256, attempt, locked_until, state)
     values ($1, $2, $3, $4, $5, now() + ${LOCK}, 'running')
     on conflict (owner, key) do update set route = excluded.route, request_sha256 = excluded.request_sha256,
       attempt = excluded.attempt, locked_until = excluded.locked_until, state = 'running', status = null,
       reply = null, etag = null, created_at = excluded.created_at
     where held.created_at < now() - ${KEPT}
       or (held.state = 'running' and held.locked_until < now()
           and held.request_sha256 = excluded.request_sha256)`,
    [owner, key, route, requestSha256, attempt],
  );
  if (claimed.rowCount === 1) return { kind: "run" };
  const { rows } = await db.query<{
    requestSha256: string;
    state: string;
    locked: boolean;
    status: number;
    body: unknown;
    etag: string | null;
  }>(
    `select held.request_sha256 as "requestSha256", held.state, held.locked_until >= now() as locked, held.status,
       held.reply as body, held.etag
     from idempotency_keys as held where held.owner = $1 and held.key = $2`,
    [owner, key],
  );
  const held = rows[0];
  if (held !== undefined && held.requestSha256 !== requestSha256) return { kind: "other_request" };
  if (held?.state === "done") {
    const { status, body, etag } = held;
    return { kind: "replay", reply: { status, body, etag } };
  }
  if (held?.state === "committed" && !held.locked) return { kind: "reply_lost" };
  // Also where the key was given back in between: asking again will tell.
  return { kind: "in_progress" };
}

/** Keeps the reply for whoever asks again. Nothing happens where another attempt has taken over. */
export async function keepReply(db: Queryable, attempt: Attempt, reply: StoredReply): Promise<void> {
  await db.query(
    `update idempotency_keys as held set state = 'done', status = $4, reply = $5, etag = $6
     where held.owner = $1 and held.key = $2 and held.attempt = $3 and held.state <> 'done'`,
    [
      attempt.owner,
      attempt.key,
      attempt.attempt,
      reply.status,
      JSON.stringify(reply.body ?? null),
      reply.etag,
    ],
  );
}

/** The attempt failed: the key is free again, unless something was committed, which must not be done twice. */
export async function giveKeyBack(db: Queryable, { owner, key, attempt }: Attempt): Promise<void> {
  const values = [owner, key, attempt];
  const which = "held.owner = $1 and held.key = $2 and held.attempt = $3";
  await db.query(`delete from idempotency_keys as held where ${which} and held.state = 'running'`, values);
  await db.query(
    `update idempotency_keys as held set locked_until = now() where ${which} and held.state = 'committed'`,
    values,
  );
}

/**
 * The pool, for one attempt: each transaction it commits says so in the key's row, in that same transaction. What a
 * crash leaves behind is then known to be done or not done; and an attempt that was taken over commits nothing.
 * Statements outside of a transaction are not covered.
 */
export function poolOfAttempt(pool: pg.Pool, attempt: Attempt): pg.Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = async (text: string, values?: unknown[]) => {
      if (text === "commit") await markCommitted(client, attempt);
      return client.query(text, values);
    };
    return overriding(client, "query", query);
  };
  return overriding(pool, "connect", connect);
}

/** The same object with one method of its own; everything else runs on the original. */
function overriding<Target extends object>(target: Target, name: string, method: unknown): Target {
  return new Proxy(target, {
    get(original, property) {
      if (property === name) return method;
      const value: unknown = Reflect.get(original, property);
      return typeof value === "function" ? (value.bind(original) as unknown) : value;
    },
  });
}

async function markCommitted(db: Queryable, { owner, key, attempt }: Attempt): Promise<void> {
  const { rowCount } = await db.query(
    `update idempotency_keys as held set state = 'committed'
     where held.owner = $1 and held.key = $2 and held.attempt = $3 and held.state in ('running', 'committed')`,
    [owner, key, attempt],
  );
  if (rowCount === 0)
    throw new AttemptOvertakenError(
      "The same request is being done by another attempt; ask again 相同请求正在办理，请稍后重试",
    );
}

/** For the retention job: what is older than a day is forgotten. Returns how many keys went. */
export async function purgeIdempotencyKeys(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `delete from idempotency_keys as held where held.created_at < now() - ${KEPT}`,
  );
  return rowCount ?? 0;
}

import pgSession from "connect-pg-simple";
import { csrfSync } from "csrf-sync";
import type { RequestHandler } from "express";
import session from "express-session";
import type { Pool } from "pg";
import type { Queryable } from "../../store/pool.ts";

const TWELVE_HOURS_MS = 12 * 60 * 60 * 1000;

/** Server-side sessions in Postgres; the browser holds only a signed random id, unreadable to scripts. */
export function sessions(options: { pool: Pool; secret: string; secureCookies: boolean }): RequestHandler {
  const PgStore = pgSession(session);
  return session({
    name: "forewarn.sid",
    secret: options.secret,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    store: new PgStore({
      pool: options.pool,
      tableName: "sessions",
      createTableIfMissing: false,
      pruneSessionInterval: false,
    }),
    cookie: { httpOnly: true, sameSite: "lax", secure: options.secureCookies, maxAge: TWELVE_HOURS_MS },
  });
}

/** Whoever knew the old password is out; the caller begins a session anew. */
export async function endSessionsOf(db: Queryable, userId: string): Promise<void> {
  await db.query("delete from sessions where sessions.sess ->> 'userId' = $1", [userId]);
}

/** Every request that changes something carries the session's token in X-CSRF-Token. */
export const csrf = csrfSync({
  errorConfig: {
    statusCode: 403,
    code: "auth.csrf",
    message:
      "The request lacks a valid X-CSRF-Token; read one from GET /api/v1/session 请求缺少有效的防伪令牌",
  },
});

import type { Request, Response } from "express";
import type { z } from "zod";
import type { Permission } from "../../casework/roles.ts";
import type { ApiContext } from "../context.ts";
import type { Conditional } from "./if-match.ts";
import type { SignedInUser } from "./session.ts";

/**
 * Who may call a route. There is no default: a route without `access` does not compile, and what is not
 * registered does not exist (deny by default). Region scope is applied by the stores.
 */
export type Access = "public" | "signed-in" | Permission;

type Schema = z.ZodObject | undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
/** An object, or one of several. */
type BodySchema = z.ZodObject | z.ZodDiscriminatedUnion | undefined;

export interface Call<P extends Schema, Q extends Schema, B extends BodySchema> {
  readonly context: ApiContext;
  /** Present on every route whose access is not `public`. */
  readonly user: SignedInUser;
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  /**
   * The version that the store is to insist on; only where the route is `conditional`. 0 where it requires one and none
   * was given: then nothing may be there yet.
   */
  readonly ifVersion: number | undefined;
  readonly req: Request;
  readonly res: Response;
}

export interface Route<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends BodySchema = BodySchema,
  R = unknown,
> {
  readonly method: "get" | "post" | "put" | "delete";
  /** OpenAPI style: `/incidents/{id}/claim`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Schema of the JSON reply; `null` where the handler streams a file or a page itself. */
  readonly reply: z.ZodType<R> | null;
  readonly status?: number;
  /** What a file or stream is sent as, where the reply is none: `text/event-stream`. */
  readonly mediaType?: string;
  /** More than fits the summary. */
  readonly description?: string;
  /** Takes `If-Match`; `required`: 428 without it, wherever there is something already. */
  readonly conditional?: Conditional;
  /** False: the reply holds a secret, so that it is given once; the same key again learns only that it was done. */
  readonly keepsReply?: boolean;
  /** Whose an `Idempotency-Key` is where nobody signs in: `portal:` with the hash of a link, never the link. */
  keyOwner?(req: Request): string | undefined;
  handle(call: Call<P, Q, B>): Promise<R>;
}

/** Parse → call → reply: keeps the types of one route together. */
export function defineRoute<P extends Schema, Q extends Schema, B extends BodySchema, R>(
  route: Route<P, Q, B, R>,
): AnyRoute {
  // The registry stores routes of different shapes; each was checked against its own schemas right here.
  return route as unknown as AnyRoute;
}

export interface AnyRoute extends Omit<Route, "handle"> {
  handle(call: Call<Schema, Schema, BodySchema>): Promise<unknown>;
}

/** Routes about the session itself: requests carry passwords, replies a token, and a one-time password opens no others. */
export function isAboutSession(path: string): boolean {
  return path === "/session" || path === "/session/password";
}

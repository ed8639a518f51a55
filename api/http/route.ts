import type { Request, Response } from "express";
import type { z } from "zod";
import type { Permission } from "../../casework/roles.ts";
import type { ApiContext } from "../context.ts";
import type { SignedInUser } from "./session.ts";

/**
 * Who may call a route. There is no default: a route without `access` does not compile, and what is not
 * registered does not exist (deny by default). Region scope is applied by the stores.
 */
export type Access = "public" | "signed-in" | Permission;

type Schema = z.ZodObject | undefined;
type Parsed<S extends Schema> = S extends z.ZodObject ? z.output<S> : undefined;

export interface Call<P extends Schema, Q extends Schema, B extends Schema> {
  readonly context: ApiContext;
  /** Present on every route whose access is not `public`. */
  readonly user: SignedInUser;
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly req: Request;
  readonly res: Response;
}

export interface Route<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
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
  handle(call: Call<P, Q, B>): Promise<R>;
}

/** Parse → call → reply: keeps the types of one route together. */
export function defineRoute<P extends Schema, Q extends Schema, B extends Schema, R>(
  route: Route<P, Q, B, R>,
): AnyRoute {
  // The registry stores routes of different shapes; each was checked against its own schemas right here.
  return route as unknown as AnyRoute;
}

export interface AnyRoute extends Omit<Route, "handle"> {
  handle(call: Call<Schema, Schema, Schema>): Promise<unknown>;
}

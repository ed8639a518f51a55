import express, { type Request, type RequestHandler, type Response, Router } from "express";
import type { z } from "zod";
import { linkStanding } from "../../casework/portal/party-link.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { findPartyLink, type PartyLink } from "../../store/portal-link-store.ts";
import type { ApiContext } from "../context.ts";
import type { PaymentGateway } from "../payments/payment-gateway.ts";
import { readBearer } from "./link-secrets.ts";
import { notOfThisLink, sessionEnded } from "./portal-error.ts";
import type { PortalThrottle } from "./portal-throttle.ts";

/** Everything a portal route may use. */
export interface PortalContext extends ApiContext {
  readonly portalThrottle: PortalThrottle;
  readonly payments: PaymentGateway;
}

/** A link of a case, of a record, or either. `nobody`: the route that begins a session. */
export type PortalAccess = "case" | "record" | "any" | "nobody";

type Schema = z.ZodObject | undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface PortalCall<P extends Schema, Q extends Schema, B extends Schema> {
  readonly context: PortalContext;
  /** Whose session it is; on a route for nobody there is none, and reading it throws. */
  readonly link: PartyLink;
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly req: Request;
  readonly res: Response;
}

export interface PortalRoute<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  R = unknown,
> {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly access: PortalAccess;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body is a file, and `req.body` its bytes; at most so many. */
  readonly fileBytes?: number;
  /** `null` where the handler streams a file itself. */
  readonly reply: z.ZodType<R> | null;
  readonly status?: number;
  handle(call: PortalCall<P, Q, B>): Promise<R>;
}

export interface AnyPortalRoute extends Omit<PortalRoute, "handle"> {
  handle(call: PortalCall<Schema, Schema, Schema>): Promise<unknown>;
}

/** Keeps the types of one route together. */
export function definePortalRoute<P extends Schema, Q extends Schema, B extends Schema, R>(
  route: PortalRoute<P, Q, B, R>,
): AnyPortalRoute {
  // Routes of different shapes stand in one list; each was checked against its own schemas right here.
  return route as unknown as AnyPortalRoute;
}

/** The bytes of a JSON body as they came in: what a receipt's sha256 is of. */
const rawBodies = new WeakMap<object, Buffer>();

export function rawBodyOf(req: Request): Buffer {
  if (Buffer.isBuffer(req.body)) return req.body;
  return rawBodies.get(req) ?? Buffer.alloc(0);
}

export function portalRoutesRouter(context: PortalContext, routes: readonly AnyPortalRoute[]): Router {
  const router = Router();
  const json = express.json({ limit: "64kb", verify: (req, _res, bytes) => void rawBodies.set(req, bytes) });
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const reader =
      route.fileBytes === undefined ? json : express.raw({ type: () => true, limit: route.fileBytes });
    // Who has no session is told so before a file is read.
    router[route.method](path, admit(context, route), reader, handler(context, route));
  }
  return router;
}

/** The party behind a link acts: on that case alone, in the region it lies in. */
export function actOfLink(context: ApiContext, link: PartyLink): Act {
  const { caseId, region } = link;
  return {
    actor: { kind: "party", ...(caseId === null ? {} : { caseId }) },
    scope: [region],
    at: context.clock.now(),
    newId,
  };
}

function admit(context: PortalContext, route: AnyPortalRoute): RequestHandler {
  return async (req, res, next) => {
    if (route.access !== "nobody") res.locals.partyLink = await linkOf(context, route.access, req);
    next();
  };
}

/** Asked of the database every time: a link that was revoked a moment ago opens nothing. */
async function linkOf(
  context: PortalContext,
  access: Exclude<PortalAccess, "nobody">,
  req: Request,
): Promise<PartyLink> {
  const now = context.clock.now();
  const bearer = /^Bearer (\S{1,300})$/.exec(req.get("authorization") ?? "")?.[1];
  const linkId = bearer === undefined ? undefined : readBearer(context.linkSecret, bearer, now);
  const link = linkId === undefined ? undefined : await findPartyLink(context.pool, linkId);
  if (link === undefined) throw sessionEnded();
  const standing = linkStanding(link, now);
  // A lock is for new sessions: who has answered rightly is not put out by somebody else's guesses.
  if (standing === "revoked" || standing === "expired") throw sessionEnded();
  const isOfCase = link.caseId !== null;
  if ((access === "case" && !isOfCase) || (access === "record" && isOfCase)) throw notOfThisLink();
  return link;
}

function handler(context: PortalContext, route: AnyPortalRoute): RequestHandler {
  return async (req, res) => {
    const call = {
      context,
      link: res.locals.partyLink as PartyLink,
      params: parse("path", route.params, req.params),
      query: parse("query", route.query, req.query),
      body: parse("body", route.body, req.body ?? {}),
      req,
      res,
    } as Parameters<AnyPortalRoute["handle"]>[0];
    const reply = await route.handle(call);
    if (route.reply === null) return;
    // Through the schema on the way out too: a field added to a file never leaks by accident.
    res.status(route.status ?? 200).json(route.reply.parse(reply));
  };
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    where,
    parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
  );
}

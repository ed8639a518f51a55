import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Act } from "../../store/act.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { lockSubject, type PartyLink } from "../../store/portal-link-store.ts";
import {
  type Receipt,
  type ReceivedKind,
  received,
  takeSubmission,
} from "../../store/portal-receipt-store.ts";
import { appendTimeline } from "../../store/timeline-store.ts";
import { keyReused } from "./portal-error.ts";
import { actOfLink, type PortalContext, rawBodyOf } from "./portal-route.ts";

interface SubmitCall {
  readonly context: PortalContext;
  readonly link: PartyLink;
  readonly req: Request;
  readonly res: Response;
}

/**
 * Takes in what a party sends and gives a receipt for it: once per `Idempotency-Key`, in one transaction with what follows.
 * Throws `PortalError` 422 for a key that came with something else.
 */
export async function receive(
  { context, link, req, res }: SubmitCall,
  what: ReceivedKind,
  content: object,
  work: (tx: Tx, act: Act, receiptId: string) => Promise<object>,
): Promise<ReceiptReply> {
  await context.portalThrottle.consume("submit", link.linkId);
  const act = actOfLink(context, link);
  const submission = {
    linkId: link.linkId,
    what,
    content,
    sha256: createHash("sha256").update(rawBodyOf(req)).digest("hex"),
    idempotencyKey: keyOf(req),
  };
  const taken = await withTx(context.pool, (tx) =>
    takeSubmission(tx, act, submission, (receiptId) => work(tx, act, receiptId)),
  );
  if (taken.outcome === "reused") throw keyReused();
  if (taken.outcome === "replayed") res.set("idempotency-replayed", "true");
  return replyOf(taken.receipt);
}

export interface ReceiptReply extends Receipt {
  readonly whatZh: string;
}

export function replyOf(receipt: Receipt): ReceiptReply {
  return { ...receipt, whatZh: received[receipt.what] };
}

/**
 * That a party said something stands on the timeline for whoever handles it, and moves nothing. What they said stays with
 * the receipt: the timeline is never made smaller.
 */
export async function noteForOfficers(
  tx: Tx,
  act: Act,
  link: PartyLink,
  entry: { readonly action: string; readonly detail: { readonly receiptId: string } & object },
): Promise<void> {
  const of = await lockSubject(tx, act, link);
  const [kind, id] = "caseId" in of ? (["case", of.caseId] as const) : (["incident", of.incidentId] as const);
  await appendTimeline(tx, act, { kind, id, from: null, to: null, ...entry });
}

/** draft-ietf-httpapi-idempotency-key-header. Throws `InvalidInputError` for a key that is none. */
function keyOf(req: Request): string | null {
  const key = req.get("idempotency-key");
  if (key === undefined) return null;
  if (/^[\x20-\x7e]{8,128}$/.test(key)) return key;
  throw new InvalidInputError("headers", [{ path: "idempotency-key", message: "8 to 128 printable signs" }]);
}

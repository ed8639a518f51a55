import { NotFoundError } from "../../store/errors.ts";
import { findReceipt, listReceipts } from "../../store/portal-receipt-store.ts";
import { definePortalRoute } from "./portal-route.ts";
import { replyOf } from "./receive.ts";
import { receiptListReply, receiptParams, receiptReply } from "./schemas.ts";

export const receiptRoutes = [
  definePortalRoute({
    method: "get",
    path: "/receipts",
    summary: "Everything handed in over this link",
    access: "any",
    reply: receiptListReply,
    async handle({ context, link }) {
      return { items: (await listReceipts(context.pool, link.linkId)).map(replyOf) };
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/receipts/{receiptId}",
    summary: "One receipt again: when, what, and the sha256 of the bytes as they came in",
    access: "any",
    params: receiptParams,
    reply: receiptReply,
    async handle({ context, link, params }) {
      const receipt = await findReceipt(context.pool, link.linkId, params.receiptId);
      if (receipt === undefined) throw new NotFoundError("receipt", params.receiptId);
      return replyOf(receipt);
    },
  }),
];

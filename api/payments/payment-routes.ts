import express, { Router } from "express";
import { rateLimit } from "express-rate-limit";
import { z } from "zod";
import { newId } from "../../runtime/ids.ts";
import { listBankNotices, takeBankNotice } from "../../store/bank-notice-store.ts";
import type { ApiContext } from "../context.ts";
import { defineRoute } from "../http/route.ts";
import { instant, pageQuery } from "../schemas/common.ts";
import { BadNoticeError, type PaymentGateway } from "./payment-gateway.ts";

/**
 * `POST /payments/notices`: the bank tells of a payment. Answers 200 for what stands or stood in a case, 202 for what a person
 * has to look at, 409 for a receipt that came before with something else. Telling it again changes nothing.
 */
export function paymentNoticeRouter(context: ApiContext, gateway: PaymentGateway): Router {
  const router = Router();
  router.post(
    "/notices",
    rateLimit({ windowMs: 60_000, limit: 600, standardHeaders: true, legacyHeaders: false }),
    express.raw({ type: () => true, limit: "16kb" }),
    async (req, res) => {
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const notice = verified(context, gateway, { signature: req.get("x-forewarn-signature"), body });
      const act = {
        actor: { kind: "system", name: "bank-notice" },
        scope: "every",
        at: context.clock.now(),
        newId,
      } as const;
      const taken = await takeBankNotice(context.pool, act, context.casework, notice);
      const { receiptNo } = notice;
      if (taken.outcome === "held" || taken.outcome === "conflict")
        context.log.warn({ receiptNo, ...taken }, "a payment waits for a person");
      const status = { recorded: 200, known: 200, held: 202, conflict: 409 }[taken.outcome];
      res.set("cache-control", "no-store").status(status).json({ receiptNo, outcome: taken.outcome });
    },
  );
  return router;
}

function verified(
  context: ApiContext,
  gateway: PaymentGateway,
  request: Parameters<PaymentGateway["verifyNotice"]>[0],
) {
  try {
    return gateway.verifyNotice(request);
  } catch (error) {
    if (error instanceof BadNoticeError)
      context.log.warn({ code: error.code }, "a notice of payment was refused");
    throw error;
  }
}

const paymentListQuery = pageQuery.extend({ state: z.enum(["recorded", "held"]).optional() });

const paymentListReply = z
  .object({
    items: z.array(
      z.object({
        receiptNo: z.string(),
        code: z.string(),
        caseId: z.string().nullable(),
        caseNo: z.string().nullable(),
        paidOn: z.string().meta({ format: "date" }),
        amountFen: z.number().int(),
        state: z.enum(["recorded", "held"]),
        reason: z.string().nullable().meta({ description: "Code of what stood in the way" }),
        receivedAt: instant,
        settledAt: instant.nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "PaymentList" });

export const paymentRoutes = [
  defineRoute({
    method: "get",
    path: "/payments",
    summary:
      "Payments as the bank told of them, for reconciling (对账): what stands in a case and what is held",
    tag: "payments",
    access: "case.read",
    query: paymentListQuery,
    reply: paymentListReply,
    async handle({ context, user, query }) {
      const { state = null, limit, cursor = null } = query;
      const page = await listBankNotices(context.pool, { scope: user.regions, state, limit, cursor });
      return { items: [...page.items], nextCursor: page.nextCursor };
    },
  }),
];

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Pool } from "pg";
import { z } from "zod";
import { isLocalDate } from "../../casework/clocks/date.ts";
import { findPaymentCode } from "../../store/bank-notice-store.ts";
import { BadNoticeError, type PaymentGateway } from "./payment-gateway.ts";

const notice = z.object({
  receiptNo: z.string().regex(/^[\w-]{1,64}$/),
  code: z.string().regex(/^[\w-]{1,80}$/),
  paidOn: z.string().refine(isLocalDate, "a date like 2026-03-10"),
  amountFen: z.int().positive(),
});

/**
 * The bank tells of payments by itself: `POST` with JSON and `x-forewarn-signature: sha256=‹hex HMAC of the body›`. The code
 * is the one the decision was given, so that nothing has to be asked of the bank beforehand.
 * @param secret shared with the bank; undefined: no notice is believed
 */
export function bankNoticeGateway(options: {
  readonly pool: Pool;
  readonly secret: string | undefined;
}): PaymentGateway {
  const { pool, secret } = options;
  return {
    async createCode(caseId) {
      return (await findPaymentCode(pool, caseId)) ?? null;
    },
    verifyNotice({ signature, body }) {
      if (secret === undefined || !isSigned(secret, signature, body))
        throw new BadNoticeError(401, "payment.bad_signature", "The signature does not fit the body.");
      const parsed = notice.safeParse(jsonOf(body));
      if (parsed.success) return parsed.data;
      const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      throw new BadNoticeError(400, "payment.bad_notice", `Not a notice of payment: ${faults.join("; ")}`);
    },
  };
}

/** `sha256=‹hex›`, as the signature header has it. */
export function signNotice(secret: string, body: Buffer | string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function isSigned(secret: string, signature: string | undefined, body: Buffer): boolean {
  const expected = Buffer.from(signNotice(secret, body));
  const given = Buffer.from(signature ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

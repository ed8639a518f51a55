import type { BankNotice } from "../../store/bank-notice-store.ts";

/** A call from outside as it came in, before anything of it is believed. */
export interface SignedRequest {
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/** Somebody who collects fines: the agency decides, others hold the money (行政处罚法 67). */
export interface PaymentGateway {
  /** What the party gives the bank for what they owe; null where the case has nothing to pay. */
  createCode(caseId: string, amountFen: number): Promise<string | null>;
  /** What the bank says was paid. Throws `BadNoticeError` where it was not the bank that said so, or it says nothing clear. */
  verifyNotice(request: SignedRequest): BankNotice;
}

/** Not the bank, or not a notice. Becomes problem details with this status. */
export class BadNoticeError extends Error {
  readonly status: 400 | 401;
  readonly code: "payment.bad_signature" | "payment.bad_notice";

  constructor(status: 400 | 401, code: BadNoticeError["code"], message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

import { formatYuan } from "../money.ts";
import { isFilled, type Refusal } from "../refusal.ts";
import { type AmountDue, type AmountFacts, amountDue } from "./amount-due.ts";
import type { CaseFile, Payment, PaymentReceipt } from "./case-file.ts";

/** The file with one more receipt. The agency never holds the money: a receipt is the bank's (行政处罚法 67, 74). */
export function withReceipt(file: CaseFile, payment: Payment, receipt: PaymentReceipt): CaseFile {
  const { receiptNo, paidOn, amountFen } = receipt;
  return {
    ...file,
    payment: { ...payment, receipts: [...payment.receipts, { receiptNo, paidOn, amountFen }] },
  };
}

/** What is owed after the last payment, judged on the day it was paid: later registration costs nobody a surcharge. */
export function amountAfterPayments(file: CaseFile, facts: AmountFacts): AmountDue {
  const days = (file.payment?.receipts ?? []).map(({ paidOn }) => paidOn).sort();
  return amountDue(file, days.at(-1) ?? "0000-01-01", facts);
}

/** A receipt that is none, was registered before, or is over what is owed. */
export function refuseReceipt(file: CaseFile, receipt: PaymentReceipt, facts: AmountFacts): Refusal | null {
  const { payment, decision } = file;
  if (payment === null || decision === null) {
    return {
      code: "payment.none_due",
      messageZh: "本案没有需要缴纳的款项，请核对缴款码。",
      messageEn: "This case has nothing to pay; check the payment code.",
    };
  }
  if (!isFilled(receipt.receiptNo)) {
    return {
      code: "payment.receipt_missing",
      article: "xzcf:70",
      messageZh: "请填写专用票据号码。",
      messageEn: "Give the number of the official receipt.",
    };
  }
  if (payment.receipts.some(({ receiptNo }) => receiptNo.trim() === receipt.receiptNo.trim())) {
    return {
      code: "payment.receipt_known",
      messageZh: `票据${receipt.receiptNo}已登记过，请勿重复登记。`,
      messageEn: `Receipt ${receipt.receiptNo} was registered before.`,
    };
  }
  if (!Number.isSafeInteger(receipt.amountFen) || receipt.amountFen <= 0 || receipt.paidOn < decision.on) {
    return {
      code: "payment.amount",
      messageZh: "缴款金额须大于零，缴款日期不得早于处罚决定日期，请核对。",
      messageEn: "The amount must be above 0 and the day not before the decision's; check both.",
    };
  }
  const { overpaidFen } = amountAfterPayments(withReceipt(file, payment, receipt), facts);
  if (overpaidFen === 0) return null;
  return {
    code: "payment.too_much",
    messageZh: `缴款超出应缴金额${formatYuan(overpaidFen)}元，请由收款银行退回多缴部分后按实缴金额登记。`,
    messageEn: `That is ${formatYuan(overpaidFen)} yuan over what is owed; have the bank pay it back, then register the rest.`,
  };
}

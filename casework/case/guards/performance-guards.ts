import { formatYuan } from "../../money.ts";
import { isFilled, type Refusal } from "../../refusal.ts";
import { type AmountDue, amountDue } from "../amount-due.ts";
import type { Guard, StepContext } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { refuseOpenDuty } from "../other-duties.ts";
import { refuseReceipt } from "../payment-receipt.ts";

/** Paying: in time, late, in parts. Amounts are those of the day, surcharge included. */
export const performanceGuards = {
  payment_fits: ({ file, step, facts }) => {
    if (step.step === "record_payment") return refuseReceipt(file, step, facts);
    const { unpaidFen } = amountDue(file, facts.today, facts);
    return unpaidFen > 0 ? stillUnpaid(unpaidFen) : refuseOpenDuty(file);
  },

  deferral_fits: (context) => {
    const { file, step, facts } = context;
    if (step.step !== "grant_deferral") return null;
    if (file.payment === null) return nothingOwed();
    if (!isFilled(step.reason)) return hardshipMissing();
    if (file.payment.deferral !== null) return alreadyDeferred();
    return refuseSchedule(step.instalments, owed(context), facts.today);
  },

  payment_overdue: (context) => {
    const { unpaidFen, lateFen } = owed(context);
    if (unpaidFen === 0) return nothingOwed();
    if (lateFen > 0) return null;
    return {
      code: "payment.not_late",
      article: "xzcf:67",
      messageZh: "缴款期限（含批准延期、分期的期限）尚未届满，不能认定为逾期，请待期满后再办理。",
      messageEn: "The time to pay, or the instalment's day, is not over yet; wait until it is.",
    };
  },

  unpaid: (context) => (owed(context).unpaidFen > 0 ? null : nothingOwed()),
} as const satisfies Partial<Record<GuardName, Guard>>;

function owed({ file, facts }: StepContext): AmountDue {
  return amountDue(file, facts.today, facts);
}

function refuseSchedule(
  instalments: readonly { readonly dueOn: string; readonly amountFen: number }[],
  { unpaidFen }: AmountDue,
  today: string,
): Refusal | null {
  if (unpaidFen === 0) return nothingOwed();
  const days = [today, ...instalments.map(({ dueOn }) => dueOn)];
  if (instalments.length === 0 || days.some((day, index) => index > 0 && day <= (days[index - 1] ?? ""))) {
    return {
      code: "deferral.dates",
      article: "xzcf:66(2)",
      messageZh: "至少应有一期，各期缴款日期须在今天之后并依次递增，请核对。",
      messageEn:
        "There must be at least one instalment, and each date must lie after today and after the one before.",
    };
  }
  const amounts = instalments.map(({ amountFen }) => amountFen);
  const total = amounts.reduce((sum, fen) => sum + fen, 0);
  if (amounts.every((fen) => Number.isSafeInteger(fen) && fen > 0) && total === unpaidFen) return null;
  return {
    code: "deferral.sum",
    article: "xzcf:66(2)",
    messageZh: `各期金额须大于零，合计须等于尚欠的${formatYuan(unpaidFen)}元，请调整。`,
    messageEn: `Each instalment must be above 0 and together they must be what is owed, ${formatYuan(unpaidFen)} yuan.`,
  };
}

function stillUnpaid(unpaidFen: number): Refusal {
  return {
    code: "payment.unpaid",
    article: "xzcf:67",
    messageZh: `尚欠${formatYuan(unpaidFen)}元，须缴清后才能确认履行完毕。`,
    messageEn: `${formatYuan(unpaidFen)} yuan are still owed; they have to be paid first.`,
  };
}

function nothingOwed(): Refusal {
  return {
    code: "payment.nothing_owed",
    messageZh: "没有尚未缴纳的款项，请核对缴款记录后确认履行完毕。",
    messageEn: "Nothing is owed; check the receipts and confirm the performance instead.",
  };
}

function hardshipMissing(): Refusal {
  return {
    code: "deferral.no_hardship",
    article: "xzcf:66(2)",
    messageZh: "延期、分期缴纳须由当事人说明确有经济困难的理由，请补充。",
    messageEn: "A deferral needs the party's reason: real hardship. Add it.",
  };
}

function alreadyDeferred(): Refusal {
  return {
    code: "deferral.already_granted",
    article: "xzcf:66(2)",
    messageZh: "本案已批准过延期（分期）缴纳，不能再次批准，请按已批准的期限办理。",
    messageEn: "A deferral was granted before; keep to its dates.",
  };
}

import type { StepOf } from "../step-input.ts";
import type { GuardCase } from "../testing/guard-case.ts";
import { courtCase, overdueCase } from "../testing/overdue-case.ts";
import { performingCase, receipt } from "../testing/performing-case.ts";

const pay = (amountFen: number, paidOn = "2026-03-25", receiptNo = "R-1") =>
  ({ step: "record_payment", receiptNo, paidOn, amountFen }) as const;
const confirm = { step: "confirm_performance", note: "已缴清并改正" } as const;
const order = {
  orderId: "order-1",
  docId: "doc-order",
  what: "撤除摊位",
  dueOn: "2026-01-10",
  servedOn: "2026-01-06",
  recheck: null,
};
const checked = { on: "2026-01-11", corrected: true, note: "已撤除" };
const paid = performingCase().payment ?? { code: "pay-1", receipts: [], deferral: null };
const fullyPaid = { payment: { ...paid, receipts: [receipt()] } };
const defer = (...instalments: StepOf<"grant_deferral">["instalments"]) =>
  ({ step: "grant_deferral", reason: "家庭经济确有困难", instalments }) as const;
const halves = [
  { dueOn: "2026-04-25", amountFen: 50_000 },
  { dueOn: "2026-05-25", amountFen: 50_000 },
];
const granted = {
  docId: "doc-deferral",
  approvedBy: "leader",
  on: "2026-03-20",
  instalments: halves,
  reason: "家庭经济确有困难",
};

export const cases: readonly GuardCase[] = [
  {
    guard: "payment_fits",
    about: "one fen over what is owed",
    passes: (world) => world.on("2026-03-25").context(performingCase(), pay(100_000), "system"),
    refused: (world) => world.on("2026-03-25").context(performingCase(), pay(100_001), "system"),
    code: "payment.too_much",
  },
  {
    guard: "payment_fits",
    about: "late, with two days' surcharge",
    passes: (world) =>
      world.on("2026-03-27").context(overdueCase(world), pay(106_000, "2026-03-27"), "system"),
    refused: (world) =>
      world.on("2026-03-27").context(overdueCase(world), pay(106_001, "2026-03-27"), "system"),
    code: "payment.too_much",
  },
  {
    guard: "payment_fits",
    about: "nothing paid",
    passes: (world) => world.on("2026-03-25").context(performingCase(), pay(1), "system"),
    refused: (world) => world.on("2026-03-25").context(performingCase(), pay(0), "system"),
    code: "payment.amount",
  },
  {
    guard: "payment_fits",
    about: "the same receipt twice",
    passes: (world) =>
      world
        .on("2026-03-25")
        .context(
          performingCase({ payment: { ...paid, receipts: [receipt(1, "2026-03-25", "R-1")] } }),
          pay(1, "2026-03-25", "R-2"),
          "system",
        ),
    refused: (world) =>
      world
        .on("2026-03-25")
        .context(
          performingCase({ payment: { ...paid, receipts: [receipt(1, "2026-03-25", "R-1")] } }),
          pay(1, "2026-03-25", " R-1"),
          "system",
        ),
    code: "payment.receipt_known",
  },
  {
    guard: "payment_fits",
    about: "no receipt number",
    passes: (world) => world.on("2026-03-25").context(performingCase(), pay(1), "system"),
    refused: (world) => world.on("2026-03-25").context(performingCase(), pay(1, "2026-03-25", " "), "system"),
    code: "payment.receipt_missing",
  },
  {
    guard: "payment_fits",
    about: "nothing to pay",
    passes: (world) => world.on("2026-03-25").context(performingCase(), pay(1), "system"),
    refused: (world) => world.on("2026-03-25").context(performingCase({ payment: null }), pay(1), "system"),
    code: "payment.none_due",
  },
  {
    guard: "payment_fits",
    about: "confirmed with money owed",
    passes: (world) => world.on("2026-03-25").context(performingCase(fullyPaid), confirm),
    refused: (world) => world.on("2026-03-25").context(performingCase(), confirm),
    code: "payment.unpaid",
  },
  {
    guard: "payment_fits",
    about: "confirmed with an order not checked again",
    passes: (world) =>
      world
        .on("2026-03-25")
        .context(performingCase({ ...fullyPaid, orders: [{ ...order, recheck: checked }] }), confirm),
    refused: (world) =>
      world.on("2026-03-25").context(performingCase({ ...fullyPaid, orders: [order] }), confirm),
    code: "performance.order_not_rechecked",
  },
  {
    guard: "payment_fits",
    about: "confirmed though not corrected",
    passes: (world) =>
      world
        .on("2026-03-25")
        .context(performingCase({ ...fullyPaid, orders: [{ ...order, recheck: checked }] }), confirm),
    refused: (world) =>
      world
        .on("2026-03-25")
        .context(
          performingCase({ ...fullyPaid, orders: [{ ...order, recheck: { ...checked, corrected: false } }] }),
          confirm,
        ),
    code: "performance.not_corrected",
  },
  {
    guard: "deferral_fits",
    about: "the sum",
    passes: (world) => world.on("2026-03-20").context(performingCase(), defer(...halves), "leader"),
    refused: (world) =>
      world
        .on("2026-03-20")
        .context(performingCase(), defer({ dueOn: "2026-04-25", amountFen: 99_999 }), "leader"),
    code: "deferral.sum",
  },
  {
    guard: "deferral_fits",
    about: "the surcharge so far belongs to it",
    passes: (world) =>
      world.context(overdueCase(world), defer({ dueOn: "2026-04-25", amountFen: 103_000 }), "leader"),
    refused: (world) =>
      world.context(overdueCase(world), defer({ dueOn: "2026-04-25", amountFen: 100_000 }), "leader"),
    code: "deferral.sum",
  },
  {
    guard: "deferral_fits",
    about: "a date that is today",
    passes: (world) =>
      world
        .on("2026-03-20")
        .context(performingCase(), defer({ dueOn: "2026-03-21", amountFen: 100_000 }), "leader"),
    refused: (world) =>
      world
        .on("2026-03-20")
        .context(performingCase(), defer({ dueOn: "2026-03-20", amountFen: 100_000 }), "leader"),
    code: "deferral.dates",
  },
  {
    guard: "deferral_fits",
    about: "dates in their order",
    passes: (world) => world.on("2026-03-20").context(performingCase(), defer(...halves), "leader"),
    refused: (world) =>
      world.on("2026-03-20").context(performingCase(), defer(...halves.toReversed()), "leader"),
    code: "deferral.dates",
  },
  {
    guard: "deferral_fits",
    about: "no hardship told",
    passes: (world) => world.on("2026-03-20").context(performingCase(), defer(...halves), "leader"),
    refused: (world) =>
      world.on("2026-03-20").context(performingCase(), { ...defer(...halves), reason: " " }, "leader"),
    code: "deferral.no_hardship",
  },
  {
    guard: "deferral_fits",
    about: "a second one",
    passes: (world) => world.on("2026-03-20").context(performingCase(), defer(...halves), "leader"),
    refused: (world) =>
      world
        .on("2026-03-21")
        .context(performingCase({ payment: { ...paid, deferral: granted } }), defer(...halves), "leader"),
    code: "deferral.already_granted",
  },
  {
    guard: "payment_overdue",
    about: "day 16",
    passes: (world) => world.on("2026-03-26").context(performingCase(), { step: "mark_overdue" }, "system"),
    refused: (world) => world.on("2026-03-25").context(performingCase(), { step: "mark_overdue" }, "system"),
    code: "payment.not_late",
  },
  {
    guard: "payment_overdue",
    about: "the time to pay ends in a holiday: 2026-10-03 becomes 2026-10-08",
    passes: (world) =>
      world
        .on("2026-10-09")
        .context(performingCase({}, { servedOn: "2026-09-18" }), { step: "mark_overdue" }, "system"),
    refused: (world) =>
      world
        .on("2026-10-08")
        .context(performingCase({}, { servedOn: "2026-09-18" }), { step: "mark_overdue" }, "system"),
    code: "payment.not_late",
  },
  {
    guard: "payment_overdue",
    about: "an instalment's day, a Saturday: 2026-04-25 becomes 2026-04-27",
    passes: (world) =>
      world
        .on("2026-04-28")
        .context(
          performingCase({ payment: { ...paid, deferral: granted } }),
          { step: "mark_overdue" },
          "system",
        ),
    refused: (world) =>
      world
        .on("2026-04-27")
        .context(
          performingCase({ payment: { ...paid, deferral: granted } }),
          { step: "mark_overdue" },
          "system",
        ),
    code: "payment.not_late",
  },
  {
    guard: "payment_overdue",
    about: "all paid",
    passes: (world) => world.on("2026-03-26").context(performingCase(), { step: "mark_overdue" }, "system"),
    refused: (world) =>
      world.on("2026-03-26").context(performingCase(fullyPaid), { step: "mark_overdue" }, "system"),
    code: "payment.nothing_owed",
  },
  {
    guard: "unpaid",
    passes: (world) => world.context(overdueCase(world), { step: "urge" }),
    refused: (world) => {
      const file = courtCase(world);
      return world.context({ ...file, payment: { ...paid, receipts: [receipt()] } }, { step: "urge" });
    },
    code: "payment.nothing_owed",
  },
];

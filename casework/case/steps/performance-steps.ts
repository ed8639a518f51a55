import { daysBetween } from "../../clocks/date.ts";
import { startClock } from "../../clocks/due.ts";
import { refused } from "../../refusal.ts";
import { amountDue, instalmentSubject } from "../amount-due.ts";
import type { CaseFile, Deferral } from "../case-file.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import { actorName } from "../investigators.ts";
import { legalEnd } from "../legal-end.ts";
import { hasOtherDuties } from "../other-duties.ts";
import { withOverlay } from "../overlays.ts";
import { paidOff } from "../paid-off.ts";
import { amountAfterPayments, withReceipt } from "../payment-receipt.ts";
import { remedyClocks } from "../remedy-clocks.ts";
import type { StepFacts } from "../step-facts.ts";

/** C18–C20: paying, in time or late. */
export const performanceSteps = {
  /** C18: the instalments' days take the place of the time to pay; an urging from before has no effect any more. */
  grant_deferral: ({ file, step, actor, facts }) => {
    if (file.payment === null) return nothingToPay();
    const docId = facts.newId("doc");
    const deferral: Deferral = {
      docId,
      approvedBy: actorName(actor),
      on: facts.today,
      instalments: step.instalments.map(({ dueOn, amountFen }) => ({ dueOn, amountFen })),
      reason: step.reason,
    };
    const { unpaidFen, surchargeFen } = amountDue(file, facts.today, facts);
    const deferred: CaseFile = {
      ...file,
      state: "performing",
      payment: { ...file.payment, deferral },
      clocks: [
        ...endClocks(file.clocks, ["payment", "urging"], "stopped", facts.today),
        ...instalmentClocks(deferral, facts),
      ],
    };
    return {
      changes: {
        payment: deferred.payment,
        urging: null,
        overlays: withOverlay(file.overlays, "deferred_payment"),
        clocks: remedyClocks(deferred, facts),
      },
      documents: [
        {
          docId,
          code: "D13",
          fields: { unpaidFen, surchargeFen, instalments: deferral.instalments, reason: step.reason },
        },
      ],
      why: step.reason,
    };
  },

  /** C19: paid to the last fen is performed, unless something other than money is still to be done. */
  record_payment: ({ file, step, facts }) => {
    if (file.payment === null) return nothingToPay();
    const { receiptNo, paidOn, amountFen } = step;
    const paid = withReceipt(file, file.payment, { receiptNo: receiptNo.trim(), paidOn, amountFen });
    const { unpaidFen } = amountAfterPayments(paid, facts);
    const documents = [
      { docId: facts.newId("doc"), code: "N24", fields: { receiptNo, paidOn, amountFen, unpaidFen } },
    ] as const;
    if (unpaidFen > 0) return { changes: { payment: paid.payment }, documents };
    const waits = MAY_CONFIRM.includes(file.state) && hasOtherDuties(file);
    return {
      changes: { payment: paid.payment, ...paidOff(paid, paidOn) },
      state: waits ? file.state : "performed",
      documents,
    };
  },

  confirm_performance: ({ file, step, facts }) => ({
    changes: paidOff(file, facts.today),
    why: step.note,
  }),

  /** C20: from the day after the last day to pay; the agency's time to go to court comes into sight. */
  mark_overdue: ({ file, facts }) => {
    const clocks = file.clocks.map((clock) =>
      clock.kind === "payment" && clock.state === "running" && legalEnd(clock, facts.calendar) < facts.today
        ? { ...clock, state: "lapsed" as const, endedOn: facts.today }
        : clock,
    );
    return { changes: { clocks: remedyClocks({ ...file, state: "overdue", clocks }, facts) } };
  },
} as const satisfies Effects<"grant_deferral" | "record_payment" | "confirm_performance" | "mark_overdue">;

/** States in which an officer can confirm the other duties by hand; before a court the court looks after them. */
const MAY_CONFIRM: readonly CaseFile["state"][] = ["performing", "overdue", "urged"];

function instalmentClocks({ on, instalments, docId }: Deferral, { calendar }: StepFacts) {
  return instalments.map(({ dueOn }, index) =>
    startClock(
      {
        kind: "payment",
        subject: instalmentSubject(index + 1),
        startedOn: on,
        period: { count: daysBetween(on, dueOn), unit: "CD" },
        basis: docId,
        duty: "party",
      },
      calendar,
    ),
  );
}

function nothingToPay() {
  return refused({
    code: "payment.none_due",
    messageZh: "本案没有需要缴纳的款项，请核对案件状态。",
    messageEn: "This case has nothing to pay; check its state.",
  });
}

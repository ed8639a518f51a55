import { endClock, startClock } from "../../clocks/due.ts";
import { isFilled, type Refusal, refused } from "../../refusal.ts";
import type { Effects } from "../engine.ts";

/** C05–C06: evidence kept in place (先行登记保存), violations to be put right (责令改正). */
export const orderSteps: Effects<
  "preserve_evidence" | "resolve_preservation" | "order_correction" | "recheck_order"
> = {
  preserve_evidence: ({ file, step, facts }) => {
    const { items, reason } = step;
    if (items.length === 0 || !items.every(isFilled)) return refused(itemsMissing);
    const [preservationId, docId] = [facts.newId("preservation"), facts.newId("doc")];
    return {
      changes: {
        preservations: [
          ...file.preservations,
          { preservationId, docId, items, reason, on: facts.today, resolved: null },
        ],
        clocks: [
          ...file.clocks,
          startClock(
            {
              kind: "preservation",
              subject: preservationId,
              startedOn: facts.today,
              period: facts.parameters.get("preservation.resolve"),
              basis: "xzcf:56",
              duty: "agency",
            },
            facts.calendar,
          ),
        ],
      },
      documents: [{ docId, code: "D14", fields: { items, reason } }],
      why: reason,
    };
  },

  resolve_preservation: ({ file, step, facts }) => {
    const open = file.preservations.find(({ preservationId }) => preservationId === step.preservationId);
    if (open === undefined || open.resolved !== null) return refused(preservationUnknown);
    if (!isFilled(step.outcome)) return refused(outcomeMissing);
    const resolved = { on: facts.today, outcome: step.outcome };
    return {
      changes: {
        preservations: file.preservations.map((one) => (one === open ? { ...one, resolved } : one)),
        clocks: endClock(file.clocks, "preservation", open.preservationId, "met", facts.today),
      },
      why: step.outcome,
    };
  },

  // The order's time begins when it is served.
  order_correction: ({ file, step, facts }) => {
    const { what, dueOn } = step;
    if (!isFilled(what)) return refused(whatMissing);
    if (dueOn < facts.today) return refused(dueInThePast);
    const [orderId, docId] = [facts.newId("order"), facts.newId("doc")];
    return {
      changes: { orders: [...file.orders, { orderId, docId, what, dueOn, servedOn: null, recheck: null }] },
      documents: [{ docId, code: "D02", fields: { what, dueOn } }],
      why: what,
    };
  },

  recheck_order: ({ file, step, facts }) => {
    const order = file.orders.find(({ orderId }) => orderId === step.orderId);
    if (order === undefined || order.recheck?.corrected === true) return refused(orderUnknown);
    // Whoever corrects before the order reaches them needs it no longer.
    if (!step.corrected && order.servedOn === null) return refused(orderNotServed);
    if (!step.corrected && facts.today <= order.dueOn) return refused(orderStillRuns(order.dueOn));
    if (!isFilled(step.note)) return refused(noteMissing);
    const { corrected, note } = step;
    return {
      changes: {
        orders: file.orders.map((one) =>
          one === order ? { ...one, recheck: { on: facts.today, corrected, note } } : one,
        ),
        clocks: endClock(file.clocks, "correction", order.orderId, corrected ? "met" : "lapsed", facts.today),
      },
      why: note,
    };
  },
};

const itemsMissing: Refusal = {
  code: "preservation.items_required",
  article: "xzcf:56",
  messageZh: "请逐项列明先行登记保存的物品。",
  messageEn: "List every item that is to be preserved.",
};

const preservationUnknown: Refusal = {
  code: "preservation.unknown",
  messageZh: "没有该批登记保存的证据，或者已作处理。",
  messageEn: "There is no such preserved lot, or it was dealt with already.",
};

const outcomeMissing: Refusal = {
  code: "preservation.outcome_required",
  article: "xzcf:56",
  messageZh: "请写明处理结果（返还、移送、没收等）。",
  messageEn: "Say what became of it: given back, handed over, confiscated.",
};

const whatMissing: Refusal = {
  code: "order.what_required",
  article: "xzcf:28(1)",
  messageZh: "请写明要求改正的内容。",
  messageEn: "Say what has to be put right.",
};

const dueInThePast: Refusal = {
  code: "order.due_in_past",
  messageZh: "改正期限不得早于今天，请重新填写。",
  messageEn: "The date by which it has to be put right cannot lie in the past.",
};

const orderUnknown: Refusal = {
  code: "order.unknown",
  messageZh: "没有该责令改正通知，或者已复查确认改正。",
  messageEn: "There is no such order, or it was found obeyed already.",
};

const orderNotServed: Refusal = {
  code: "order.not_served",
  article: "xzcf:28(1)",
  messageZh: "责令改正通知书尚未送达，请先送达再复查。",
  messageEn: "The order has not been served; serve it before checking.",
};

const noteMissing: Refusal = {
  code: "order.note_required",
  messageZh: "请写明复查情况。",
  messageEn: "Say what the re-check found.",
};

function orderStillRuns(dueOn: string): Refusal {
  return {
    code: "order.not_due",
    messageZh: `改正期限至${dueOn}，期限届满前不得认定逾期未改正。`,
    messageEn: `The party has until ${dueOn}; before that it cannot be found not corrected.`,
  };
}

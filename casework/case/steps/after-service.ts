import type { CaseClock, ClockKind, LocalDate } from "../../clocks/clock.ts";
import { addDays, formatDateZh } from "../../clocks/date.ts";
import { dueAfter, endClock, startClock } from "../../clocks/due.ts";
import type { Penalty, PenaltyKind } from "../../discretion/penalty.ts";
import type { DocumentCode } from "../../documents/document-codes.ts";
import { type Refusal, type Refused, refused } from "../../refusal.ts";
import type { CaseFile, ServiceRecord } from "../case-file.ts";
import type { CaseState } from "../case-states.ts";
import { decisionDocId, penaltyInForce } from "../decision-in-force.ts";
import { endClocks } from "../end-clocks.ts";
import type { StepEffect } from "../engine.ts";
import { remedyClocks } from "../remedy-clocks.ts";
import type { StepFacts } from "../step-facts.ts";

/** Done with the decision itself. */
const DONE_BY_DECISION: readonly PenaltyKind[] = ["warning", "criticism"];
/** Where the time to pay begins anew with a changed decision; before a court nothing of it moves. */
const PAYING: readonly CaseState[] = ["decided", "served", "performing", "overdue", "urged"];

type PeriodKey = "statement.window" | "hearing.request" | "payment.period" | "urging.period";

/**
 * What begins when a document has been served, by which it is. `file` holds the service already; `served` is its record,
 * with the legal date from which everything counts. Of an attempt that failed or a notice that still runs, nothing begins.
 */
export function afterService(file: CaseFile, served: ServiceRecord, facts: StepFacts): StepEffect | Refused {
  const { services } = file;
  const { docId, servedOn } = served;
  if (servedOn === null) return { changes: { services }, state: file.state };
  const begin = BEGINS[served.code];
  if (begin !== undefined) return begin(file, served, servedOn, facts);
  return {
    changes: { services, clocks: endClock(file.clocks, "service", docId, "met", servedOn) },
    state: file.state,
  };
}

type Begin = (file: CaseFile, served: ServiceRecord, on: LocalDate, facts: StepFacts) => StepEffect | Refused;

const BEGINS: Partial<Record<DocumentCode, Begin>> = {
  D02: orderServed,
  D05: noticeServed,
  D07: hearingTold,
  D08: exemptionServed,
  D09: decisionServed,
  D12: urgingServed,
  D17: decisionServed,
};

function orderServed(
  file: CaseFile,
  { docId }: ServiceRecord,
  on: LocalDate,
  { calendar }: StepFacts,
): StepEffect | Refused {
  const { services, clocks } = file;
  const order = file.orders.find((one) => one.docId === docId);
  if (order === undefined) return { changes: { services }, state: file.state };
  if (on > order.dueOn) return refused(orderOver(order.dueOn));
  // An order names its last day itself.
  const due = dueAfter(addDays(order.dueOn, -1), { count: 1, unit: "CD" }, calendar);
  const clock: CaseClock = {
    kind: "correction",
    subject: order.orderId,
    startedOn: on,
    ...due,
    basis: "xzcf:28(1)",
    duty: "party",
    state: "running",
    endedOn: null,
  };
  return {
    changes: {
      services,
      orders: file.orders.map((one) => (one === order ? { ...one, servedOn: on } : one)),
      clocks: [...clocks, clock],
    },
    state: file.state,
  };
}

/** C10: D05, with D06 where there is one: they go out together. */
function noticeServed(file: CaseFile, served: ServiceRecord, on: LocalDate, facts: StepFacts): StepEffect {
  const { notice } = file;
  if (notice?.docId !== served.docId) return { changes: { services: file.services }, state: file.state };
  const { docId, hearingDocId } = notice;
  const start = (kind: ClockKind, key: PeriodKey) => periodClock(kind, docId, on, key, facts);
  const statement = start("statement", "statement.window");
  return {
    changes: {
      notice: { ...notice, servedOn: on },
      ...(hearingDocId === null
        ? { services: file.services, clocks: [...file.clocks, statement] }
        : {
            services: [
              ...file.services,
              { ...served, serviceId: facts.newId("service"), docId: hearingDocId, code: "D06" },
            ],
            clocks: [...file.clocks, statement, start("hearing_request", "hearing.request")],
          }),
    },
    state: file.state === "investigated" ? "notice_served" : file.state,
  };
}

function hearingTold(file: CaseFile, { docId }: ServiceRecord, on: LocalDate): StepEffect {
  const { services, hearing } = file;
  const scheduled = hearing?.scheduled;
  if (hearing === null || scheduled?.docId !== docId) return { changes: { services }, state: file.state };
  return {
    changes: { services, hearing: { ...hearing, scheduled: { ...scheduled, toldOn: on } } },
    state: file.state,
  };
}

/** C16–C17: from here the party has its time to pay and its time to sue. */
function decisionServed(
  file: CaseFile,
  { docId }: ServiceRecord,
  on: LocalDate,
  facts: StepFacts,
): StepEffect {
  const { services } = file;
  const penalty = penaltyInForce(file);
  let clocks = endClock(file.clocks, "service", docId, "met", on);
  // A paper that only tells of what a review body or a court has decided begins nothing.
  if (docId !== decisionDocId(file)) return { changes: { services, clocks }, state: file.state };
  clocks = endClock(clocks, "service", "case", "met", on);
  if (penalty === null) return remediesBegin({ ...file, clocks }, facts);
  let { state, urging } = file;
  // Instalments granted before go on as they were granted.
  if (PAYING.includes(file.state) && !file.payment?.deferral) {
    state = needsPerformance(penalty) ? "performing" : "served";
    clocks = endClocks(clocks, ["payment", "urging"], "stopped", on);
    // What was urged before is not what is owed now.
    urging = null;
    if (penalty.fineFen > 0)
      clocks = [...clocks, periodClock("payment", "case", on, "payment.period", facts)];
  }
  return {
    changes: { services, urging, clocks: remedyClocks({ ...file, state, clocks }, facts) },
    state,
  };
}

/** C08: whoever is let off can challenge that too. */
function exemptionServed(
  file: CaseFile,
  { docId }: ServiceRecord,
  on: LocalDate,
  facts: StepFacts,
): StepEffect {
  return remediesBegin({ ...file, clocks: endClock(file.clocks, "service", docId, "met", on) }, facts);
}

function remediesBegin(file: CaseFile, facts: StepFacts): StepEffect {
  const { services, state } = file;
  return { changes: { services, clocks: remedyClocks(file, facts) }, state };
}

function urgingServed(file: CaseFile, { docId }: ServiceRecord, on: LocalDate, facts: StepFacts): StepEffect {
  const { services, urging } = file;
  if (urging === null || urging.docId !== docId) return { changes: { services }, state: file.state };
  return {
    changes: {
      services,
      urging: { ...urging, servedOn: on },
      clocks: [
        ...endClocks(file.clocks, ["urging"], "stopped", on),
        periodClock("urging", "case", on, "urging.period", facts),
      ],
    },
    state: file.state === "overdue" ? "urged" : file.state,
  };
}

function needsPerformance({ kinds, fineFen }: Penalty): boolean {
  return fineFen > 0 || kinds.some((kind) => !DONE_BY_DECISION.includes(kind));
}

function periodClock(
  kind: ClockKind,
  subject: string,
  startedOn: LocalDate,
  key: PeriodKey,
  { parameters, calendar }: StepFacts,
) {
  const period = parameters.get(key);
  return startClock({ kind, subject, startedOn, period, basis: key, duty: "party" }, calendar);
}

function orderOver(dueOn: LocalDate): Refusal {
  return {
    code: "order.day_is_over",
    article: "xzcf:28(1)",
    messageZh: `改正期限（${formatDateZh(dueOn)}）在送达时已过，当事人无法按期改正，请重新制作责令改正通知书。`,
    messageEn: `The day by which to correct, ${dueOn}, was over when it was served; issue a new order.`,
  };
}

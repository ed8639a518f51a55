import type { CaseFile } from "../case/case-file.ts";
import { decisionServedOn, firstServedOn } from "../case/decision-in-force.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { startClock } from "../clocks/due.ts";
import type { SupervisionFacts } from "./finding.ts";

type Happened = (on: LocalDate) => boolean;

/**
 * The file as it stood on a day, as far as money and remedies go: what was brought, decided, changed, paid or served later
 * is not in it. Which of two things came first on one day no date tells, so there are several views: with the day's other
 * events and without, and after each of its payments. What was right in one of them was right. The time to pay is counted anew from the service and not
 * taken from the file's clocks.
 */
export function viewsOn(file: CaseFile, day: LocalDate, facts: SupervisionFacts): readonly CaseFile[] {
  const through: Happened = (on) => on <= day;
  const before: Happened = (on) => on < day;
  const paidThatDay = (file.payment?.receipts ?? []).filter(({ paidOn }) => paidOn === day).length;
  const counts = Array.from({ length: paidThatDay + 1 }, (_, index) => paidThatDay - index);
  return counts.flatMap((count) =>
    [through, before].flatMap((deferred) =>
      [through, before].map((happened) => viewOn(file, day, { happened, deferred, count }, facts)),
    ),
  );
}

interface View {
  readonly happened: Happened;
  /** Of a deferral. */
  readonly deferred: Happened;
  /** How many of the day's payments had come in. */
  readonly count: number;
}

function viewOn(
  file: CaseFile,
  day: LocalDate,
  { happened, deferred, count }: View,
  facts: SupervisionFacts,
): CaseFile {
  const { payment } = file;
  const receipts = payment?.receipts ?? [];
  const known = [
    ...receipts.filter(({ paidOn }) => paidOn < day),
    ...receipts.filter(({ paidOn }) => paidOn === day).slice(0, count),
  ];
  const view: CaseFile = {
    ...file,
    changes: file.changes.filter(({ on }) => happened(on)),
    services: file.services.filter(({ servedOn }) => servedOn === null || servedOn <= day),
    reviews: file.reviews
      .filter(({ filedOn }) => happened(filedOn))
      .map((one) =>
        one.outcome !== null && !happened(one.outcome.receivedOn) ? { ...one, outcome: null } : one,
      ),
    litigations: file.litigations
      .filter(({ filedOn }) => happened(filedOn))
      .map((one) => (one.outcome !== null && !happened(one.outcome.on) ? { ...one, outcome: null } : one)),
    payment:
      payment === null
        ? null
        : {
            ...payment,
            receipts: known,
            deferral: payment.deferral !== null && deferred(payment.deferral.on) ? payment.deferral : null,
          },
  };
  return { ...view, clocks: payClock(view, facts) };
}

function payClock(view: CaseFile, { parameters, calendar }: SupervisionFacts): CaseFile["clocks"] {
  const startedOn = payFrom(view);
  if (startedOn === null) return [];
  const period = parameters.get("payment.period");
  return [
    startClock(
      { kind: "payment", subject: "case", startedOn, period, basis: "xzcf:67(3)", duty: "party" },
      calendar,
    ),
  ];
}

/** Instalments that were granted go on as they were granted, whatever becomes of the decision afterwards. */
function payFrom(view: CaseFile): LocalDate | null {
  const until = view.payment?.deferral?.on;
  const known =
    until === undefined
      ? view
      : {
          ...view,
          changes: view.changes.filter(({ on }) => on <= until),
          services: view.services.filter(({ servedOn }) => (servedOn ?? until) <= until),
        };
  return decisionServedOn(known) ?? firstServedOn(known);
}

import type { CaseFile } from "../case/case-file.ts";
import { everHandled } from "../case/handling.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { addDays, daysBetween } from "../clocks/date.ts";
import { dueAfter, isLate, lastDay } from "../clocks/due.ts";
import { localDate } from "../local-time.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Days that were missed. */
export const timeChecks: readonly Check[] = [
  defineCheck(
    { code: "SP05", zh: "超过办案期限", en: "not decided in time", basis: ["xzcf:60"] },
    (file, facts) => [decidedLate(file, facts)],
  ),
  defineCheck(
    { code: "SP11", zh: "立案时已超过追究期限", en: "time-barred when it was filed", basis: ["xzcf:36"] },
    (file, facts) => [timeBarred(file, facts)],
  ),
  defineCheck(
    {
      code: "SP12",
      zh: "线索或者责令改正逾期未处理",
      en: "a clue or an order past its day with nothing done",
      basis: ["xzcf:76"],
    },
    (file, facts) => [clueOverdue(file, facts), ...ordersOverdue(file, facts)],
  ),
];

/** Extensions count that were approved in time, and by somebody else than who handles the case. */
function decidedLate(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { filing, decision, exit } = file;
  const { parameters, calendar, today } = facts;
  const filedOn = filing?.filedOn ?? null;
  if (filedOn === null) return null;
  const handled = everHandled(file);
  let due = dueAfter(filedOn, parameters.get("decision.period"), calendar);
  for (const { period, by, on } of file.extensions) {
    if (period === "clue" || handled.has(by) || isLate(due, on)) continue;
    const key = period === "decision" ? "decision.extension" : "decision.extensionAfterDiscussion";
    due = dueAfter(due.strictDue, parameters.get(key), calendar);
  }
  const uncounted = hearingDays(file, facts);
  if (uncounted > 0) due = dueAfter(due.strictDue, { count: uncounted, unit: "CD" }, calendar);
  const endedOn = decision?.on ?? exit?.on ?? null;
  if (!isLate(due, endedOn ?? today)) return null;
  const until = lastDay(due);
  return {
    key: "decision",
    zh: `${filedOn}立案，应当于${until}前作出决定，${endedOn === null ? "至今没有决定" : `实际于${endedOn}作出`}。`,
    en: `Filed on ${filedOn} and to be decided by ${until}; ${endedOn === null ? "there is no decision yet" : `done on ${endedOn}`}.`,
    evidence: {
      filedOn,
      until,
      endedOn,
      extensions: file.extensions.map(({ period, on }) => `${period}:${on}`),
    },
  };
}

/** The days of a hearing count until somebody has confirmed that they do not. */
function hearingDays({ hearing }: CaseFile, { parameters }: SupervisionFacts): number {
  const key = "decision.excludeHearingTime";
  if (!hearing?.outcome || !parameters.get(key) || !parameters.isConfirmed(key)) return 0;
  return daysBetween(hearing.requestedOn, hearing.outcome.on);
}

/** Counted strictly: nobody is pursued for a day off. */
function timeBarred(file: CaseFile, { parameters, calendar }: SupervisionFacts): Found | null {
  const { act, filing, decision } = file;
  const begunOn = filing?.filedOn ?? (decision?.simplified === true ? decision.on : null);
  if (begunOn === null) return null;
  const endedOn = localDate(act.endedAt);
  const key = act.seriousHarm ? "limitation.serious" : "limitation.ordinary";
  const { strictDue } = dueAfter(endedOn, parameters.get(key), calendar);
  if (begunOn <= strictDue) return null;
  return {
    key: "filing",
    zh: `违法行为于${endedOn}终了，追究期限至${strictDue}届满，${begunOn}才立案（当场处罚）。`,
    en: `The act ended on ${endedOn} and could be pursued until ${strictDue}; it was taken up on ${begunOn}.`,
    evidence: { actEndedOn: endedOn, until: strictDue, filedOn: begunOn },
  };
}

function clueOverdue(file: CaseFile, { parameters, calendar, today }: SupervisionFacts): Found | null {
  const waiting = file.state === "clue_verification" || file.state === "filing_pending";
  if (!waiting || (file.filing?.filedOn ?? null) !== null) return null;
  let due = dueAfter(file.openedOn, parameters.get("clue.verify"), calendar);
  if (file.extensions.some(({ period }) => period === "clue"))
    due = dueAfter(due.strictDue, parameters.get("clue.verifyExtension"), calendar);
  if (!isLate(due, today)) return null;
  const until = lastDay(due);
  return {
    key: "clue",
    zh: `线索于${file.openedOn}登记，应当于${until}前核查完毕，至今没有决定是否立案。`,
    en: `The clue of ${file.openedOn} had to be verified by ${until}; nothing has been decided.`,
    evidence: { openedOn: file.openedOn, until },
  };
}

/** Who was not let off owes what was ordered: a case that went elsewhere took its orders along. */
function ordersOverdue(file: CaseFile, { parameters, calendar, today }: SupervisionFacts): Found[] {
  if (file.exit !== null && file.exit.kind !== "no_penalty") return [];
  return file.orders.flatMap(({ orderId, docId, dueOn, servedOn, recheck }) => {
    if (recheck !== null) return [];
    // An order names its last day itself; that day is the party's.
    const until = orderEnd(dueOn);
    const checkBy = lastDay(dueAfter(until, parameters.get("order.recheck"), calendar));
    if (today <= checkBy) return [];
    return [
      {
        key: `order:${orderId}`,
        zh: `责令改正期限至${until}届满，应当于${checkBy}前复查，至今没有复查${servedOn === null ? "，文书也没有送达" : ""}。`,
        en: `The order's day was ${until} and a check due by ${checkBy}; there was none${servedOn === null ? ", and it was not served" : ""}.`,
        evidence: { orderId, docId, dueOn, servedOn, checkBy },
      },
    ];
  });

  function orderEnd(dueOn: LocalDate): LocalDate {
    return lastDay(dueAfter(addDays(dueOn, -1), { count: 1, unit: "CD" }, calendar));
  }
}

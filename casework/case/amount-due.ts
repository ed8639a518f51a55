import type { Due, LocalDate, WorkCalendar } from "../clocks/clock.ts";
import { lateDays, surchargeFen, type UncountedTime } from "../clocks/surcharge.ts";
import type { Fen } from "../money.ts";
import type { CaseFile, Deferral, PaymentReceipt } from "./case-file.ts";
import { penaltyInForce } from "./decision-in-force.ts";
import { legalEnd } from "./legal-end.ts";
import { remedyOutcomes } from "./remedy-outcomes.ts";
import type { StepFacts } from "./step-facts.ts";

/** What a party owes on one day, in fen. */
export interface AmountDue {
  /** The fine in force. */
  readonly fineFen: Fen;
  /** Added by that day; 0 where the decision did not announce it. */
  readonly surchargeFen: Fen;
  readonly paidFen: Fen;
  /** Fine and surcharge less what was paid, never below 0. */
  readonly unpaidFen: Fen;
  /** Payments go to the fine first, so that the surcharge stops growing. */
  readonly unpaidFineFen: Fen;
  readonly unpaidSurchargeFen: Fen;
  /** What should have been paid before that day; less than `unpaidFen` while later instalments are not due yet. */
  readonly lateFen: Fen;
  /** To be paid back: the fine was lowered after it had been paid. */
  readonly overpaidFen: Fen;
}

export type AmountFacts = Pick<StepFacts, "calendar" | "parameters">;

/** A part of the fine, with its last day to pay; null before the time to pay has begun. */
interface Part {
  readonly payDue: LocalDate | null;
  readonly fen: Fen;
}

/** A part of the fine until the day it was paid, or until the day that is asked about. */
interface Stretch extends Part {
  readonly until: LocalDate;
  readonly paid: boolean;
}

/**
 * What is owed on `asOf`, that day counted (行政处罚法 66, 67, 72, 73; 罚缴分离办法 7). The surcharge grows on the part of the
 * fine that is late and not paid, from its own last day to pay: the end of the time to pay, or its instalment's day. It
 * stands still from the day a deferral is granted until the instalment's day, and during a review or a suit; it never
 * exceeds the fine. Throws `MissingCalendarError` where a last day to pay cannot be known.
 */
export function amountDue(file: CaseFile, asOf: LocalDate, facts: AmountFacts): AmountDue {
  const fineFen = penaltyInForce(file)?.fineFen ?? 0;
  const receipts = (file.payment?.receipts ?? [])
    .filter((receipt) => receipt.paidOn <= asOf)
    .toSorted((a, b) => (a.paidOn < b.paidOn ? -1 : a.paidOn > b.paidOn ? 1 : 0));
  const paidFen = sum(receipts.map((receipt) => receipt.amountFen));
  const deferral = deferralOn(file, asOf);
  const payDue = fineFen === 0 ? null : payDay(file, asOf, facts);

  const before = deferral === null ? receipts : receipts.filter(({ paidOn }) => paidOn <= deferral.on);
  const first = stretches([{ payDue, fen: fineFen }], before, deferral?.on ?? asOf);
  const parts = deferral === null ? [] : instalmentParts(deferral, restOf(first), asOf, facts);
  const after = receipts.slice(before.length);
  const second = stretches(parts, after, asOf);

  const grown = (list: readonly Stretch[]) => surchargeOf(file, list, facts);
  const surcharge = Math.min(fineFen, grown(first) + grown(second));
  const unpaidFen = Math.max(0, fineFen + surcharge - paidFen);
  const unpaidFineFen = Math.max(0, fineFen - paidFen);
  return {
    fineFen,
    surchargeFen: surcharge,
    paidFen,
    unpaidFen,
    unpaidFineFen,
    unpaidSurchargeFen: unpaidFen - unpaidFineFen,
    lateFen:
      deferral === null
        ? payDue !== null && asOf > payDue
          ? unpaidFen
          : 0
        : lateOfInstalments(
            deferral,
            asOf,
            grown(second),
            sum(after.map((r) => r.amountFen)),
            unpaidFen,
            facts,
          ),
    overpaidFen: Math.max(0, paidFen - fineFen - surcharge),
  };
}

/** The last day to pay the whole fine in time, as far as `asOf` needs it; null before the decision was served. */
function payDay(file: CaseFile, asOf: LocalDate, facts: AmountFacts): LocalDate | null {
  const clock = file.clocks.findLast(({ kind, subject }) => kind === "payment" && !isInstalment(subject));
  return clock === undefined ? null : endBy(clock, asOf, facts.calendar);
}

/** Whoever pays by the strict end is in time under any calendar, so that a missing one holds up no receipt. */
function endBy(due: Due, asOf: LocalDate, calendar: WorkCalendar): LocalDate {
  return asOf <= due.strictDue ? due.strictDue : legalEnd(due, calendar);
}

/** An instalment names its day; a day off rolls on. */
function named(dueOn: LocalDate): Due {
  return { strictDue: dueOn, legalDue: null };
}

/** Subject of the payment clock of the n-th instalment, from 1. */
export function instalmentSubject(number: number): string {
  return `instalment-${number}`;
}

function isInstalment(subject: string): boolean {
  return subject.startsWith("instalment-");
}

function deferralOn(file: CaseFile, asOf: LocalDate): Deferral | null {
  const deferral = file.payment?.deferral ?? null;
  return deferral !== null && deferral.on <= asOf ? deferral : null;
}

/** The fine's rest spread over the instalments; what they hold beyond it is surcharge from before, which bears none. */
function instalmentParts(deferral: Deferral, restFen: Fen, asOf: LocalDate, facts: AmountFacts): Part[] {
  let left = restFen;
  return deferral.instalments.map(({ dueOn, amountFen }) => {
    const fen = Math.min(left, amountFen);
    left -= fen;
    return { payDue: endBy(named(dueOn), asOf, facts.calendar), fen };
  });
}

/** Payments settle the parts in their order; each part is cut where one of them ended. */
function stretches(parts: readonly Part[], receipts: readonly PaymentReceipt[], until: LocalDate): Stretch[] {
  const purse = receipts.map(({ paidOn, amountFen }) => ({ paidOn, leftFen: amountFen }));
  return parts.flatMap(({ payDue, fen }) => {
    const cuts: Stretch[] = [];
    let left = fen;
    for (const money of purse) {
      const taken = Math.min(left, money.leftFen);
      if (taken > 0) cuts.push({ payDue, fen: taken, until: money.paidOn, paid: true });
      money.leftFen -= taken;
      left -= taken;
    }
    return left > 0 ? [...cuts, { payDue, fen: left, until, paid: false }] : cuts;
  });
}

function surchargeOf(file: CaseFile, list: readonly Stretch[], { parameters }: AmountFacts): Fen {
  if (file.decision?.surchargeAnnounced !== true) return 0;
  const pauses = remedyTimes(file);
  const permillePerDay = parameters.get("surcharge.permillePerDay");
  return sum(
    list.map(({ payDue, fen, until }) =>
      payDue === null
        ? 0
        : surchargeFen({
            fineFen: fen,
            permillePerDay,
            lateDays: lateDays({ payDue, asOf: until, pauses }),
          }),
    ),
  );
}

/**
 * 行政处罚法 73(3): from the day it was brought through the day it ended; where the outcome asks for a change, through the
 * day of that change.
 */
function remedyTimes(file: CaseFile): UncountedTime[] {
  return remedyOutcomes(file).map(({ filedOn, endedOn, asks, change }) => ({
    from: filedOn,
    to: asks ? (change?.on ?? null) : endedOn,
  }));
}

function lateOfInstalments(
  deferral: Deferral,
  asOf: LocalDate,
  grownFen: Fen,
  paidFen: Fen,
  unpaidFen: Fen,
  { calendar }: AmountFacts,
): Fen {
  const due = deferral.instalments.filter(({ dueOn }) => endBy(named(dueOn), asOf, calendar) < asOf);
  const lateFen = sum(due.map(({ amountFen }) => amountFen)) + grownFen - paidFen;
  return Math.min(unpaidFen, Math.max(0, lateFen));
}

function restOf(list: readonly Stretch[]): Fen {
  return sum(list.filter(({ paid }) => !paid).map(({ fen }) => fen));
}

function sum(amounts: readonly Fen[]): Fen {
  return amounts.reduce((total, fen) => total + fen, 0);
}

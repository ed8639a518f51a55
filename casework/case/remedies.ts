import type { LocalDate } from "../clocks/clock.ts";
import { formatDateZh } from "../clocks/date.ts";
import { isFilled, type Refusal } from "../refusal.ts";
import type { CaseFile, Litigation, ReviewOfDecision } from "./case-file.ts";
import { firstServedOn } from "./decision-in-force.ts";
import type { StepName, StepOf } from "./step-input.ts";

type RemedyStep = "file_review" | "forward_review" | "end_review" | "file_suit" | "end_suit";

/** The review that has no outcome yet; at most one. */
export function openReview(file: CaseFile): ReviewOfDecision | undefined {
  return file.reviews.find((review) => review.outcome === null);
}

/** The suit that has no outcome yet; at most one. */
export function openSuit(file: CaseFile): Litigation | undefined {
  return file.litigations.find((suit) => suit.outcome === null);
}

/** Outcomes that ask for a change of the decision; the others leave it as it is. */
export function asksForChange(kind: string): boolean {
  return kind !== "upheld" && kind !== "withdrawn";
}

/**
 * What stands in the way of a review or a suit. Whether it comes too late is for the review body and the court to say, so it
 * is registered whenever it comes; a review and a suit at the same time are not possible (行政复议法 29, 行政诉讼法 44).
 */
export function refuseRemedy(file: CaseFile, step: StepOf<RemedyStep>): Refusal | null {
  switch (step.step) {
    case "file_review":
      return refuseFiling(file, step.filedOn);
    case "file_suit":
      return refuseFiling(file, step.filedOn) ?? refuseWithoutReview(file);
    case "forward_review":
      return refuseForwarding(file);
    case "end_review":
      return refuseReviewEnd(file, step);
    case "end_suit": {
      const suit = openSuit(file);
      if (suit === undefined) return noneOpen("诉讼", "suit");
      return refuseUnproved(step) ?? refuseBefore(step.on, suit.filedOn);
    }
  }
}

export function isRemedyStep(step: { readonly step: StepName }): step is StepOf<RemedyStep> {
  return ["file_review", "forward_review", "end_review", "file_suit", "end_suit"].includes(step.step);
}

function refuseFiling(file: CaseFile, filedOn: LocalDate): Refusal | null {
  const served = firstServedOn(file);
  if (served === null || filedOn < served) {
    return {
      code: "remedy.not_served",
      article: "xzfy:20",
      messageZh: "决定书尚未送达，复议和起诉期限还没有开始，请先送达或核对日期。",
      messageEn: "The decision has not reached the party on that day; serve it first, or check the day.",
    };
  }
  if (openReview(file) === undefined && openSuit(file) === undefined) return null;
  return {
    code: "remedy.already_open",
    article: "xzfy:29",
    messageZh: "已有行政复议或者行政诉讼正在进行，不能同时再登记，请先登记其结果。",
    messageEn: "A review or a suit is already running; record its outcome first.",
  };
}

/** Against a decision made on the spot review comes before a suit (行政复议法 23(1)(一)). */
function refuseWithoutReview(file: CaseFile): Refusal | null {
  const decided = file.reviews.some(({ outcome }) => outcome !== null && outcome.kind !== "withdrawn");
  if (file.procedure !== "simplified" || decided) return null;
  return {
    code: "remedy.review_first",
    article: "xzfy:23",
    messageZh: "对当场作出的处罚决定不服的，应当先申请行政复议，对复议决定不服的才能起诉。",
    messageEn:
      "Against a decision made on the spot the party applies for review first, and sues against its outcome.",
  };
}

function refuseForwarding(file: CaseFile): Refusal | null {
  const review = openReview(file);
  if (review === undefined) return noneOpen("复议", "review");
  if (review.via === "this_agency" && review.forwardedOn === null) return null;
  return {
    code: "remedy.nothing_to_forward",
    article: "xzfy:32",
    messageZh: "该复议申请已由复议机关受理或已转送，无需转送。",
    messageEn: "The review body has this application already; there is nothing to forward.",
  };
}

function refuseReviewEnd(file: CaseFile, step: StepOf<"end_review">): Refusal | null {
  const { kind, receivedOn } = step;
  const review = openReview(file);
  if (review === undefined) return noneOpen("复议", "review");
  if (kind !== "withdrawn" && review.via === "this_agency" && review.forwardedOn === null) {
    return {
      code: "remedy.not_forwarded",
      article: "xzfy:32",
      messageZh: "复议申请尚未转送复议机关，请先转送。",
      messageEn: "The application has not been forwarded to the review body; forward it first.",
    };
  }
  return refuseUnproved(step) ?? refuseBefore(receivedOn, review.filedOn);
}

/** Nobody but the party withdraws: what an officer enters says what shows it. */
function refuseUnproved({ kind, note }: StepOf<"end_review" | "end_suit">): Refusal | null {
  if (kind !== "withdrawn" || isFilled(note)) return null;
  return {
    code: "remedy.withdrawal_unproved",
    messageZh: "登记当事人撤回的，请写明依据（撤回申请书、终止通知书、准许撤诉裁定等）。",
    messageEn:
      "Where the party withdrew, say what shows it: its letter, the notice or the ruling that ended it.",
  };
}

function refuseBefore(day: LocalDate, filedOn: LocalDate): Refusal | null {
  if (day >= filedOn) return null;
  return {
    code: "remedy.date",
    messageZh: `结果的日期不得早于申请或起诉日期${formatDateZh(filedOn)}，请核对。`,
    messageEn: `The outcome cannot lie before the day it was brought, ${filedOn}.`,
  };
}

function noneOpen(zh: string, en: string): Refusal {
  return {
    code: "remedy.none_open",
    messageZh: `没有正在进行的行政${zh}，请先登记申请。`,
    messageEn: `No ${en} is running; register it first.`,
  };
}

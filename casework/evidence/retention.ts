import { MissingCalendarError, type Period, type WorkCalendar } from "../clocks/clock.ts";
import { addDays } from "../clocks/date.ts";
import { dueAfter, lastDay } from "../clocks/due.ts";
import type { IncidentState } from "../incident/incident-lifecycle.ts";
import { type EpochMs, localDate } from "../local-time.ts";
import { isFilled, type Refusal } from "../refusal.ts";
import { type Actor, refuseWithout } from "../roles.ts";

/**
 * Why evidence has served its purpose and goes (个人信息保护法 19, 47), and from when its time runs: from the recording,
 * or from the day it came into its state, where somebody may still object or ask back. What is in none of these states
 * stays: it still waits for somebody, or has become part of a case file.
 */
export const deletionRules = {
  rejected: {
    from: "recording",
    zh: "审核不采用，保存期满",
    en: "rejected in review, kept for its time",
  },
  expired: {
    from: "recording",
    zh: "超期未审核不得使用，保存期满",
    en: "never reviewed and never usable, kept for its time",
  },
  corrected: {
    from: "settlement",
    zh: "已改正结案，保存期满",
    en: "put right and closed, kept for its time",
  },
  transferred: {
    from: "settlement",
    zh: "已移送其他机关，保存期满",
    en: "handed to another authority, kept for its time",
  },
  work_order: {
    from: "settlement",
    zh: "已派遣处置，保存期满",
    en: "sent out as work to be done, kept for its time",
  },
} as const satisfies Partial<
  Record<IncidentState, { from: "recording" | "settlement"; zh: string; en: string }>
>;

export type DeletionRule = keyof typeof deletionRules;

/** Parameter `retention.raw_days` of the domain: 30 calendar days at least (视频图像信息系统管理条例 17). */
export interface RetentionParameters {
  readonly rawDays: number;
}

/** What the time for review is counted by. */
export interface ReviewTime {
  /** Parameter `review.max`: five working days. */
  readonly period: Period;
  readonly calendar: WorkCalendar;
  /** Calendar days instead, for a year without a calendar. */
  readonly fallbackDays: number;
}

/**
 * End of the time for review (I6): the first moment after its last whole local day, the day of the capture not counted
 * (民法典 201, 203). Where the calendar of a needed year is missing, so many calendar days: taking in evidence must not
 * fail because nobody has loaded a calendar yet, and an end that comes early in long holidays costs a record, not a right.
 */
export function reviewDueAt(capturedAt: EpochMs, time: ReviewTime): EpochMs {
  return Date.parse(`${lastReviewDate(capturedAt, time)}T24:00:00+08:00`);
}

function lastReviewDate(capturedAt: EpochMs, { period, calendar, fallbackDays }: ReviewTime): string {
  try {
    return lastDay(dueAfter(localDate(capturedAt), period, calendar));
  } catch (error) {
    if (error instanceof MissingCalendarError) return lastDateAfterDays(capturedAt, fallbackDays);
    throw error;
  }
}

/** What of an incident decides whether its evidence goes. */
export interface RetentionFacts {
  readonly incidentId: string;
  readonly state: IncidentState;
  /** The latest moment the pictures and the clip show. */
  readonly recordedAt: EpochMs;
  /** Since when it is in its state. */
  readonly settledAt: EpochMs;
  /** A case was made of it, in whatever state: the case file decides from then on. */
  readonly hasCase: boolean;
  /** Holds somebody placed and nobody released. */
  readonly openHolds: number;
}

export interface PlannedDeletion {
  readonly incidentId: string;
  readonly rule: DeletionRule;
  /** Last local date the evidence is kept for: `2026-04-09`. */
  readonly keptThrough: string;
}

/**
 * What is to be deleted now, oldest due first. The day of the recording does not count, the last day counts whole
 * (民法典 201, 203): recorded on 10 March, 30 days run through 9 April, and it goes when 10 April begins in Shanghai.
 * Nothing held and nothing with a case is ever in the plan, however little room is left: room is no argument.
 */
export function planDeletions(
  now: EpochMs,
  facts: readonly RetentionFacts[],
  { rawDays }: RetentionParameters,
): PlannedDeletion[] {
  return facts
    .map((incident) => planDeletion(now, incident, rawDays))
    .filter((planned) => planned !== null)
    .sort((a, b) => (a.keptThrough + a.incidentId < b.keptThrough + b.incidentId ? -1 : 1));
}

function planDeletion(now: EpochMs, incident: RetentionFacts, rawDays: number): PlannedDeletion | null {
  if (incident.hasCase || incident.openHolds > 0) return null;
  const rule = ruleFor(incident.state);
  if (rule === null) return null;
  const { recordedAt, settledAt } = incident;
  const from = deletionRules[rule].from === "recording" ? recordedAt : Math.max(recordedAt, settledAt);
  const keptThrough = lastDateAfterDays(from, rawDays);
  return localDate(now) > keptThrough ? { incidentId: incident.incidentId, rule, keptThrough } : null;
}

function ruleFor(state: IncidentState): DeletionRule | null {
  return Object.hasOwn(deletionRules, state) ? (state as DeletionRule) : null;
}

/** Last local date of a period of calendar days; the day of `at` is not counted. */
export function lastDateAfterDays(at: EpochMs, days: number): string {
  return addDays(localDate(at), days);
}

/** Null when this person may keep this evidence from deletion (保全) for this reason. */
export function refuseHold(reason: string, actor: Actor): Refusal | null {
  return refuseWithout("evidence.place_hold", actor) ?? refuseWithoutReason(reason);
}

/** Null when this person may end a hold for this reason. */
export function refuseHoldRelease(reason: string, isReleased: boolean, actor: Actor): Refusal | null {
  if (isReleased) {
    return {
      code: "hold.already_released",
      messageZh: "该保全已解除。",
      messageEn: "This hold was released before.",
    };
  }
  return refuseWithout("evidence.release_hold", actor) ?? refuseWithoutReason(reason);
}

function refuseWithoutReason(reason: string): Refusal | null {
  if (isFilled(reason)) return null;
  return {
    code: "hold.reason_required",
    messageZh: "请写明保全或解除保全的理由。",
    messageEn: "Say why it is held, or why no longer.",
  };
}

/** Once deletion is decided nothing can be held, claimed or shown any more. */
export const alreadyDeleted: Refusal = {
  code: "evidence.deleted",
  article: "grxx:47",
  messageZh: "该证据已按保存期限规定决定删除，只保留删除记录。",
  messageEn: "This evidence was deleted by the rules of retention; only the record of its deletion is left.",
};

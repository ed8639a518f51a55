import type { LocalDate } from "../../clocks/clock.ts";
import { formatDateZh } from "../../clocks/date.ts";
import { lastDay, latestNotice, runningClock } from "../../clocks/due.ts";
import type { Refusal } from "../../refusal.ts";
import type { Guard, StepContext } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { isHearingDue, refuseHost } from "../hearing.ts";
import { refuseHeavier } from "../not-heavier.ts";
import { proposedPenalty } from "../proposed-penalty.ts";
import { openWindows, windowOf } from "../windows.ts";

/** Steps by which somebody makes use of the right to a hearing; they need that the right was told. */
const HEARING_STEPS = ["request_hearing", "schedule_hearing"];

/** C10–C12: notice, statement and defence, hearing. */
export const noticeGuards = {
  /** 行政处罚法 44 */
  notice_served: ({ file }) => {
    if (typeof file.notice?.servedOn === "string") return null;
    return {
      code: "notice.not_served",
      article: "xzcf:44",
      messageZh: "行政处罚事先告知书尚未送达当事人，请先送达并登记送达回证。",
      messageEn: "The advance notice has not been served; serve it and record the service first.",
    };
  },

  /** 行政处罚法 45, 62, 64(1): the last day of a window is still the party's. */
  windows_closed: ({ file, facts }) => {
    const { notice } = file;
    if (typeof notice?.servedOn !== "string") return noWindow;
    if (notice.waiver === null && windowOf(file, notice, "statement") === undefined) return noWindow;
    const ends = openWindows(file, notice, facts.today).map(lastDay).sort();
    const end = ends.at(-1);
    if (end === undefined) return null;
    return {
      code: "notice.window_open",
      article: "xzcf:62",
      messageZh: `当事人的陈述申辩、申请听证期限至${formatDateZh(end)}届满，请在期满后办理；当事人明确放弃的，先予记录。`,
      messageEn: `The party may state, defend and ask for a hearing up to ${end}; wait, or record an explicit waiver.`,
    };
  },

  /** 行政处罚法 45(1): heard fully, and each fact, reason and piece of evidence looked at. */
  statements_reviewed: ({ file }) => {
    // An objection that was found right takes its record out first (B-11): until then nothing is decided on it.
    if (runningClock(file.clocks, "record_withdrawal") !== undefined) return recordToWithdraw;
    if (file.statements.every(({ review }) => review !== null)) return null;
    return {
      code: "statement.not_reviewed",
      article: "xzcf:45(1)",
      messageZh: "当事人的陈述申辩尚未复核，请先逐条复核并说明是否采纳。",
      messageEn:
        "A statement of the party has not been reviewed; review each one and say whether it is adopted.",
    };
  },

  not_heavier: refuseHeavier,

  /** 行政处罚法 63: whoever may have a hearing has been told so. */
  hearing_offered: (context) => {
    const { file, step } = context;
    if (typeof file.notice?.hearingDocId === "string") return null;
    if (HEARING_STEPS.includes(step.step)) {
      return {
        code: "hearing.not_due",
        article: "xzcf:63",
        messageZh: "拟作出的处罚未达到听证标准，当事人可以陈述申辩；确需听证的，请重新告知。",
        messageEn:
          "The proposed penalty gives no right to a hearing; the party may state and defend. To hold one all the same, give notice anew.",
      };
    }
    return refuseUntoldHearing(context);
  },

  /** 行政处罚法 64(1): five working days after the notice, the last one included. */
  hearing_in_time: ({ file, facts }) => {
    const clock = file.notice === null ? undefined : windowOf(file, file.notice, "hearing_request");
    if (clock !== undefined && facts.today <= lastDay(clock)) return null;
    const until = clock === undefined ? "" : `（${formatDateZh(lastDay(clock))}）`;
    return {
      code: "hearing.asked_late",
      article: "xzcf:64(1)",
      messageZh: `申请听证的期限${until}已过，当事人仍可以陈述申辩，请按陈述申辩登记。`,
      messageEn: `The time to ask for a hearing is over${clock === undefined ? "" : ` (${lastDay(clock)})`}; what the party has to say can still be received as a statement.`,
    };
  },

  /** 行政处罚法 64(2): seven working days before. */
  hearing_told_in_time: ({ file, step, facts }) => {
    const { count } = facts.parameters.get("hearing.notice");
    if (step.step === "schedule_hearing") {
      const latest = latestNotice(step.on, count, facts.calendar);
      return facts.today <= latest ? null : toldLate(step.on, latest, count);
    }
    // Who withdraws the request needs no notice of a time.
    if (step.step === "conclude_hearing" && step.outcome === "withdrawn") return null;
    const scheduled = file.hearing?.scheduled;
    if (scheduled === null || scheduled === undefined || scheduled.toldOn === null) {
      return {
        code: "hearing.not_told",
        article: "xzcf:64(2)",
        messageZh: "听证通知书尚未送达当事人，不能举行听证，请先送达。",
        messageEn: "The notice of the hearing has not been served; it cannot be held before.",
      };
    }
    const latest = latestNotice(scheduled.on, count, facts.calendar);
    return scheduled.toldOn <= latest ? null : toldLate(scheduled.on, latest, count);
  },

  /** 行政处罚法 64(4). Whoever concludes the hearing is who was named. */
  host_independent: ({ file, step, actor, facts }) => {
    if (step.step === "schedule_hearing") return refuseHost(file, step.hostId, facts);
    const named = file.hearing?.scheduled?.hostId;
    if (actor.kind !== "user" || (named !== undefined && named !== actor.userId)) {
      return {
        code: "hearing.not_the_host",
        article: "xzcf:64(4)",
        messageZh: "听证须由听证通知书载明的主持人主持并报告。",
        messageEn: "The hearing is held and reported by the host whom its notice names.",
      };
    }
    return refuseHost(file, actor.userId, facts);
  },

  /** 行政处罚法 63–65: asked for in time, it comes before everything that follows. */
  hearing_concluded: (context) => {
    const { hearing } = context.file;
    if (hearing === null || hearing.outcome !== null) return refuseUntoldHearing(context);
    return {
      code: "hearing.not_concluded",
      article: "xzcf:65",
      messageZh: "当事人已申请听证，听证尚未结束，请先组织听证或者记录当事人撤回。",
      messageEn:
        "The party has asked for a hearing and it is not over; hold it, or record that it was withdrawn.",
    };
  },
} satisfies Partial<Record<GuardName, Guard>>;

const noWindow = {
  code: "notice.window_not_begun",
  article: "xzcf:44",
  messageZh: "陈述申辩期限尚未开始计算，请先送达行政处罚事先告知书。",
  messageEn: "The window for statements has not begun; serve the advance notice first.",
};

function refuseUntoldHearing(context: StepContext) {
  const { file, facts } = context;
  const penalty = proposedPenalty(context);
  if (penalty === null || typeof file.notice?.hearingDocId === "string") return null;
  if (!isHearingDue(penalty, file.party, facts.parameters)) return null;
  return {
    code: "hearing.right_not_told",
    article: "xzcf:63",
    messageZh: "拟作出的处罚达到听证标准，但未告知当事人有权申请听证，请补充调查后重新告知。",
    messageEn:
      "This penalty gives a right to a hearing and the party was not told; reopen the investigation and give notice anew.",
  };
}

function toldLate(on: LocalDate, latest: LocalDate, count: number) {
  return {
    code: "hearing.told_late",
    article: "xzcf:64(2)",
    messageZh: `听证应当在举行的${count}个工作日前通知当事人：${formatDateZh(on)}的听证最迟须于${formatDateZh(latest)}通知，请另定日期。`,
    messageEn: `The party is told ${count} working days before: for a hearing on ${on} by ${latest} at the latest. Set another date.`,
  };
}

const recordToWithdraw: Refusal = {
  code: "record.withdrawal_open",
  article: "xzcf:41(3)",
  messageZh: "当事人对监控记录的异议已被采纳，请先撤销该记录，再继续办理。",
  messageEn: "An objection to a record was adopted: withdraw that record first, then go on.",
};

import { formatDateZh } from "../../clocks/date.ts";
import { dueAfter } from "../../clocks/due.ts";
import type { Refusal } from "../../refusal.ts";
import { refuseCourtEvent } from "../court-events.ts";
import { type CourtWindow, courtWindow } from "../court-window.ts";
import { awaitsChange } from "../decision-change.ts";
import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { legalEnd } from "../legal-end.ts";

/** The way to the court: nobody is under way to undo the decision, the party was urged, and the time is right. */
export const courtGuards = {
  not_under_remedy: ({ file }) => {
    const running =
      file.reviews.some((review) => review.outcome === null) ||
      file.litigations.some((suit) => suit.outcome === null);
    if (running || file.overlays.includes("in_review") || file.overlays.includes("in_litigation")) {
      return {
        code: "court.remedy_running",
        article: "xzqz:53",
        messageZh: "行政复议或者行政诉讼尚未结束，不能申请强制执行，请待有结果后再办理。",
        messageEn: "A review or a suit is still running; wait for its outcome.",
      };
    }
    const judged = file.litigations.some(({ outcome }) => outcome !== null && outcome.kind !== "withdrawn");
    if (!judged) return null;
    return {
      code: "court.judged",
      article: "xzss:95",
      messageZh: "法院已作出裁判，应依据生效裁判申请执行，不适用本程序。",
      messageEn: "A court has judged; enforce the judgment instead of applying this way.",
    };
  },

  outcome_carried_out: ({ file }) => {
    if (!awaitsChange(file)) return null;
    return {
      code: "remedy.outcome_open",
      article: "xzfy:77",
      messageZh: "复议决定或者裁判要求变更、撤销处罚决定而尚未办理，不得继续收缴或者执行，请先据此变更决定。",
      messageEn:
        "A review or a court has decided against the decision and nobody has changed it yet: nothing more is collected or enforced until then.",
    };
  },

  urging_over: ({ file, facts }) => {
    const served = file.urging?.servedOn ?? null;
    if (served === null) {
      return {
        code: "urging.not_served",
        article: "xzqz:54",
        messageZh: "履行催告书尚未送达，请先催告并送达。",
        messageEn: "The party has not been served with the urging; serve it first.",
      };
    }
    const due = dueAfter(served, facts.parameters.get("urging.period"), facts.calendar);
    const lastDay = legalEnd(due, facts.calendar);
    if (facts.today > lastDay) return null;
    return {
      code: "urging.running",
      article: "xzqz:54",
      messageZh: `催告期限至${formatDateZh(lastDay)}届满，期满后仍未履行的才能申请强制执行。`,
      messageEn: `The urging runs until ${lastDay}; apply after that day if nothing was done.`,
    };
  },

  court_window_open: ({ file, facts }) => {
    const window = courtWindow(file, facts);
    if (window === null) {
      return {
        code: "court.period_open",
        article: "xzqz:53",
        messageZh: "决定书尚未送达，或者复议、诉讼尚未结束，申请强制执行的期限还没有开始。",
        messageEn:
          "The decision has not been served, or a review or suit is open; the time to apply has not begun.",
      };
    }
    if (facts.today < window.opensOn) return outside("court.too_early", window);
    return facts.today > window.closesOn ? outside("court.too_late", window) : null;
  },

  court_event_fits: ({ file, step, facts }) =>
    step.step === "record_court" ? refuseCourtEvent(file, step, facts) : null,
} as const satisfies Partial<Record<GuardName, Guard>>;

function outside(code: "court.too_early" | "court.too_late", { opensOn, closesOn }: CourtWindow): Refusal {
  const early = code === "court.too_early";
  const span = `${formatDateZh(opensOn)}至${formatDateZh(closesOn)}`;
  return {
    code,
    article: "xzqz:53",
    messageZh: early
      ? `当事人的起诉期限（或者延期、分期缴款期限）尚未届满，应当在${span}之间申请，请届时办理。`
      : `应当在${span}之间申请，现已超过期限，请报告负责人并研究其他处理方式。`,
    messageEn: early
      ? `The party can still sue, or pay in instalments; apply between ${opensOn} and ${closesOn}.`
      : `The application had to be made between ${opensOn} and ${closesOn}; that time is over. Report it to the head of the agency.`,
  };
}

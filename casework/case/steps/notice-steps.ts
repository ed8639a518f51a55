import { daysBetween } from "../../clocks/date.ts";
import { runningClock, shiftClock, startClock } from "../../clocks/due.ts";
import type { DocumentDraft } from "../../documents/document-codes.ts";
import { refused } from "../../refusal.ts";
import type { CaseFile, Hearing } from "../case-file.ts";
import type { Effects } from "../engine.ts";
import { refuseUnexplained } from "../explained-amount.ts";
import { isHearingDue } from "../hearing.ts";
import { actorName } from "../investigators.ts";
import { refuseHeavier } from "../not-heavier.ts";
import { proposedPenalty } from "../proposed-penalty.ts";
import type { StepFacts } from "../step-facts.ts";
import { endPublicNotice } from "./end-public-notice.ts";

/** C10–C12: notice, statement and defence, hearing. */
export const noticeSteps: Effects<
  | "issue_notice"
  | "receive_statement"
  | "review_statement"
  | "waive_window"
  | "request_hearing"
  | "schedule_hearing"
  | "conclude_hearing"
> = {
  issue_notice: (context) => {
    const { file, facts } = context;
    const proposal = proposedPenalty(context);
    if (proposal === null) return refused(notComputed);
    const fault = refuseUnexplained(context) ?? refuseHeavier(context);
    if (fault !== null) return refused(fault);
    const docId = facts.newId("doc");
    const hearingDocId = isHearingDue(proposal, file.party, facts.parameters) ? facts.newId("doc") : null;
    const before = file.notice ?? file.formerNotices.at(-1);
    const drafts: DocumentDraft[] = [
      { docId, code: "D05", fields: { proposal }, ...replacing(before?.docId) },
      ...(hearingDocId === null
        ? []
        : [
            {
              docId: hearingDocId,
              code: "D06",
              fields: { proposal },
              ...replacing(before?.hearingDocId),
            } as const,
          ]),
    ];
    return {
      changes: {
        notice: { docId, hearingDocId, issuedOn: facts.today, proposal, servedOn: null, waiver: null },
        formerNotices: file.notice === null ? file.formerNotices : [...file.formerNotices, file.notice],
        services: endPublicNotice(file.services, file.notice?.docId, facts.today),
      },
      documents: drafts,
    };
  },

  receive_statement: ({ file, step, facts }) => {
    const { about, text, via } = step;
    if (about === "notice" && typeof file.notice?.servedOn !== "string") return refused(nothingToAnswer);
    if (about === "urging" && typeof file.urging?.servedOn !== "string") return refused(nothingToAnswer);
    const statementId = facts.newId("statement");
    const statement = { statementId, receivedOn: facts.today, about, text, via, review: null };
    return {
      changes: { statements: [...file.statements, statement] },
      state: about === "notice" && file.state === "notice_served" ? "statement_review" : file.state,
      why: text,
    };
  },

  review_statement: ({ file, step, actor, facts }) => {
    const { statementId, outcome, reason } = step;
    const statement = file.statements.find((one) => one.statementId === statementId);
    if (statement === undefined) return refused(statementUnknown);
    if (statement.review !== null) return refused(statementReviewedBefore);
    const review = { outcome, reason, by: actorName(actor), on: facts.today };
    const objected = statement.about === "record" && outcome !== "not_adopted" && file.decision === null;
    return {
      changes: {
        statements: file.statements.map((one) => (one === statement ? { ...one, review } : one)),
        // A record that was rightly objected to is taken out within its time (B-11).
        clocks: objected ? [...file.clocks, withdrawalOfRecord(statementId, facts)] : file.clocks,
      },
      documents: [{ docId: facts.newId("doc"), code: "N09", fields: { statementId, outcome, reason } }],
      why: reason,
    };
  },

  waive_window: ({ file, step, actor, facts }) => {
    const { notice } = file;
    if (notice === null || notice.waiver !== null) return refused(waivedBefore);
    const waiver = { on: facts.today, note: step.note, by: actorName(actor) };
    return { changes: { notice: { ...notice, waiver } }, why: step.note };
  },

  request_hearing: ({ file, facts }) => {
    if (file.hearing !== null && file.hearing.outcome?.kind !== "withdrawn") return refused(askedBefore);
    return { changes: { hearing: { requestedOn: facts.today, scheduled: null, outcome: null } } };
  },

  schedule_hearing: ({ file, step, facts }) => {
    const { hearing } = file;
    if (hearing === null || hearing.outcome !== null) return refused(nothingToHear);
    const { on, time, place, hostId } = step;
    const docId = facts.newId("doc");
    return {
      changes: {
        hearing: {
          ...hearing,
          scheduled: { on, time, place, hostId, public: step.public, docId, toldOn: null },
        },
      },
      documents: [
        {
          docId,
          code: "D07",
          fields: { on, time, place, hostId, public: step.public },
          ...replacing(hearing.scheduled?.docId),
        },
      ],
    };
  },

  conclude_hearing: ({ file, step, facts }) => {
    const { hearing } = file;
    if (hearing === null || hearing.outcome !== null) return refused(nothingToHear);
    const { outcome: kind, report } = step;
    if (kind !== "withdrawn" && (hearing.scheduled === null || facts.today < hearing.scheduled.on))
      return refused(notYetHeard);
    return {
      changes: {
        hearing: { ...hearing, outcome: { kind, on: facts.today, report } },
        ...withoutHearingTime(file, hearing, facts),
      },
      documents: [{ docId: facts.newId("doc"), code: "N10", fields: { outcome: kind, report } }],
      why: report,
    };
  },
};

function replacing(docId: string | null | undefined): { replaces?: string } {
  return typeof docId === "string" ? { replaces: docId } : {};
}

/** Whether the days of a hearing count towards the 90 is open: they count until somebody has confirmed that they do not. */
function withoutHearingTime(file: CaseFile, hearing: Hearing, facts: StepFacts): Partial<CaseFile> {
  const { parameters, today, calendar } = facts;
  const running = runningClock(file.clocks, "decision");
  const days = daysBetween(hearing.requestedOn, today);
  const excluded =
    parameters.get("decision.excludeHearingTime") && parameters.isConfirmed("decision.excludeHearingTime");
  if (!excluded || running === undefined || days === 0) return {};
  return {
    pauses: [...file.pauses, { from: hearing.requestedOn, to: today, reason: "听证" }],
    clocks: file.clocks.map((clock) => (clock === running ? shiftClock(clock, days, calendar) : clock)),
  };
}

function withdrawalOfRecord(subject: string, { today, calendar, parameters }: StepFacts) {
  return startClock(
    {
      ...{ kind: "record_withdrawal", subject, startedOn: today, duty: "agency" },
      period: parameters.get("record.withdraw"),
      basis: "record.withdraw",
    },
    calendar,
  );
}

const notComputed = {
  code: "notice.nothing_computed",
  article: "xzcf:44",
  messageZh: "尚未进行裁量计算，没有可以告知的处罚内容，请先办理调查终结。",
  messageEn:
    "No penalty has been computed, so there is nothing to give notice of; conclude the investigation first.",
};

const nothingToAnswer = {
  code: "statement.nothing_to_answer",
  messageZh: "相应文书尚未送达，当事人的意见请按“对记录的意见”登记。",
  messageEn: "That document has not been served yet; record what the party says as being about the record.",
};

const statementUnknown = {
  code: "statement.unknown",
  messageZh: "案卷中没有这条陈述申辩，请刷新后重试。",
  messageEn: "The case has no such statement; reload and try again.",
};

const statementReviewedBefore = {
  code: "statement.reviewed_before",
  messageZh: "这条陈述申辩已经复核，复核意见不能更改。",
  messageEn: "This statement has been reviewed; the review stands.",
};

const waivedBefore = {
  code: "notice.waived_before",
  messageZh: "当事人放弃陈述申辩和听证已经记录，无需重复登记。",
  messageEn: "The waiver is on file already.",
};

const askedBefore = {
  code: "hearing.asked_before",
  article: "xzcf:64",
  messageZh: "当事人的听证申请已经登记，请安排听证。",
  messageEn: "The request for a hearing is on file already; set its date.",
};

const nothingToHear = {
  code: "hearing.not_requested",
  article: "xzcf:64(1)",
  messageZh: "没有待办的听证申请，请先登记当事人的申请。",
  messageEn: "No request for a hearing is open; record the party's request first.",
};

const notYetHeard = {
  code: "hearing.not_yet_held",
  messageZh: "听证尚未到通知的日期，请在听证当日或以后登记结果；当事人撤回申请的，登记为撤回。",
  messageEn:
    "The day of the hearing has not come; record its outcome on that day or later, or that it was withdrawn.",
};

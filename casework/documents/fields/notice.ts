import { sentence } from "../format-zh.ts";
import { formatDateZh, nameOf, numberOf, type OfCase } from "../source.ts";
import type { FieldValues } from "../template.ts";

const VIA = { portal: "网上提交", window: "窗口提交", letter: "书面寄送", oral: "口头提出" } as const;
const OUTCOMES = { adopted: "采纳", partly_adopted: "部分采纳", not_adopted: "不予采纳" } as const;
const HEARING_OUTCOMES = {
  held: "听证如期举行",
  no_show: "当事人无正当理由拒不出席，视为放弃听证权利",
  withdrawn: "当事人撤回听证申请",
} as const;

/** 告知、陈述申辩、听证 */
export function noticeFields(source: OfCase): FieldValues {
  const { file } = source;
  const { notice } = file;
  return {
    noticeNumber: numberOf(file, notice?.docId),
    noticeServedOn: notice?.servedOn ?? null,
    noticeFacts: noticeFacts(source),
    hearingRight: notice?.hearingDocId === null || notice === null ? null : "有权要求听证",
    waiver: notice?.waiver?.note,
    statementFacts: statementFacts(source),
    hearingFacts: hearingFacts(source),
    ...statementFields(source),
    ...hearingFields(source),
  };
}

function noticeFacts({ file }: OfCase): string | null {
  const { notice } = file;
  if (notice === null || notice.servedOn === null) return null;
  const number = numberOf(file, notice.docId);
  return `本机关于${formatDateZh(notice.servedOn)}向当事人送达《行政处罚事先告知书》${number === null ? "" : `（${number}）`}，告知拟作出行政处罚的内容及事实、理由、依据，以及依法享有的陈述、申辩${notice.hearingDocId === null ? "" : "和要求听证"}的权利。`;
}

function statementFacts({ file }: OfCase): string | null {
  const about = file.statements.filter((statement) => statement.about === "notice");
  if (about.length === 0) {
    if (file.notice?.waiver != null)
      return `当事人于${formatDateZh(file.notice.waiver.on)}明确表示放弃陈述、申辩和听证的权利。`;
    return file.notice?.servedOn == null ? null : "当事人在规定期限内未提出陈述、申辩意见。";
  }
  return about
    .map(({ receivedOn, text, review }) => {
      const answer =
        review === null
          ? ""
          : `经复核，本机关对该意见${OUTCOMES[review.outcome]}，理由：${sentence(review.reason)}`;
      return `当事人于${formatDateZh(receivedOn)}提出陈述、申辩：${sentence(text)}${answer}`;
    })
    .join("\n");
}

function hearingFacts({ file: { hearing } }: OfCase): string | null {
  if (hearing?.outcome == null) return null;
  return `当事人于${formatDateZh(hearing.requestedOn)}要求听证，${formatDateZh(hearing.outcome.on)}${HEARING_OUTCOMES[hearing.outcome.kind]}。`;
}

function statementFields(source: OfCase): FieldValues {
  const { file, draft } = source;
  const wanted = draft.fields.statementId;
  const statement =
    file.statements.find(({ statementId }) => statementId === wanted) ??
    file.statements.filter(({ review }) => review !== null).at(-1) ??
    file.statements.at(-1);
  if (statement === undefined) return {};
  const { review } = statement;
  return {
    statementText: statement.text,
    statementReceivedOn: statement.receivedOn,
    statementVia: VIA[statement.via],
    statementOutcome: review === null ? null : OUTCOMES[review.outcome],
    statementReason: review?.reason ?? null,
    statementReviewer: nameOf(source, review?.by),
    statementReviewedOn: review?.on ?? null,
  };
}

function hearingFields(source: OfCase): FieldValues {
  const { hearing } = source.file;
  if (hearing === null) return {};
  const { scheduled, outcome } = hearing;
  return {
    hearingRequestedOn: hearing.requestedOn,
    hearingOn: scheduled?.on,
    hearingTime: scheduled?.time,
    hearingPlace: scheduled?.place,
    hearingHost: nameOf(source, scheduled?.hostId),
    hearingPublic: scheduled === null ? null : scheduled.public ? "公开举行" : "不公开举行",
    hearingOutcome: outcome === null ? null : HEARING_OUTCOMES[outcome.kind],
    hearingReport: outcome?.report,
  };
}

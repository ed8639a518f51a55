import { documentCodes } from "../document-codes.ts";
import { periodZh, sentence } from "../format-zh.ts";
import {
  caseStates,
  documentsSoFar,
  formatDateZh,
  isDismissed,
  nameOf,
  type OfCase,
  type ParameterKey,
} from "../source.ts";
import type { FieldValues } from "../template.ts";

/** 立案、审核、讨论、审批、结案、归档、公示: who said what, and when. */
export function approvalFields(source: OfCase): FieldValues {
  const { file } = source;
  const review = file.legalReviews.at(-1);
  const discussion = file.discussions.at(-1);
  return {
    ...filingFields(source),
    reviewSubmittedOn: review?.submittedOn,
    reviewer: nameOf(source, review?.reviewer),
    reviewOpinion: review?.opinion == null ? null : review.opinion === "agree" ? "同意" : "退回补充",
    reviewNote: review?.note,
    reviewOn: review?.on,
    discussionOn: discussion?.on,
    discussionMembers: discussion?.members.map((member) => nameOf(source, member) ?? member),
    discussionConclusion:
      discussion?.conclusion == null ? null : discussion.conclusion === "agree" ? "同意" : "不同意",
    discussionNote: discussion?.note,
    proposalBy: nameOf(source, file.decisionProposal?.submittedBy),
    proposalOn: file.decisionProposal?.submittedOn,
    proposalEndorsedBy: nameOf(source, file.decisionProposal?.endorsedBy),
    decidedBy: nameOf(source, file.decision?.by),
    ...extensionFields(source),
    exitKind: file.exit === null ? null : caseStates[file.exit.kind],
    dismissed: isDismissed(file) ? "是" : null,
    exitReason: sentence(file.exit?.reason ?? ""),
    exitOn: file.exit?.on,
    exitBy: nameOf(source, file.exit?.by),
    closingRequestedBy: nameOf(source, file.closing?.requestedBy),
    closingEndorsedBy: nameOf(source, file.closing?.endorsedBy),
    closedBy: nameOf(source, file.closing?.closedBy),
    closedOn: file.closing?.closedOn,
    archivedBy: nameOf(source, file.archive?.by),
    archivedOn: file.archive?.on,
    publicationDecision:
      file.publication === null ? null : file.publication.publish ? "同意公示" : "不予公示",
    publicationReason: file.publication?.reason,
    publicationBy: nameOf(source, file.publication?.by),
    publicationOn: file.publication?.on,
    documentRows: documentRows(source),
  };
}

function filingFields(source: OfCase): FieldValues {
  const { filing } = source.file;
  return {
    filingSubmittedBy: nameOf(source, filing?.submittedBy),
    filingSubmittedOn: filing?.submittedOn,
    filingEndorsedBy: nameOf(source, filing?.endorsedBy),
    filedBy: nameOf(source, filing?.filedBy),
    filedOn: filing?.filedOn,
  };
}

const EXTENSION_PERIODS = {
  decision: "decision.extension",
  decision_after_discussion: "decision.extensionAfterDiscussion",
  clue: "clue.verifyExtension",
} as const satisfies Record<string, ParameterKey>;

function extensionFields(source: OfCase): FieldValues {
  const extension = source.file.extensions.at(-1);
  if (extension === undefined) return {};
  const kind = extension.period === "clue" ? "clue_verification" : "decision";
  const due = source.file.clocks.find((clock) => clock.kind === kind);
  return {
    extensionOf: extension.period === "clue" ? "线索核查期限" : "办案期限",
    extensionPeriod: periodZh(source.parameters.get(EXTENSION_PERIODS[extension.period])),
    extensionReason: extension.reason,
    extensionBy: nameOf(source, extension.by),
    extensionOn: extension.on,
    extendedTo: due?.legalDue ?? due?.strictDue,
  };
}

/** 卷内目录: everything issued, in order, without the cover itself. */
function documentRows(source: OfCase): string[][] {
  return documentsSoFar(source).map(({ code, number, issuedOn }, index) => [
    String(index + 1),
    documentCodes[code].zh,
    number ?? "",
    formatDateZh(issuedOn),
    "",
  ]);
}

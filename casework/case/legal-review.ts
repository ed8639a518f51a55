import type { DocumentCode } from "../documents/document-codes.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * When no decision may be made without legal review (行政处罚法 58). That a case is difficult or touches several legal
 * relations, a person sees: who submits it for that reason is bound by the opinion as well.
 */
export const legalReviewGrounds = {
  public_interest: "涉及重大公共利益",
  heard: "直接关系当事人重大权益，经过听证程序",
  local_list: "属于本地重大执法决定法制审核目录",
} as const;

export type LegalReviewGround = keyof typeof legalReviewGrounds;

/** Empty: legal review is open to this case, not required. */
export function legalReviewDue(file: CaseFile, facts: StepFacts): LegalReviewGround[] {
  const list = facts.parameters.get("legalReview.localList");
  const holds: Record<LegalReviewGround, boolean> = {
    public_interest: file.act.seriousHarm || file.findings?.harm === "serious",
    heard: file.hearing?.outcome?.kind === "held",
    local_list: [facts.matter.key, facts.matter.matterCode].some(
      (name) => name !== null && list.includes(name),
    ),
  };
  return (Object.keys(holds) as LegalReviewGround[]).filter((ground) => holds[ground]);
}

/**
 * Why the case cannot go on for want of a passed review; null when it can. A review that was asked for binds even where
 * none was required; one of a notice that has been replaced is worth nothing.
 */
export function refuseUnreviewed(file: CaseFile, facts: StepFacts): Refusal | null {
  const latest = file.legalReviews.at(-1);
  const grounds = legalReviewDue(file, facts);
  if (latest === undefined && grounds.length === 0) return null;
  if (latest?.opinion === "agree" && isIssuedSinceNotice(file, "N11")) return null;
  const why = grounds.map((ground) => legalReviewGrounds[ground]).join("；");
  return {
    code: "legal_review.not_passed",
    article: "xzcf:58",
    messageZh: `${why === "" ? "本案已提请法制审核" : `本案${why}`}，未经法制审核或者审核未通过不得作出决定，请先完成法制审核。`,
    messageEn:
      grounds.length === 0
        ? "The case was submitted for legal review and has not passed it since its notice; nothing is decided before."
        : `Legal review is required (${grounds.join(", ")}) and has not been passed since the notice; nothing is decided before.`,
  };
}

/** Documents stand in the order of their issue; dates alone could not tell two of one day apart. */
export function isIssuedSinceNotice(file: CaseFile, code: DocumentCode): boolean {
  const notice = file.documents.findIndex(({ docId }) => docId === file.notice?.docId);
  return notice !== -1 && file.documents.findLastIndex((document) => document.code === code) > notice;
}

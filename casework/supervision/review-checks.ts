import type { CaseFile, Decision } from "../case/case-file.ts";
import { everHandled } from "../case/handling.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** Legal review (法制审核). */
export const reviewChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP04",
      zh: "应当法制审核未审核、未通过或者由承办人员审核",
      en: "legal review missing, failed or by a handler",
      basis: ["xzcf:58"],
    },
    (file, facts) => [
      file.decision?.simplified === false ? unreviewed(file, file.decision, facts) : null,
      ...reviewedByHandler(file),
    ],
  ),
];

/** Why there had to be a review; empty: it was open to the case. */
function grounds({ act, findings, hearing }: CaseFile, { parameters, matter }: SupervisionFacts): string[] {
  const list = parameters.get("legalReview.localList");
  const holds = {
    public_interest: act.seriousHarm || findings?.harm === "serious",
    heard: hearing?.outcome?.kind === "held",
    local_list: list.includes(matter.key) || (matter.matterCode !== null && list.includes(matter.matterCode)),
  };
  return Object.entries(holds).flatMap(([ground, is]) => (is ? [ground] : []));
}

/** A review that was asked for binds also where none was required. */
function unreviewed(file: CaseFile, decision: Decision, facts: SupervisionFacts): Found | null {
  const why = grounds(file, facts);
  const latest = file.legalReviews.findLast(({ submittedOn }) => submittedOn <= decision.on);
  if (latest === undefined && why.length === 0) return null;
  const passed =
    latest?.opinion === "agree" &&
    latest.on !== null &&
    latest.on <= decision.on &&
    // What was agreed to about a notice that has been replaced says nothing about this one.
    latest.on >= (file.notice?.issuedOn ?? "");
  if (passed) return null;
  return {
    key: `decision:${decision.docId}`,
    zh: latest === undefined ? "应当进行法制审核，没有审核即作出决定。" : "法制审核没有通过，即作出决定。",
    en:
      latest === undefined
        ? "Decided without the legal review that was due."
        : "Decided though the legal review had not passed.",
    evidence: {
      grounds: why,
      opinion: latest?.opinion ?? null,
      reviewedOn: latest?.on ?? null,
      decidedOn: decision.on,
    },
  };
}

function reviewedByHandler(file: CaseFile): Found[] {
  const handled = everHandled(file);
  const reviewers = new Set(
    file.legalReviews.flatMap(({ reviewer }) => (reviewer === null ? [] : [reviewer])),
  );
  return [...reviewers]
    .filter((userId) => handled.has(userId))
    .map((userId) => ({
      key: `reviewer:${userId}`,
      zh: "法制审核由本案承办人员进行。",
      en: "The legal review was made by somebody who handled the case.",
      evidence: { userId },
    }));
}

import type { Penalty } from "../discretion/penalty.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { everHandled, recused } from "./handling.ts";
import { isHearingDue } from "./hearing.ts";
import { isRecused } from "./investigators.ts";
import { isIssuedSinceNotice } from "./legal-review.ts";
import type { StepFacts } from "./step-facts.ts";

/** 行政处罚法 57(2): what is serious, the leaders decide together. */
export function isDiscussionDue(file: CaseFile, penalty: Penalty, facts: StepFacts): boolean {
  return file.computation?.tier === "heavy" || isHearingDue(penalty, file.party, facts.parameters);
}

/** The latest discussion agreed, about the notice that stands now. */
export function isDiscussionAgreed(file: CaseFile): boolean {
  return file.discussions.at(-1)?.conclusion === "agree" && isIssuedSinceNotice(file, "N12");
}

/** 集体: fewer are not a collective. */
const SMALLEST_DISCUSSION = 2;

/** 行政处罚法 57(2): leaders of the agency, more than one, none of whom investigated. */
export function refuseMembers(file: CaseFile, members: readonly string[], facts: StepFacts): Refusal | null {
  const distinct = [...new Set(members)];
  const isLeader = (member: string) => facts.person(member)?.roles.includes("agency_leader") === true;
  if (distinct.length < SMALLEST_DISCUSSION || !distinct.every(isLeader)) {
    return {
      code: "discussion.members",
      article: "xzcf:57(2)",
      messageZh: `集体讨论须由至少${SMALLEST_DISCUSSION}名行政机关负责人参加，请核对参加人员。`,
      messageEn: `At least ${SMALLEST_DISCUSSION} leaders of the agency discuss, and nobody else is a member; check who took part.`,
    };
  }
  const gone = distinct.find((member) => isRecused(file, member));
  if (gone !== undefined) return recused(facts.person(gone)?.displayName ?? gone);
  const own = everHandled(file);
  if (!distinct.some((member) => own.has(member))) return null;
  return {
    code: "discussion.member_investigated",
    article: "xzcf:57(2)",
    messageZh: "本案调查人员不得作为集体讨论成员表决，请更换参加人员。",
    messageEn: "Whoever investigated the case is no member of its discussion; name somebody else.",
  };
}

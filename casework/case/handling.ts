import type { Refusal } from "../refusal.ts";
import { holdsPermission } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";
import type { StepContext } from "./engine.ts";
import { investigators } from "./investigators.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * Who stands behind a step: those it names (`assign_officers`, `serve`), otherwise the officers of the case. What the system
 * sends goes out for them, whoever it names.
 */
export function officersOf({ file, step, actor }: StepContext): readonly string[] {
  if (step.step === "assign_officers") return step.officers;
  return step.step === "serve" && actor.kind === "user" ? step.officers : file.handlers;
}

/** Holds the right to handle cases today; auxiliaries, strangers and whoever left do not. */
export function isOfficer(userId: string, facts: StepFacts): boolean {
  return holdsPermission(facts.person(userId)?.roles ?? [], "case.handle");
}

/**
 * Everyone who has had a hand in handling the case, also those who were replaced: whoever handled it once never approves it.
 */
export function everHandled(file: CaseFile): ReadonlySet<string> {
  const people = [
    ...file.handledBy,
    ...investigators(file),
    file.openedBy,
    ...file.evidence.map(({ verified }) => verified?.by),
    ...file.services.flatMap(({ officers }) => officers),
    file.closing?.requestedBy,
  ];
  return new Set(people.filter((someone) => typeof someone === "string"));
}

/** Everyone who has approved, reviewed, discussed or heard this case: none of them handles it later. */
export function everApproved(file: CaseFile): ReadonlySet<string> {
  const people = [
    ...file.judgedBy,
    file.filing?.endorsedBy,
    file.filing?.filedBy,
    ...file.legalReviews.map(({ reviewer }) => reviewer),
    file.hearing?.scheduled?.hostId,
    ...file.discussions.flatMap(({ members }) => members),
    file.decisionProposal?.endorsedBy,
    // On the spot the officers themselves decide.
    file.decision?.simplified === false ? file.decision.by : null,
    file.payment?.deferral?.approvedBy,
    file.closing?.endorsedBy,
    file.closing?.closedBy,
  ];
  return new Set(people.filter((someone) => typeof someone === "string"));
}

export function isHostOrReviewer(file: CaseFile, userId: string): boolean {
  return (
    file.hearing?.scheduled?.hostId === userId ||
    file.legalReviews.some(({ reviewer }) => reviewer === userId)
  );
}

/** The first thing that stands in the way. */
export function firstOf(...checks: readonly (Refusal | null)[]): Refusal | null {
  return checks.find((check) => check !== null) ?? null;
}

/** Null when none of these people has judged the case before; otherwise none of them handles it now. */
export function refuseJudges(file: CaseFile, officers: readonly string[]): Refusal | null {
  const judges = everApproved(file);
  return officers.some((userId) => judges.has(userId)) ? judgedBefore : null;
}

const judgedBefore: Refusal = {
  code: "duty.approver_handles",
  article: "xzcf:42",
  messageZh: "审批、法制审核、主持听证或者参加集体讨论过本案的人员不得再承办本案，请另行指派。",
  messageEn:
    "Whoever approved, reviewed, heard or discussed this case cannot handle it; assign somebody else.",
};

export function recused(name: string): Refusal {
  return {
    code: "duty.recused",
    article: "xzcf:43",
    messageZh: `已决定${name}回避，请另行指派人员。`,
    messageEn: `${name} has been recused from this case; assign somebody else.`,
  };
}

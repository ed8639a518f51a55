import type { Penalty, PenaltyKind } from "../discretion/penalty.ts";
import type { ParameterKey, Parameters } from "../parameters.ts";
import type { Refusal } from "../refusal.ts";
import { dutyClashes } from "../roles.ts";
import type { CaseFile, Party } from "./case-file.ts";
import { everHandled } from "./handling.ts";
import { isRecused } from "./investigators.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * Kinds that give a right to a hearing whatever they are worth (行政处罚法 63). Confiscation counts only when it is large;
 * no figure for that is known, so every one counts: nobody loses the right.
 */
const HEARD_KINDS: readonly PenaltyKind[] = [
  "confiscation",
  "licence_suspension",
  "licence_revocation",
  "closure",
];

/** Which fine is a large one: a small trader (个体工商户), or somebody not known yet, has the person's lower threshold. */
export function hearingThresholdKey(
  party: Party | null,
): Extract<ParameterKey, `hearing.threshold.${string}`> {
  const isUnit = party?.kind === "legal_person" || party?.kind === "organisation";
  return isUnit ? "hearing.threshold.unit" : "hearing.threshold.person";
}

/** The party has a right to a hearing about this penalty (行政处罚法 63). A fine of exactly the threshold gives it. */
export function isHearingDue(penalty: Penalty, party: Party | null, parameters: Parameters): boolean {
  if (penalty.kinds.some((kind) => HEARD_KINDS.includes(kind))) return true;
  return penalty.fineFen >= parameters.get(hearingThresholdKey(party));
}

/** Why this person cannot host the hearing (行政处罚法 64(4)); null when they can. */
export function refuseHost(file: CaseFile, hostId: string, facts: StepFacts): Refusal | null {
  if (facts.person(hostId)?.roles.includes("hearing_host") !== true) {
    return {
      code: "hearing.host_not_appointed",
      article: "xzcf:64(4)",
      messageZh: "该人员不是本机关指定的听证主持人，请另行指定。",
      messageEn: "This person has not been named a hearing host by the agency; name somebody who has.",
    };
  }
  if (isRecused(file, hostId)) {
    return {
      code: "hearing.host_recused",
      article: "xzcf:64(4)",
      messageZh: "该主持人已被决定回避，请另行指定听证主持人。",
      messageEn: "This host has been recused; name another.",
    };
  }
  const reviewers = file.legalReviews.map(({ reviewer }) => reviewer).filter((reviewer) => reviewer !== null);
  const [clash] = dutyClashes({ handlers: [...everHandled(file), ...reviewers], hearingHost: hostId });
  return clash ?? null;
}

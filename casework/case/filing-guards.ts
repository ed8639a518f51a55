import { type EpochMs, lastDateAfterYears, localDate } from "../local-time.ts";
import { isFilled, type Refusal } from "../refusal.ts";
import { type Actor, dutyClashes, holdsPermission, type RoleId } from "../roles.ts";
import type { CaseState } from "./case-states.ts";

/** What a camera's records may be used for: only a clue, evidence beside other evidence, or evidence alone. */
export const useAuthorities = {
  lead_only: "仅作线索",
  corroborative: "印证使用",
  sole_evidence: "可单独作为证据",
} as const;

export type UseAuthority = keyof typeof useAuthorities;

/** Years after the act in which a penalty is still possible; the longer period for serious harm comes with its facts. */
const LIMITATION_YEARS = 2;

export interface Handler {
  readonly userId: string;
  readonly roles: readonly RoleId[];
}

/** What of a case decides whether it may move. */
export interface CaseFacts {
  readonly state: CaseState;
  readonly handlers: readonly Handler[];
  readonly endorsedBy: string | null;
  /** End of the act, or the last time it was seen to go on. */
  readonly actEndedAt: EpochMs;
  /** The camera record behind the clue; null when the clue came another way. */
  readonly cameraRecord: {
    /** A person answered the four tests with yes. */
    readonly confirmed: boolean;
    /** What the camera's records might be used for on the day of the act. */
    readonly useAuthority: UseAuthority;
  } | null;
  /** What an officer found and wrote down themselves. */
  readonly officerRecord: string | null;
}

/** The first thing that stands in the way of filing, or null. */
export function firstFilingFault(facts: CaseFacts, now: EpochMs): Refusal | null {
  return filingFaults(facts, now)[0] ?? null;
}

/** Everything that stands in the way of filing now (C03, as far as the data can tell). */
export function filingFaults(facts: CaseFacts, now: EpochMs): Refusal[] {
  return [twoOfficers(facts), confirmedRecord(facts), ownRecord(facts), inTime(facts, now)].filter(
    (fault) => fault !== null,
  );
}

function twoOfficers(facts: CaseFacts): Refusal | null {
  const able = facts.handlers.filter((handler) => holdsPermission(handler.roles, "case.submit_filing"));
  const people = new Set(able.map((handler) => handler.userId));
  if (able.length === facts.handlers.length && people.size >= 2) return null;
  return {
    code: "filing.two_officers_required",
    article: "xzcf:42",
    messageZh: "每案须有两名以上执法人员承办，协管人员等不得作为承办人员。",
    messageEn: "At least two officers handle every case, and only officers.",
  };
}

function confirmedRecord({ cameraRecord }: CaseFacts): Refusal | null {
  if (cameraRecord === null || cameraRecord.confirmed) return null;
  return {
    code: "filing.record_not_confirmed",
    article: "xzcf:41(2)",
    messageZh: "监控记录未经审核或者经审核不符合要求的，不得作为证据。",
    messageEn: "A record nobody has confirmed, or that failed its review, is no evidence.",
  };
}

function ownRecord({ cameraRecord, officerRecord }: CaseFacts): Refusal | null {
  if (isFilled(officerRecord)) return null;
  if (cameraRecord !== null && cameraRecord.useAuthority !== "lead_only") return null;
  return {
    code: "filing.officer_record_required",
    article: "xzcf:41(1)",
    messageZh: "该监控设备的记录仅作线索，立案须有执法人员自行制作的初步证据（如现场检查笔录）。",
    messageEn:
      "This camera's records are only a lead: filing needs a record an officer made, such as an on-site inspection.",
  };
}

function inTime({ actEndedAt }: CaseFacts, now: EpochMs): Refusal | null {
  if (localDate(now) <= lastDateAfterYears(actEndedAt, LIMITATION_YEARS)) return null;
  return {
    code: "filing.time_barred",
    article: "xzcf:36",
    messageZh: "违法行为在二年内未被发现的，不再给予行政处罚。",
    messageEn: "More than two years have passed since the act ended: no penalty can be imposed any more.",
  };
}

/** Null when this person's approval counts beside those already given. */
export function refuseApprover(facts: CaseFacts, actor: Actor): Refusal | null {
  if (actor.kind !== "user") return null;
  const approvers = [...(facts.endorsedBy === null ? [] : [facts.endorsedBy]), actor.userId];
  const handlers = facts.handlers.map((handler) => handler.userId);
  return dutyClashes({ handlers, approvers })[0] ?? null;
}

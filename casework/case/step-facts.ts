import type { LocalDate, WorkCalendar } from "../clocks/clock.ts";
import type { Benchmark } from "../discretion/benchmark.ts";
import type { DecidedCase } from "../discretion/like-cases.ts";
import type { PenaltyBasis } from "../discretion/penalty.ts";
import type { DocumentDraft } from "../documents/document-codes.ts";
import type { IncidentState } from "../incident/incident-lifecycle.ts";
import type { EpochMs } from "../local-time.ts";
import type { Parameters } from "../parameters.ts";
import type { Refusal, Refused } from "../refusal.ts";
import type { RoleId } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";

/** What a camera's records may be used for: only a clue, evidence beside other evidence, or evidence alone. */
export const useAuthorities = {
  lead_only: "仅作线索",
  corroborative: "印证使用",
  sole_evidence: "可单独作为证据",
} as const;
export type UseAuthority = keyof typeof useAuthorities;

/** Somebody named in a case, as they are today. */
export interface PersonFacts {
  readonly userId: string;
  readonly displayName: string;
  /** Empty for somebody who is disabled or has no power over the place. */
  readonly roles: readonly RoleId[];
  /** 执法证 */
  readonly certificate: {
    readonly no: string;
    readonly validFrom: LocalDate;
    readonly validTo: LocalDate;
  } | null;
  /** 国家统一法律职业资格 */
  readonly legalQualification: boolean;
}

/** A camera record and its camera on the day of the capture (B-01 … B-06, B-20). */
export interface CameraRecord {
  readonly incidentId: string;
  readonly cameraId: string;
  readonly capturedOn: LocalDate;
  /** Where and what it shows, and what became of it since. */
  readonly region: string;
  readonly violation: string;
  readonly state: IncidentState;
  /** Cases it stands as evidence in. */
  readonly caseIds: readonly string[];
  /** A certified person answered the four tests with yes. */
  readonly confirmed: boolean;
  /** Who confirmed it. */
  readonly reviewer: string | null;
  readonly useAuthority: UseAuthority;
  /** What was wrong with the camera that day, by rule: `B-01`, `B-03` … Empty: usable. */
  readonly faults: readonly { readonly rule: string; readonly zh: string; readonly en: string }[];
}

/** Another case that decided about the same party and matter, or let it off (行政处罚法 29). */
export interface EarlierDecision {
  readonly caseId: string;
  readonly decidedOn: LocalDate;
  /** As it stands after every change; 0 for a warning, or where it was let off. */
  readonly fineFen: number;
  /** 不予处罚: no penalty, and none later for the same act. */
  readonly letOff: boolean;
  readonly incidentIds: readonly string[];
  readonly place: string;
  readonly actStartedAt: EpochMs;
  readonly actEndedAt: EpochMs;
}

/** The catalogue's matter with the bases and benchmarks in force on the day of the act. */
export interface MatterFacts {
  readonly key: string;
  readonly zh: string;
  readonly en: string;
  readonly matterCode: string | null;
  readonly minorFirst: boolean;
  readonly penaltyPossible: boolean;
  readonly bases: readonly PenaltyBasis[];
  readonly benchmarks: readonly Benchmark[];
}

export interface AgencyFacts {
  readonly agency: string;
  readonly region: string;
  readonly zh: string;
  /** Start of its document numbers: `川建（城）`. */
  readonly numberPrefix: string;
  readonly address: string;
  readonly phone: string;
  /** 行政复议机关 */
  readonly reviewBody: string;
  /** 管辖的人民法院 */
  readonly court: string;
  readonly payee: string;
  /** Matters it has been given power over (行政处罚法 17–18, 24); empty: none. */
  readonly powers: readonly string[];
}

/** Everything of the world that a step is judged by. */
export interface StepFacts {
  readonly now: EpochMs;
  readonly today: LocalDate;
  readonly calendar: WorkCalendar;
  readonly parameters: Parameters;
  readonly agency: AgencyFacts;
  readonly matter: MatterFacts;
  readonly person: (userId: string) => PersonFacts | undefined;
  readonly record: (incidentId: string) => CameraRecord | undefined;
  readonly earlierDecisions: readonly EarlierDecision[];
  /** Decided cases of the same matter and city in the twelve months before today, other than this one. */
  readonly likeCases: readonly DecidedCase[];
  readonly openSupervisionItems: number;
  /** Every file of the case verified whole just now; null: nobody has looked. */
  readonly filesVerified: boolean | null;
  readonly newId: (prefix: string) => string;
}

export type StepResult =
  | {
      readonly ok: true;
      readonly file: CaseFile;
      readonly documents: readonly DocumentDraft[];
      readonly why: string | null;
    }
  | (Refused & {
      /** Whatever else stands in the way. */
      readonly also?: readonly Refusal[];
    });

import type { CaseClock, LocalDate } from "../clocks/clock.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import type { Computation, Penalty } from "../discretion/penalty.ts";
import type { DocumentCode } from "../documents/document-codes.ts";
import type { EpochMs } from "../local-time.ts";
import type { Fen } from "../money.ts";
import type { CaseState } from "./case-states.ts";

/** 案件来源 */
export const caseSources = {
  video: "视频监控",
  patrol: "巡查发现",
  complaint: "投诉举报",
  transfer: "移送",
  upper_level: "上级交办",
} as const;
export type CaseSource = keyof typeof caseSources;

/** Flags that may hold beside a state. */
export const overlays = {
  suspended: "中止",
  in_review: "复议中",
  in_litigation: "诉讼中",
  deferred_payment: "暂缓（分期）缴纳",
  supervised: "被督办",
  decision_changed: "决定已变更",
} as const;
export type Overlay = keyof typeof overlays;

export const partyKinds = {
  person: "自然人",
  individual_business: "个体工商户",
  legal_person: "法人",
  organisation: "非法人组织",
} as const;
export type PartyKind = keyof typeof partyKinds;

/** 当事人. */
export interface Party {
  readonly kind: PartyKind;
  readonly name: string;
  readonly idNo: string | null;
  readonly unifiedCode: string | null;
  readonly legalRepresentative: string | null;
  readonly birthDate: LocalDate | null;
  readonly address: string | null;
  readonly phone: string | null;
  readonly plate: string | null;
}

export const evidenceKinds = {
  camera_record: "电子技术监控记录",
  inspection_record: "现场检查（勘验）笔录",
  interview_record: "询问笔录",
  party_statement: "当事人陈述",
  witness: "证人证言",
  document: "书证",
  object: "物证",
  expert_opinion: "鉴定意见",
  photo: "执法人员拍摄的照片、视频",
} as const;
export type EvidenceKind = keyof typeof evidenceKinds;

/** Whom evidence comes from: what the party brings itself never makes its penalty heavier (行政处罚法 45). */
export const evidenceSources = {
  agency: "执法人员收集",
  party: "当事人提供",
  other: "其他单位或者个人提供",
} as const;
export type EvidenceSource = keyof typeof evidenceSources;

export interface CaseEvidence {
  readonly evidenceId: string;
  readonly kind: EvidenceKind;
  readonly title: string;
  readonly addedOn: LocalDate;
  readonly addedBy: string | null;
  readonly from: EvidenceSource;
  /** For a camera record: the incident whose bundle it is. */
  readonly incidentId: string | null;
  /** sha256 of the bundle's manifest or of the file. */
  readonly sha256: string | null;
  /** 查证属实: a person checked it. */
  readonly verified: { readonly by: string; readonly on: LocalDate; readonly note: string } | null;
  /** Taken out of the case: failed, objected to, illegally gained. */
  readonly withdrawn: { readonly on: LocalDate; readonly reason: string } | null;
}

export interface Recusal {
  readonly recusalId: string;
  readonly personId: string;
  readonly reason: string;
  readonly askedOn: LocalDate;
  readonly decision: { readonly granted: boolean; readonly by: string; readonly on: LocalDate } | null;
}

/** 先行登记保存 */
export interface Preservation {
  readonly preservationId: string;
  readonly docId: string;
  readonly items: readonly string[];
  readonly reason: string;
  readonly on: LocalDate;
  readonly resolved: { readonly on: LocalDate; readonly outcome: string } | null;
}

/** 责令改正 */
export interface CorrectionOrder {
  readonly orderId: string;
  readonly docId: string;
  readonly what: string;
  readonly dueOn: LocalDate;
  readonly servedOn: LocalDate | null;
  readonly recheck: { readonly on: LocalDate; readonly corrected: boolean; readonly note: string } | null;
}

/** 陈述申辩 */
export interface Statement {
  readonly statementId: string;
  readonly receivedOn: LocalDate;
  readonly about: "notice" | "urging" | "record";
  readonly text: string;
  readonly via: "portal" | "window" | "letter" | "oral";
  readonly review: {
    readonly outcome: "adopted" | "partly_adopted" | "not_adopted";
    readonly reason: string;
    readonly by: string;
    readonly on: LocalDate;
  } | null;
}

/** 事先告知. A new one replaces the old when the investigation was opened again. */
export interface Notice {
  readonly docId: string;
  readonly hearingDocId: string | null;
  readonly issuedOn: LocalDate;
  readonly proposal: Penalty;
  readonly servedOn: LocalDate | null;
  /** An explicit, recorded waiver of statement, defence and hearing. */
  readonly waiver: { readonly on: LocalDate; readonly note: string; readonly by: string } | null;
}

export interface Hearing {
  readonly requestedOn: LocalDate;
  readonly scheduled: {
    readonly on: LocalDate;
    readonly time: string;
    readonly place: string;
    readonly hostId: string;
    readonly public: boolean;
    readonly docId: string;
    /** When the parties were told; null until the notice (D07) was served. */
    readonly toldOn: LocalDate | null;
  } | null;
  readonly outcome: {
    readonly kind: "held" | "no_show" | "withdrawn";
    readonly on: LocalDate;
    readonly report: string;
  } | null;
}

export interface LegalReview {
  readonly submittedOn: LocalDate;
  readonly reviewer: string | null;
  readonly opinion: "agree" | "return" | null;
  readonly note: string | null;
  readonly on: LocalDate | null;
}

export interface Discussion {
  readonly submittedOn: LocalDate;
  readonly members: readonly string[];
  readonly conclusion: "agree" | "disagree" | null;
  readonly note: string | null;
  readonly on: LocalDate | null;
}

export interface Decision {
  readonly docId: string;
  readonly on: LocalDate;
  readonly penalty: Penalty;
  readonly by: string;
  readonly reasons: string;
  readonly surchargeAnnounced: boolean;
  readonly simplified: boolean;
}

export const serviceMethods = {
  direct: "直接送达",
  leave: "留置送达",
  electronic: "电子送达",
  mail: "邮寄送达",
  entrust: "委托送达",
  relay: "转交送达",
  public_notice: "公告送达",
} as const;
export type ServiceMethod = keyof typeof serviceMethods;

/** 送达: one attempt. */
export interface ServiceRecord {
  readonly serviceId: string;
  readonly docId: string;
  readonly code: DocumentCode;
  readonly method: ServiceMethod;
  readonly attemptedOn: LocalDate;
  readonly outcome: "served" | "failed" | "running";
  /** The legal date of service; null while it failed or a public notice still runs. */
  readonly servedOn: LocalDate | null;
  readonly officers: readonly string[];
  /** What A.5 wants recorded for the method: receiver, reason, witnesses, proof, message id, slip number … */
  readonly details: Readonly<Record<string, string>>;
}

export interface AddressConfirmation {
  readonly docId: string;
  readonly channels: readonly { readonly channel: string; readonly address: string }[];
  readonly signedOn: LocalDate;
  readonly revokedOn: LocalDate | null;
}

export interface PaymentReceipt {
  readonly receiptNo: string;
  readonly paidOn: LocalDate;
  readonly amountFen: Fen;
}

export interface Deferral {
  readonly docId: string;
  readonly approvedBy: string;
  readonly on: LocalDate;
  readonly instalments: readonly { readonly dueOn: LocalDate; readonly amountFen: Fen }[];
  readonly reason: string;
}

export interface Payment {
  /** Shown to the bank; the agency never holds the money. */
  readonly code: string;
  readonly receipts: readonly PaymentReceipt[];
  readonly deferral: Deferral | null;
}

export interface ReviewOfDecision {
  readonly filedOn: LocalDate;
  /** Handed to this agency, which forwards it; or filed with the review body. */
  readonly via: "this_agency" | "review_body";
  readonly forwardedOn: LocalDate | null;
  readonly outcome: {
    readonly kind: "upheld" | "changed" | "revoked" | "unlawful" | "withdrawn";
    readonly receivedOn: LocalDate;
  } | null;
}

export interface Litigation {
  readonly filedOn: LocalDate;
  readonly court: string;
  readonly outcome: {
    readonly kind: "upheld" | "changed" | "revoked" | "unlawful" | "void" | "withdrawn";
    readonly on: LocalDate;
  } | null;
}

export interface Urging {
  readonly docId: string;
  readonly issuedOn: LocalDate;
  readonly servedOn: LocalDate | null;
  /** Fine and surcharge as the letter stated them. */
  readonly fineFen: Fen;
  readonly surchargeFen: Fen;
}

export const courtEvents = {
  accepted: "受理",
  refused: "不予受理",
  objected: "提出异议",
  ruled_enforce: "裁定准予执行",
  ruled_refuse: "裁定不准予执行",
  agreement: "达成执行协议",
  suspended: "中止执行",
  executed: "执行完毕",
  ended: "终结执行",
} as const;
export type CourtEventKind = keyof typeof courtEvents;

export interface CourtMatter {
  readonly docId: string;
  readonly court: string;
  readonly appliedOn: LocalDate;
  readonly amountFen: Fen;
  readonly events: readonly {
    readonly kind: CourtEventKind;
    readonly on: LocalDate;
    readonly note: string;
  }[];
}

export interface DecisionChange {
  readonly docId: string;
  readonly on: LocalDate;
  readonly by: "agency" | "review_body" | "court";
  readonly kind: "changed" | "revoked" | "unlawful" | "void";
  readonly reason: string;
  /** Null when the penalty is gone altogether. */
  readonly penalty: Penalty | null;
}

export interface Publication {
  readonly publish: boolean;
  readonly reason: string;
  readonly by: string;
  readonly on: LocalDate;
  readonly withdrawn: { readonly on: LocalDate; readonly reason: string; readonly by: string } | null;
}

export interface CaseDocument {
  readonly docId: string;
  readonly code: DocumentCode;
  readonly issuedOn: LocalDate;
  /** Null for forms without one, and until the store has allocated it. */
  readonly number: string | null;
  readonly replaces: string | null;
}

/** Time in which the case stood still; not counted where the law says so. */
export interface Pause {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly reason: string;
}

/**
 * Everything a case is: what the guards ask, what documents are filled from, what is archived. Immutable: a step makes a
 * new one. `schema` counts the shape, so that an older file can be read.
 */
export interface CaseFile {
  readonly schema: 1;
  readonly caseId: string;
  readonly caseNo: string | null;
  readonly agency: string;
  readonly region: string;
  readonly source: CaseSource;
  readonly incidentIds: readonly string[];
  readonly violation: string;
  readonly procedure: "ordinary" | "simplified";
  readonly state: CaseState;
  readonly overlays: readonly Overlay[];
  readonly openedOn: LocalDate;
  readonly openedBy: string;
  /** Why a warning was not enough, or where the clue came from. */
  readonly ground: string;
  readonly groundNote: string;
  readonly act: {
    readonly startedAt: EpochMs;
    readonly endedAt: EpochMs;
    readonly place: string;
    readonly summary: string;
    /** Life, health or finance harmed: five years instead of two (行政处罚法 36). */
    readonly seriousHarm: boolean;
  };
  readonly party: Party | null;
  /** User ids of the officers who handle it. */
  readonly handlers: readonly string[];
  /** User ids of everyone who has ever handled it, also of those who were replaced. Only grows. */
  readonly handledBy: readonly string[];
  /** User ids of everyone who has ever endorsed, approved, reviewed, heard or discussed something of it. Only grows. */
  readonly judgedBy: readonly string[];
  readonly evidence: readonly CaseEvidence[];
  readonly filing: {
    readonly submittedBy: string;
    readonly submittedOn: LocalDate;
    readonly endorsedBy: string | null;
    readonly filedBy: string | null;
    readonly filedOn: LocalDate | null;
  } | null;
  /** Why the case ended early: not filed, dismissed, terminated, transferred, no penalty. */
  readonly exit: {
    readonly kind: CaseState;
    readonly on: LocalDate;
    readonly by: string;
    readonly reason: string;
  } | null;
  readonly investigation: {
    readonly startedOn: LocalDate;
    readonly certificateShown: boolean;
    readonly recusalAsked: boolean;
    readonly concludedOn: LocalDate | null;
  } | null;
  readonly recusals: readonly Recusal[];
  readonly preservations: readonly Preservation[];
  readonly orders: readonly CorrectionOrder[];
  readonly findings: DiscretionFindings | null;
  readonly computation: Computation | null;
  readonly notice: Notice | null;
  /** Notices that a later one replaced, oldest first. */
  readonly formerNotices: readonly Notice[];
  readonly statements: readonly Statement[];
  readonly hearing: Hearing | null;
  readonly legalReviews: readonly LegalReview[];
  readonly discussions: readonly Discussion[];
  readonly decisionProposal: {
    readonly penalty: Penalty;
    readonly submittedBy: string;
    readonly submittedOn: LocalDate;
    readonly endorsedBy: string | null;
  } | null;
  readonly extensions: readonly {
    readonly period: "decision" | "decision_after_discussion" | "clue";
    readonly by: string;
    readonly on: LocalDate;
    readonly reason: string;
  }[];
  readonly decision: Decision | null;
  readonly education: { readonly on: LocalDate; readonly by: string; readonly note: string } | null;
  readonly services: readonly ServiceRecord[];
  readonly addressConfirmation: AddressConfirmation | null;
  readonly payment: Payment | null;
  readonly reviews: readonly ReviewOfDecision[];
  readonly litigations: readonly Litigation[];
  readonly urging: Urging | null;
  readonly court: CourtMatter | null;
  readonly changes: readonly DecisionChange[];
  readonly publication: Publication | null;
  readonly pauses: readonly Pause[];
  readonly closing: {
    readonly requestedBy: string;
    readonly endorsedBy: string | null;
    readonly closedBy: string | null;
    readonly closedOn: LocalDate | null;
  } | null;
  readonly archive: { readonly by: string; readonly on: LocalDate } | null;
  readonly documents: readonly CaseDocument[];
  readonly clocks: readonly CaseClock[];
}

import type { UseAuthority } from "../case/step-facts.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { Refusal } from "../refusal.ts";
import { isFilled } from "../refusal.ts";
import { type Actor, refuseWithout } from "../roles.ts";
import type {
  CameraInspection,
  CameraListing,
  CameraReview,
  Finding,
  reviewPoints,
} from "./compliance-records.ts";

/** Who writes something down, and when. */
export interface Recorder {
  readonly actor: Actor;
  /** 国家统一法律职业资格 */
  readonly legalQualification: boolean;
  readonly today: LocalDate;
}

type FindingsOf<Kind extends keyof typeof reviewPoints> = {
  readonly [Point in keyof (typeof reviewPoints)[Kind]]: Finding;
};

/** A review answers every point of its kind; it is passed when all are good. */
export type NewReview = {
  readonly opinion: string;
  readonly validFrom: LocalDate;
  /** Left out where it failed. */
  readonly validTo?: LocalDate | undefined;
} & (
  | { readonly kind: "legal"; readonly findings: FindingsOf<"legal"> }
  | { readonly kind: "technical"; readonly findings: FindingsOf<"technical"> }
);

export type NewListing =
  | ({ readonly listed: true; readonly proof?: string | undefined } & Pick<
      CameraListing,
      "purpose" | "responsibleBody" | "publishedOn" | "useFrom"
    >)
  | { readonly listed: false; readonly removedOn: LocalDate; readonly reason: string };

export type NewInspection = Pick<CameraInspection, "kind" | "passed" | "doneOn" | "note"> & {
  readonly nextDue?: LocalDate | undefined;
  readonly fileSha256?: string | undefined;
};

export interface NewAuthority {
  readonly authority: UseAuthority;
  readonly citation?: { readonly law: string; readonly article: string } | undefined;
  readonly reason: string;
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate | undefined;
}

/** What kind of norm a law is and whether its text was read in full. Undefined: nobody has it on record. */
export type LawStanding =
  | { readonly rank: "law" | "administrative_regulation" | "other"; readonly verified: boolean }
  | undefined;

export function hasPassed({ findings }: NewReview): boolean {
  return Object.values<Finding>(findings).every(({ ok }) => ok);
}

/** Null when the review may be written down (行政处罚法 41, 58). */
export function refuseReview(
  review: NewReview,
  { actor, legalQualification, today }: Recorder,
  earlier: readonly CameraReview[],
): Refusal | null {
  const { kind, validFrom, validTo } = review;
  const refusal = refuseWithout(kind === "legal" ? "camera.review_law" : "camera.review_technical", actor);
  if (refusal !== null) return refusal;
  if (kind === "legal" && !legalQualification) return unqualified;
  if (Object.values<Finding>(review.findings).some(({ ok, note }) => !ok && !isFilled(note)))
    return findingUnexplained;
  if (hasPassed(review)) {
    if (validTo === undefined) return endMissing;
    if (validTo < validFrom) return endBeforeStart;
    if (validFrom < today) return reviewBackdated;
  } else if (validFrom > today) {
    return failureAhead;
  }
  const until = hasPassed(review) ? validTo : undefined;
  const both = earlier.some(
    (other) =>
      other.kind !== kind &&
      actor.kind === "user" &&
      other.reviewer === actor.userId &&
      (until === undefined || other.validFrom <= until) &&
      (other.validTo === null || validFrom <= other.validTo),
  );
  return both ? reviewerOfBoth : null;
}

/** Null when the camera may be put on the public list, or taken off it, like this (行政处罚法 41(1)). */
export function refuseListing(
  listing: NewListing,
  { actor, today }: Recorder,
  earlier: readonly CameraListing[],
): Refusal | null {
  const refusal = refuseWithout("camera.manage", actor);
  if (refusal !== null) return refusal;
  const day = listing.listed ? listing.publishedOn : listing.removedOn;
  if (day > today) return publishedAhead;
  if (listing.listed && day < today && !isFilled(listing.proof)) return publicationUnproven;
  // A row that reaches back behind another would make good what was not public then.
  if (earlier.some(({ publishedOn }) => day < publishedOn)) return listingOutOfOrder;
  if (!listing.listed && earlier.at(-1)?.listed !== true) return notListed;
  return null;
}

/** Null when what somebody looked at may be written down like this. */
export function refuseInspection(inspection: NewInspection, { actor, today }: Recorder): Refusal | null {
  const refusal = refuseWithout("camera.manage", actor);
  if (refusal !== null) return refusal;
  const { kind, passed, doneOn, nextDue, fileSha256 } = inspection;
  if (doneOn > today) return doneAhead;
  if (!passed) return null;
  if (kind === "sign" && fileSha256 === undefined) return photoMissing;
  if (kind === "impact_assessment" && fileSha256 === undefined) return assessmentMissing;
  if (kind === "maintenance" && (nextDue === undefined || nextDue <= doneOn)) return nextDueMissing;
  // Without anything to show for it, what was good before today is only said today.
  if (doneOn < today && fileSha256 === undefined) return inspectionBackdated;
  return null;
}

/**
 * Null when the camera's records may be used like this from now on (行政处罚法 41). More than a clue takes a verified
 * law or administrative regulation, a qualified legal reviewer and an end; less can be said at any time.
 */
export function refuseAuthority(
  { authority, citation, validFrom, validTo }: NewAuthority,
  { actor, legalQualification, today }: Recorder,
  law: LawStanding,
): Refusal | null {
  const refusal = refuseWithout("camera.review_law", actor);
  if (refusal !== null) return refusal;
  if (!legalQualification) return unqualified;
  if (validTo !== undefined && validTo < validFrom) return endBeforeStart;
  if (authority === "lead_only") return null;
  if (citation === undefined) return citationMissing;
  if (law === undefined || law.rank === "other" || !law.verified) return lawUnfit;
  if (validTo === undefined) return endMissing;
  if (validFrom < today) return authorityBackdated;
  return null;
}

const unqualified: Refusal = {
  code: "camera.legal_qualification_required",
  article: "xzcf:58",
  messageZh: "设备的法制审核须由取得国家统一法律职业资格的法制审核人员作出；请先登记其资格或改由他人审核。",
  messageEn:
    "This takes a legal reviewer with the legal professional qualification: record it, or ask another.",
};

const findingUnexplained: Refusal = {
  code: "camera.finding_unexplained",
  messageZh: "不合格的审核事项须写明理由。",
  messageEn: "Say why each point that is not good is not.",
};

const endMissing: Refusal = {
  code: "camera.end_missing",
  article: "xzcf:41(1)",
  messageZh: "须填写有效期截止日。",
  messageEn: "Say until which day it holds.",
};

const endBeforeStart: Refusal = {
  code: "camera.end_before_start",
  messageZh: "有效期截止日早于起始日，请改正。",
  messageEn: "The last day lies before the first: correct it.",
};

const reviewBackdated: Refusal = {
  code: "camera.review_backdated",
  article: "xzcf:41(1)",
  messageZh: "合格的审核自作出之日起生效，不得倒填日期；此前的记录只能作为线索。",
  messageEn:
    "A passed review holds from the day it is made: earlier records stay clues. Let it begin today or later.",
};

const failureAhead: Refusal = {
  code: "camera.failure_ahead",
  messageZh: "审核不合格的起始日不得晚于今日。",
  messageEn: "A failed review begins today or, where that is known, earlier.",
};

const reviewerOfBoth: Refusal = {
  code: "camera.reviewer_of_both",
  article: "xzcf:41(1)",
  messageZh: "同一人不得对同一设备既作法制审核又作技术审核，请由其他人审核。",
  messageEn: "Nobody makes both reviews of one camera: ask somebody else.",
};

const publishedAhead: Refusal = {
  code: "camera.published_ahead",
  messageZh: "公布或撤下名单的日期不得晚于今日，请在公布当日登记。",
  messageEn: "Nothing is published ahead: record it on the day.",
};

const publicationUnproven: Refusal = {
  code: "camera.publication_unproven",
  article: "xzcf:41(1)",
  messageZh: "此前已在别处公布的，须写明公布的网址或公告编号；否则公布日期填今日。",
  messageEn: "Published before today: say where, by address or number. Otherwise it is published today.",
};

const listingOutOfOrder: Refusal = {
  code: "camera.listing_out_of_order",
  messageZh: "日期早于已登记的公布记录，不得倒填；请核对日期。",
  messageEn: "There is a later entry in the public list already: check the date.",
};

const notListed: Refusal = {
  code: "camera.not_listed",
  messageZh: "该设备不在公布名单中，无需撤下。",
  messageEn: "It is not in the public list: there is nothing to take off.",
};

const doneAhead: Refusal = {
  code: "camera.done_ahead",
  messageZh: "检查日期不得晚于今日，请在检查后登记。",
  messageEn: "Record it when it has been done.",
};

const inspectionBackdated: Refusal = {
  code: "camera.inspection_backdated",
  article: "xzcf:41(1)",
  messageZh: "此前日期的合格检查须附检查记录文件；没有文件的，请填写今日日期，自今日起生效。",
  messageEn:
    "A good inspection of an earlier day brings its record as a file; without one it counts from today.",
};

const photoMissing: Refusal = {
  code: "camera.sign_photo_missing",
  article: "xzcf:41(1)",
  messageZh: "提示标识合格须附现场照片。",
  messageEn: "A good sign is recorded with its photo.",
};

const assessmentMissing: Refusal = {
  code: "camera.assessment_missing",
  article: "grxx:56",
  messageZh: "个人信息保护影响评估须附评估报告，并至少保存三年。",
  messageEn: "An impact assessment is recorded with its report, which is kept for three years at least.",
};

const nextDueMissing: Refusal = {
  code: "camera.next_due_missing",
  messageZh: "维护检测合格须填写下次检测日期，且晚于本次日期。",
  messageEn: "Say when the next maintenance is due: a day after this one.",
};

const citationMissing: Refusal = {
  code: "camera.citation_missing",
  article: "xzcf:41(1)",
  messageZh: "记录用作证据须注明所依据的法律或行政法规及其条款。",
  messageEn: "More than a clue takes the law or administrative regulation, with its article, that allows it.",
};

const lawUnfit: Refusal = {
  code: "camera.citation_unfit",
  article: "xzcf:41(1)",
  messageZh: "只能以登记在册、文本已核实的法律或行政法规为依据，地方性法规、规章和规范性文件不行。",
  messageEn:
    "Only a law or administrative regulation on record, its text verified, carries this; nothing of lower rank does.",
};

const authorityBackdated: Refusal = {
  code: "camera.authority_backdated",
  article: "xzcf:41(1)",
  messageZh: "记录用途不得追溯提高：起始日不得早于今日。",
  messageEn: "What was a clue stays one: it begins today or later.",
};

import { type ClaimFacts, refuseUnclaimed } from "../incident/incident-claim.ts";
import type { EpochMs } from "../local-time.ts";
import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { type Actor, personRequired, refuseWithout } from "../roles.ts";

/**
 * What somebody may ask to see an unmasked original for (个人信息保护法 6: a clear and reasonable purpose). The list is
 * closed: what fits none of them is no reason to look. Reviewing is not on it: a reviewer's claim is its own ground.
 */
export const viewPurposes = {
  case_investigation: { zh: "案件调查取证", en: "investigation of a case" },
  objection_check: { zh: "核查陈述申辩或异议", en: "checking a statement or an objection" },
  legal_review: { zh: "法制审核", en: "legal review" },
  review_or_court: {
    zh: "行政复议、诉讼或申请强制执行",
    en: "administrative review, lawsuit or enforcement",
  },
  supervision: { zh: "个案监督", en: "supervision of a case" },
  review_quality: { zh: "审核质量抽查", en: "sampling the quality of reviews" },
  subject_request: { zh: "个人信息主体查阅、复制请求", en: "a person asks for what is kept about them" },
} as const;

export type ViewPurpose = keyof typeof viewPurposes;

export const HOUR_MS = 3_600_000;
/** How long an approved grant runs unless another time is asked for. */
export const DEFAULT_GRANT_HOURS = 24;
export const MAX_GRANT_HOURS = 7 * 24;

export const grantStates = {
  pending: { zh: "待批准", en: "waits for approval" },
  approved: { zh: "已批准", en: "approved" },
  declined: { zh: "未批准", en: "declined" },
  revoked: { zh: "已收回", en: "revoked" },
} as const;

export type GrantState = keyof typeof grantStates;

/** What of a grant decides whether it may be decided, revoked or used. */
export interface GrantFacts {
  readonly grantId: string;
  readonly state: GrantState;
  readonly requestedBy: string;
  readonly hours: number;
  /** Null until it is approved. */
  readonly expiresAt: EpochMs | null;
}

export interface AccessRequest {
  /** In words: why this picture, and why the masked copy is not enough. */
  readonly reason: string;
  readonly hours: number;
}

/** Null when this person may ask to see the originals of one incident for this reason and so long. */
export function refuseRequest(request: AccessRequest, actor: Actor): Refusal | null {
  const withoutRight = refuseWithout("evidence.request_access", actor);
  if (withoutRight !== null) return withoutRight;
  if (!isFilled(request.reason)) {
    return {
      code: "grant.reason_required",
      article: "grxx:6",
      messageZh: "请写明为何必须查看未遮挡的原始证据。",
      messageEn: "Say in words why the masked copies are not enough.",
    };
  }
  if (Number.isInteger(request.hours) && request.hours >= 1 && request.hours <= MAX_GRANT_HOURS) return null;
  return {
    code: "grant.too_long",
    messageZh: `查看期限须为 1 至 ${MAX_GRANT_HOURS} 小时。`,
    messageEn: `A grant lasts 1 to ${MAX_GRANT_HOURS} hours.`,
  };
}

export type Approval = { readonly ok: true; readonly expiresAt: EpochMs } | Refused;

/** Another person than the one who asked approves; the time runs from then (C-07). */
export function approveGrant(grant: GrantFacts, actor: Actor, now: EpochMs): Approval {
  const refusal = refuseDecision(grant, actor);
  return refusal === null ? { ok: true, expiresAt: now + grant.hours * HOUR_MS } : refused(refusal);
}

/** Null when this person may decline the request with this note. */
export function refuseDecline(grant: GrantFacts, note: string, actor: Actor): Refusal | null {
  return refuseDecision(grant, actor) ?? refuseUnexplained(note);
}

function refuseDecision(grant: GrantFacts, actor: Actor): Refusal | null {
  if (grant.state !== "pending") {
    return {
      code: "grant.not_pending",
      messageZh: `该申请已处理（${grantStates[grant.state].zh}），不能再次决定。`,
      messageEn: `The request was decided already: ${grant.state}.`,
    };
  }
  const withoutRight = refuseWithout("evidence.approve_access", actor);
  if (withoutRight !== null) return withoutRight;
  if (actor.kind === "user" && actor.userId !== grant.requestedBy) return null;
  return {
    code: "grant.own_request",
    article: "grxx:51",
    messageZh: "不得审批本人提出的查看申请，须由其他有权人员审批。",
    messageEn: "Nobody decides their own request; another person must.",
  };
}

/** Null when this person may end the grant early: whoever may approve, or whoever holds it. */
export function refuseRevocation(grant: GrantFacts, note: string, actor: Actor): Refusal | null {
  if (grant.state !== "approved" && grant.state !== "pending") {
    return {
      code: "grant.not_running",
      messageZh: "该授权已不在有效状态，无需收回。",
      messageEn: `There is nothing to revoke: the request is ${grant.state}.`,
    };
  }
  if (actor.kind !== "user") return personRequired;
  const withoutRight =
    actor.userId === grant.requestedBy ? null : refuseWithout("evidence.approve_access", actor);
  return withoutRight ?? refuseUnexplained(note);
}

function refuseUnexplained(note: string): Refusal | null {
  if (isFilled(note)) return null;
  return { code: "grant.note_required", messageZh: "请写明理由。", messageEn: "Say why." };
}

export function grantRuns(grant: GrantFacts, now: EpochMs): boolean {
  return grant.state === "approved" && grant.expiresAt !== null && now < grant.expiresAt;
}

/** By what right somebody looks at an original now. */
export type ViewGround =
  | { readonly kind: "review_claim"; readonly until: EpochMs }
  | { readonly kind: "grant"; readonly grantId: string; readonly until: EpochMs };

export type View = { readonly ok: true; readonly ground: ViewGround } | Refused;

/**
 * May this actor see the original now? Whoever reviews must see it (行政处罚法 41(2), B-07): their own running claim on
 * an incident that waits for review is a ground for as long as it runs. Anybody else, also who may claim without
 * reviewing, needs a grant of their own for this incident that still runs (C-07). `grants`: this incident's, in any state and of anybody.
 */
export function groundForView(
  incident: ClaimFacts,
  grants: readonly GrantFacts[],
  actor: Actor,
  now: EpochMs,
): View {
  if (actor.kind !== "user") return refused(personRequired);
  const claimed =
    incident.state === "review_pending" &&
    refuseWithout("incident.review", actor) === null &&
    refuseUnclaimed(incident, actor, now) === null;
  if (claimed) return { ok: true, ground: { kind: "review_claim", until: incident.claimedUntil ?? now } };
  const [longest] = grants
    .filter((grant) => grant.requestedBy === actor.userId && grantRuns(grant, now))
    .sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0));
  if (longest?.expiresAt != null)
    return { ok: true, ground: { kind: "grant", grantId: longest.grantId, until: longest.expiresAt } };
  return refused({
    code: "evidence.grant_required",
    article: "grxx:51",
    messageZh: "原始证据未经遮挡，须领取审核或经批准后方可查看；请查看遮挡副本，或申请查看原始证据。",
    messageEn: "Originals are open to whoever has claimed the review, or by an approved grant. Ask for one.",
  });
}

/**
 * Seeking in a clip or looking at the same picture again within this time is the same look: a player asks for one clip
 * in dozens of ranges, and a log of ranges would hide the looks in it.
 */
export const ONE_LOOK_MS = 5 * 60_000;

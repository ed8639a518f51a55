import type { EpochMs } from "../local-time.ts";
import { isFilled, type Refusal, type Refused, refused } from "../refusal.ts";
import { type Actor, type Permission, refuseWithout } from "../roles.ts";
import { type Finding, refuseCorrected, refuseNotCorrected } from "./finding.ts";
import { refuseUnclaimed } from "./incident-claim.ts";
import { type RejectReason, refuseConfirmation, refuseRejection, type TestAnswers } from "./review-input.ts";

/** What a camera saw (视频事件), on its way to a decision. It is not a case and has no legal effect. */
export const incidentStates = {
  detected: "发现",
  evidence_fixed: "证据固定",
  review_pending: "待审核",
  rejected: "审核不采用",
  work_order: "派遣处置",
  transferred: "移送",
  confirmed: "审核确认",
  persuading: "远端劝导",
  corrected: "已改正",
  not_corrected: "未改正",
  dispatched: "转现场核实",
  escalated: "转线索核查",
  expired: "超期未审核",
} as const;

export type IncidentState = keyof typeof incidentStates;

/** Why an incident leaves persuasion for a case: 规范在先、处罚在后 wants a ground a person has put down. */
export const escalationGrounds = {
  not_corrected: { zh: "劝导后未改正", en: "not corrected after the warning" },
  repeated: { zh: "多次重复", en: "repeated" },
  not_minor_first: { zh: "不属于轻微先劝事项", en: "not a matter that is warned about first" },
  harm: { zh: "造成危害或危险", en: "harm or danger" },
  other: { zh: "其他", en: "other" },
} as const;

export type EscalationGround = keyof typeof escalationGrounds;

/** One step with what it needs. */
export type IncidentMove =
  | { readonly action: "fix_evidence" }
  | { readonly action: "queue_review" }
  | { readonly action: "confirm"; readonly tests: TestAnswers }
  | {
      readonly action: "reject";
      readonly reason: RejectReason;
      readonly text: string | null;
      readonly tests: TestAnswers;
    }
  | { readonly action: "expire" }
  /**
   * `minorFirst` from the violation catalogue; `namesSomeone`: the text names a person, a shop or a plate;
   * `beyondLimit`: the same subject did the same too often lately (the ladder has risen).
   */
  | {
      readonly action: "persuade";
      readonly minorFirst: boolean;
      readonly namesSomeone: boolean;
      readonly beyondLimit?: boolean;
    }
  /** 责令改正 in writing: the ladder's second rung. `note`: why it is needed. */
  | { readonly action: "order_correction"; readonly note: string }
  /** `finding`: what it rests on; `note`: what the second look showed, and what was explained to the party (教育). */
  | { readonly action: "mark_corrected"; readonly finding: Finding; readonly note: string }
  | { readonly action: "mark_not_corrected"; readonly finding: Finding; readonly note: string }
  | { readonly action: "dispatch"; readonly note: string }
  /** `minorFirst` as the catalogue has it; the ground cannot say otherwise. */
  | {
      readonly action: "escalate";
      readonly ground: EscalationGround;
      readonly note: string;
      readonly minorFirst?: boolean;
    }
  /** `target`: the authority or the unit it goes to. */
  | { readonly action: "transfer"; readonly target: string }
  | { readonly action: "order_work"; readonly target: string };

export type IncidentAction = IncidentMove["action"];

interface Rule {
  readonly from: readonly IncidentState[];
  readonly to: IncidentState;
  /** Null: the system's own step, no person takes it. */
  readonly permission: Permission | null;
  /** The system may take it too. */
  readonly systemToo?: boolean;
  /** While it waits for review: only whoever claimed the incident. */
  readonly claimed?: boolean;
  /** While it waits for review: only before, or only after, the end of the time for it; missing: at any time. */
  readonly time?: "within_review" | "after_review";
}

const RULES = {
  fix_evidence: { from: ["detected"], to: "evidence_fixed", permission: null },
  queue_review: { from: ["evidence_fixed"], to: "review_pending", permission: null },
  expire: { from: ["review_pending"], to: "expired", permission: null, time: "after_review" },
  confirm: {
    from: ["review_pending"],
    to: "confirmed",
    permission: "incident.review",
    claimed: true,
    time: "within_review",
  },
  reject: { from: ["review_pending"], to: "rejected", permission: "incident.review", claimed: true },
  transfer: {
    from: ["review_pending", "confirmed", "not_corrected", "dispatched"],
    to: "transferred",
    permission: "incident.dispose",
    claimed: true,
    time: "within_review",
  },
  order_work: {
    from: ["review_pending", "confirmed", "not_corrected"],
    to: "work_order",
    permission: "incident.dispose",
    claimed: true,
    time: "within_review",
  },
  persuade: { from: ["confirmed"], to: "persuading", permission: "warning.send", systemToo: true },
  order_correction: { from: ["confirmed", "not_corrected"], to: "persuading", permission: "warning.send" },
  mark_corrected: { from: ["persuading", "dispatched"], to: "corrected", permission: "incident.dispose" },
  mark_not_corrected: { from: ["persuading"], to: "not_corrected", permission: "incident.dispose" },
  dispatch: { from: ["confirmed", "not_corrected"], to: "dispatched", permission: "incident.dispose" },
  escalate: { from: ["confirmed", "not_corrected", "dispatched"], to: "escalated", permission: "case.open" },
} as const satisfies Record<IncidentAction, Rule>;

export const incidentActions = Object.keys(RULES) as IncidentAction[];

/** What of an incident decides whether it may move. */
export interface IncidentFacts {
  readonly state: IncidentState;
  readonly claimedBy: string | null;
  readonly claimedUntil: EpochMs | null;
  /** End of the time for review, from then on the record is never usable (I6); null: it has none. */
  readonly reviewDue: EpochMs | null;
  /** End of the grace the warning gave; null before one was sent. */
  readonly graceUntil: EpochMs | null;
}

export type IncidentTransition = { readonly ok: true; readonly next: IncidentState } | Refused;

/**
 * May this actor take this step now? Says where it leads, or why not: state first, then who, then whose
 * claim, then whether in time, then what the step needs.
 */
export function transitionIncident(
  incident: IncidentFacts,
  move: IncidentMove,
  actor: Actor,
  now: EpochMs,
): IncidentTransition {
  const refusal = refuseStart(incident, move.action, actor, now) ?? refuseInput(incident, move, actor, now);
  return refusal === null ? { ok: true, next: RULES[move.action].to } : refused(refusal);
}

/** The steps this actor could start now: what a desk offers as buttons. Their input is checked later. */
export function openIncidentActions(incident: IncidentFacts, actor: Actor, now: EpochMs): IncidentAction[] {
  return incidentActions.filter((action) => refuseStart(incident, action, actor, now) === null);
}

function refuseStart(
  incident: IncidentFacts,
  action: IncidentAction,
  actor: Actor,
  now: EpochMs,
): Refusal | null {
  const rule: Rule = RULES[action];
  if (!rule.from.includes(incident.state)) {
    return {
      code: "incident.illegal_move",
      messageZh: `事件当前为“${incidentStates[incident.state]}”，不能转为“${incidentStates[rule.to]}”。`,
      messageEn: `The incident is ${incident.state}; it cannot become ${rule.to}.`,
    };
  }
  return refuseActor(rule, incident, actor, now) ?? refuseTime(rule, incident, now);
}

function refuseActor(rule: Rule, incident: IncidentFacts, actor: Actor, now: EpochMs): Refusal | null {
  if (rule.permission === null) return actor.kind === "system" ? null : systemStep();
  if (rule.systemToo === true && actor.kind === "system") return null;
  const withoutRight = refuseWithout(rule.permission, actor);
  if (withoutRight !== null) return withoutRight;
  const mustClaim = rule.claimed === true && incident.state === "review_pending";
  return mustClaim ? refuseUnclaimed(incident, actor, now) : null;
}

function refuseTime({ time }: Rule, { state, reviewDue }: IncidentFacts, now: EpochMs): Refusal | null {
  // Once somebody has confirmed it in time, the time for review has done its work.
  if (state !== "review_pending") return null;
  const isOver = reviewDue !== null && now >= reviewDue;
  if (time === "after_review" && !isOver) return notDue();
  if (time === "within_review" && isOver) return overdue();
  return null;
}

function systemStep(): Refusal {
  return {
    code: "incident.system_step",
    messageZh: "此步骤由系统自动完成，不能手工执行。",
    messageEn: "The system takes this step; nobody takes it by hand.",
  };
}

function refuseInput(
  incident: IncidentFacts,
  move: IncidentMove,
  actor: Actor,
  now: EpochMs,
): Refusal | null {
  switch (move.action) {
    case "fix_evidence":
    case "queue_review":
    case "expire":
      return null;
    case "confirm":
      return refuseConfirmation(move.tests);
    case "reject":
      return refuseRejection(move.reason, move.text, move.tests);
    case "persuade":
      return refusePersuasion(move, actor);
    case "order_correction":
      return isFilled(move.note)
        ? null
        : missing("note", "请写明责令改正的理由。", "Say why a written order is needed.");
    case "mark_corrected":
      return refuseCorrected(incident.state, move.finding, move.note);
    case "mark_not_corrected":
      return refuseNotCorrected(incident.graceUntil, move.finding, move.note, now);
    case "dispatch":
      return isFilled(move.note) ? null : missing("note", "请写明情况。", "Say what was found.");
    case "escalate":
      return refuseEscalation(incident, move);
    case "transfer":
    case "order_work":
      return isFilled(move.target)
        ? null
        : missing("target", "请写明接收单位。", "Name the authority or unit that takes it over.");
  }
}

function refusePersuasion(move: Extract<IncidentMove, { action: "persuade" }>, actor: Actor): Refusal | null {
  if (!move.minorFirst) {
    return {
      code: "warning.not_minor_first",
      messageZh: "该事项不适用先行劝导，请转现场核实或转线索核查。",
      messageEn: "This matter is not one that is warned about first: dispatch it or open a case.",
    };
  }
  if (move.beyondLimit === true) {
    return {
      code: "warning.repeat_limit",
      messageZh: "同一当事人同类事项短期内多次重复，不再适用劝导，请责令改正或转线索核查。",
      messageEn: "The same subject did the same too often lately: order it in writing or open a case.",
    };
  }
  if (actor.kind === "system" && move.namesSomeone) {
    return {
      code: "warning.person_required",
      article: "grxx:24",
      messageZh: "指向具体个人、店铺或车牌的劝导须由工作人员确认后发出。",
      messageEn: "A warning that names a person, a shop or a plate needs a person's approval.",
    };
  }
  return null;
}

function refuseEscalation(
  incident: IncidentFacts,
  move: Extract<IncidentMove, { action: "escalate" }>,
): Refusal | null {
  const warned = incident.state === "not_corrected" || incident.graceUntil !== null;
  if (move.ground === "not_corrected" && (!warned || incident.state === "confirmed")) {
    return {
      code: "incident.not_warned_yet",
      messageZh: "尚未经劝导并复查，不能以“劝导后未改正”为由转线索核查。",
      messageEn: 'Nobody has warned and looked again yet, so "not corrected" is no ground.',
    };
  }
  if (move.ground === "not_minor_first" && move.minorFirst === true) {
    return {
      code: "incident.is_minor_first",
      messageZh: "该事项属于轻微先劝事项，不能以“不属于轻微先劝事项”为由转线索核查，请先劝导或者另选理由。",
      messageEn: "This is a matter that is warned about first; warn, or choose the ground that is true.",
    };
  }
  return isFilled(move.note)
    ? null
    : missing("note", "请写明不先劝导或升级处理的理由。", "Say why a warning is not enough.");
}

function notDue(): Refusal {
  return {
    code: "incident.review_not_due",
    messageZh: "审核期限尚未届满。",
    messageEn: "The time for review has not run out.",
  };
}

function overdue(): Refusal {
  return {
    code: "incident.review_overdue",
    messageZh: "审核期限已届满，该记录不得再作为线索或证据使用，只能不采用。",
    messageEn: "The time for review has run out: the record can only be rejected, and never be used.",
  };
}

function missing(field: string, messageZh: string, messageEn: string): Refusal {
  return { code: `incident.${field}_required`, messageZh, messageEn };
}

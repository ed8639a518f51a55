import type { EscalationGround } from "../incident/incident-lifecycle.ts";

/** 远端劝导. */
export const PERSUASION = 0;
/** 责令改正通知书. */
export const WRITTEN_ORDER = 1;

/** How a warning ended; null while nobody has said so. */
export type WarningResult = "corrected" | "not_corrected";

/** What the violation catalogue says comes first. */
export type FirstStep = "persuade" | "order" | "work_order" | "case" | "dispatch" | "referral";

export interface LadderFacts {
  readonly violation: {
    readonly minorFirst: boolean;
    readonly firstStep: FirstStep;
    /** False: this may never become a penalty case here. */
    readonly penaltyPossible: boolean;
  };
  /** Warnings of this incident so far. */
  readonly previous: readonly { readonly level: number; readonly result: WarningResult | null }[];
  /** Earlier incidents of the same subject and matter inside the window; see `countRepeats`. */
  readonly repeats: number;
  /** From this many times on, this one counted, the ladder rises (parameter repeat.count). */
  readonly repeatCount: number;
  /** Harm or danger is on record. */
  readonly harm: boolean;
}

/** The next thing to do about an incident. */
export type Rung =
  | { readonly kind: "persuade"; readonly level: typeof PERSUASION }
  | { readonly kind: "written_order"; readonly level: typeof WRITTEN_ORDER }
  | { readonly kind: "case"; readonly ground: EscalationGround }
  | { readonly kind: "work_order" | "dispatch" | "transfer" | "look_again" | "done" };

export interface RungReason {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface NextRung {
  readonly rung: Rung;
  readonly reasons: readonly RungReason[];
}

/**
 * 规范在先、处罚在后: the lowest rung that the facts leave. Up goes it where a warning was not heeded, where the same
 * subject does the same again too often, where the matter is none that is warned about first, and where there is harm.
 * It advises; every step names its own ground and a person takes it.
 */
export function nextRung(facts: LadderFacts): NextRung {
  const { violation, previous } = facts;
  const last = previous.reduce<LadderFacts["previous"][number] | undefined>(
    (highest, warning) => (highest === undefined || warning.level > highest.level ? warning : highest),
    undefined,
  );
  if (last?.result === "corrected") return just({ kind: "done" }, reasons.corrected);
  if (facts.harm) return caseOr(violation, "harm", reasons.harm);
  if (last?.result === null) return just({ kind: "look_again" }, reasons.graceRuns);
  if (last === undefined) {
    if (violation.firstStep === "referral") return just({ kind: "transfer" }, reasons.referral);
    if (violation.firstStep === "dispatch") return just({ kind: "dispatch" }, reasons.dispatchFirst);
    if (violation.firstStep === "work_order") return just({ kind: "work_order" }, reasons.workFirst);
  }
  const isRepeat = facts.repeats + 1 >= facts.repeatCount;
  const first = firstLevel(violation);
  // Repeating lifts it by one rung, once; not heeding lifts it above what was not heeded.
  const level = last === undefined ? first + (isRepeat ? 1 : 0) : last.level + 1;
  const why = [
    ...(last === undefined ? [] : [reasons.notCorrected]),
    ...(isRepeat ? [repeated(facts.repeats + 1)] : []),
    ...(first > PERSUASION ? [reasons.notMinorFirst] : []),
  ];
  if (level === PERSUASION) return just({ kind: "persuade", level }, reasons.minorFirst);
  if (level === WRITTEN_ORDER) return { rung: { kind: "written_order", level }, reasons: why };
  const ground = last !== undefined ? "not_corrected" : isRepeat ? "repeated" : "not_minor_first";
  return caseOr(violation, ground, ...why);
}

function firstLevel({ minorFirst, firstStep }: LadderFacts["violation"]): number {
  if (minorFirst || firstStep === "persuade") return PERSUASION;
  return firstStep === "order" ? WRITTEN_ORDER : WRITTEN_ORDER + 1;
}

/** What may never be penalised here goes to whoever may. */
function caseOr(
  { penaltyPossible }: LadderFacts["violation"],
  ground: EscalationGround,
  ...why: RungReason[]
): NextRung {
  if (penaltyPossible) return { rung: { kind: "case", ground }, reasons: why };
  return { rung: { kind: "transfer" }, reasons: [...why, reasons.noPenalty] };
}

function just(rung: Rung, reason: RungReason): NextRung {
  return { rung, reasons: [reason] };
}

function repeated(times: number): RungReason {
  return {
    code: "ladder.repeated",
    zh: `同一当事人同类事项在规定期间内已是第${times}次`,
    en: `the same subject did the same ${times} times inside the window`,
  };
}

const reasons = {
  corrected: {
    code: "ladder.corrected",
    zh: "已经改正，教育后结束",
    en: "put right: it ends with education",
  },
  harm: { code: "ladder.harm", zh: "造成危害或危险", en: "there is harm or danger" },
  graceRuns: { code: "ladder.grace_runs", zh: "已劝导，待复查", en: "warned: look again first" },
  referral: { code: "ladder.referral", zh: "不属于本机关处罚事项", en: "no matter for a penalty here" },
  dispatchFirst: { code: "ladder.dispatch_first", zh: "须立即到场", en: "somebody must go there at once" },
  workFirst: { code: "ladder.work_first", zh: "先派遣处置", en: "it is cleared or repaired first" },
  notCorrected: { code: "ladder.not_corrected", zh: "逾期未改正", en: "not put right in time" },
  notMinorFirst: {
    code: "ladder.not_minor_first",
    zh: "不属于先行劝导的事项",
    en: "not a matter that is warned about first",
  },
  minorFirst: { code: "ladder.minor_first", zh: "轻微事项先行劝导", en: "minor: it is asked for first" },
  noPenalty: {
    code: "ladder.no_penalty_here",
    zh: "本机关不得就此处罚，移送有权机关",
    en: "no penalty is possible here: it goes to whoever may",
  },
} as const satisfies Record<string, RungReason>;

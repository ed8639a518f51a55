import type { CaseClock, ClockKind } from "../../clocks/clock.ts";
import type { DocumentCode } from "../../documents/document-codes.ts";
import { type Refusal, type Refused, refused } from "../../refusal.ts";
import type { CaseFile } from "../case-file.ts";
import type { CaseState } from "../case-states.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects, StepContext, StepEffect } from "../engine.ts";
import { investigationGuards } from "../guards/investigation-guards.ts";
import { actorName } from "../investigators.ts";
import { paidOff } from "../paid-off.ts";
import { serviceClock } from "../service-clock.ts";
import type { StepFacts } from "../step-facts.ts";

/** Clocks that only matter on the way to a decision. */
const BEFORE_DECISION: readonly ClockKind[] = [
  "clue_verification",
  "statement",
  "hearing_request",
  "decision",
];

/** C08, C09, C28: ways a case ends without a penalty. */
export const exitSteps: Effects<"decide_no_penalty" | "dismiss" | "terminate" | "transfer"> = {
  decide_no_penalty: (context) => {
    const { file, step, actor, facts } = context;
    const ended = leave(context, "no_penalty", step.reason, "D08", { education: step.education });
    if ("ok" in ended) return ended;
    return {
      ...ended,
      changes: {
        ...ended.changes,
        clocks: toServe(ended, settledBy(file, "met", facts.today), facts),
        // Whoever is let off is told why it was wrong (行政处罚法 33(3)).
        education: { on: facts.today, by: actorName(actor), note: step.education },
      },
    };
  },

  dismiss: (context) => {
    const { file, step, facts } = context;
    const ended = leave(context, "dismissed", step.reason, "D08", { education: null });
    if ("ok" in ended) return ended;
    const clocks = toServe(ended, settledBy(file, "met", facts.today), facts);
    return { ...ended, changes: { ...ended.changes, clocks } };
  },

  // After the decision there is nothing to take back; what ends is its enforcement (行政强制法 40).
  terminate: (context) => {
    const { file, step, facts } = context;
    if (file.decision === null) return leave(context, "terminated", step.reason, "N15", {});
    const ended = leave(context, "execution_ended", step.reason, "N15", {});
    if ("ok" in ended) return ended;
    const clocks = endClocks(file.clocks, ["payment", "cash_handover", "litigation"], "stopped", facts.today);
    return { ...ended, changes: { ...ended.changes, ...paidOff({ ...file, clocks }, facts.today) } };
  },

  transfer: (context) => {
    const { to, receiver, reason } = context.step;
    const state = to === "judicial" ? "transferred_judicial" : "transferred_agency";
    return leave(context, state, reason, "D20", { to, receiver });
  },
};

function leave(
  context: StepContext,
  kind: CaseState,
  reason: string,
  code: DocumentCode,
  fields: Readonly<Record<string, unknown>>,
): StepEffect | Refused {
  const { file, actor, facts } = context;
  // Once the case has ended nobody could give the things back, or answer the party, any more.
  const open = investigationGuards.preservations_resolved(context) ?? refuseUnanswered(file);
  if (open !== null) return refused(open);
  return {
    changes: {
      exit: { kind, on: facts.today, by: actorName(actor), reason },
      clocks: settledBy(file, "stopped", facts.today),
      overlays: file.overlays.filter((overlay) => overlay !== "suspended"),
      pauses: file.pauses.map((pause) => (pause.to === null ? { ...pause, to: facts.today } : pause)),
    },
    state: kind,
    documents: [{ docId: facts.newId("doc"), code, fields: { reason, ...fields } }],
    why: reason,
  };
}

/** D08 has to reach the party like any decision about it. */
function toServe(
  { documents = [] }: StepEffect,
  clocks: readonly CaseClock[],
  facts: StepFacts,
): CaseClock[] {
  return [...clocks, ...documents.map(({ docId }) => serviceClock(docId, facts))];
}

/** A statement of the party that nobody has reviewed (行政处罚法 45). */
export function refuseUnanswered({ statements }: CaseFile): Refusal | null {
  if (statements.every(({ review }) => review !== null)) return null;
  return {
    code: "statement.unreviewed",
    article: "xzcf:45(1)",
    messageZh: "当事人的陈述申辩尚未复核，请先复核。",
    messageEn: "A statement of the party has not been reviewed; do that first.",
  };
}

/** What was still running towards a decision ends with the case; `state` says how the time to decide did. */
function settledBy(file: CaseFile, state: "met" | "stopped", on: string) {
  const decided = endClocks(file.clocks, ["decision"], state, on);
  return endClocks(decided, BEFORE_DECISION, "stopped", on);
}

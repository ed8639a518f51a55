import { type Interruption, sameAct } from "../discretion/one-act.ts";
import type { CaseFile, CorrectionOrder } from "./case-file.ts";
import type { EarlierDecision } from "./step-facts.ts";

/**
 * One act (B-16): facts name the earlier decisions about the same party and matter. One record shows one act; otherwise that
 * decision begins a new one, and so do an order's due date and a stop that was found on the spot.
 */
export function isSameAct(file: CaseFile, earlier: EarlierDecision): boolean {
  if (earlier.caseId === file.caseId) return false;
  if (earlier.incidentIds.some((incidentId) => file.incidentIds.includes(incidentId))) return true;
  const ours = { subject: "", violation: file.violation, ...file.act };
  const theirs = {
    ...{ subject: "", violation: file.violation, place: earlier.place },
    ...{ startedAt: earlier.actStartedAt, endedAt: earlier.actEndedAt },
  };
  return sameAct(ours, theirs, [
    { kind: "decision", on: earlier.decidedOn },
    ...file.orders.flatMap(interruptionsBy),
  ]);
}

function interruptionsBy({ servedOn, dueOn, recheck }: CorrectionOrder): Interruption[] {
  return [
    ...(servedOn === null ? [] : [{ kind: "order_due", on: dueOn } as const]),
    // Only its day is known: what follows on a later day is new.
    ...(recheck?.corrected === true ? [{ kind: "order_due", on: recheck.on } as const] : []),
  ];
}

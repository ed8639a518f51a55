import type { DiscretionFindings } from "../discretion/findings.ts";
import type { Computation, Penalty, PenaltyBasis } from "../discretion/penalty.ts";
import type { StepContext } from "./engine.ts";
import type { StepFacts } from "./step-facts.ts";

/** The basis with this id, of those the matter has. */
export function basisOf(facts: StepFacts, basisId: string): PenaltyBasis | undefined {
  return facts.matter.bases.find(({ id }) => id === basisId);
}

/** The penalty this step is about: what it asks for, or what the file has on the way. Null while nothing is. */
export function proposedPenalty(context: StepContext): Penalty | null {
  const { file, step } = context;
  if (step.step === "submit_decision" || step.step === "decide_on_the_spot") return step.penalty;
  if (step.step === "issue_notice") return step.penalty ?? noticeProposal(context);
  return file.decisionProposal?.penalty ?? file.notice?.proposal ?? null;
}

/** The findings this step rests on. */
export function findingsOf({ file, step }: StepContext): DiscretionFindings | null {
  return step.step === "decide_on_the_spot" ? step.findings : file.findings;
}

function noticeProposal(context: StepContext): Penalty | null {
  const { computation } = context.file;
  return computation === null ? null : penaltyOf(computation, basisOf(context.facts, computation.basisId));
}

/** What the computation comes to: its fine, or the mildest kind the basis has beside a fine. */
export function penaltyOf(computation: Computation, basis: PenaltyBasis | undefined): Penalty {
  const { basisId, fineFen } = computation;
  const mildest = basis?.kinds.find((kind) => kind !== "fine") ?? "warning";
  return { kinds: [fineFen > 0 ? "fine" : mildest], fineFen, confiscation: null, basisId };
}

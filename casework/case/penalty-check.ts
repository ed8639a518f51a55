import { isInForce } from "../discretion/benchmark.ts";
import { penaltyFaults } from "../discretion/check-penalty.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import type { Computation, Penalty } from "../discretion/penalty.ts";
import type { Refusal } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { computeForCase } from "./compute-for-case.ts";
import type { StepContext } from "./engine.ts";
import { actDay } from "./law-in-time.ts";
import { basisOf, findingsOf, proposedPenalty } from "./proposed-penalty.ts";
import type { StepFacts } from "./step-facts.ts";

/** A penalty with everything it is judged by. */
export interface PenaltyOnTheWay {
  readonly penalty: Penalty;
  readonly computation: Computation;
  readonly faults: readonly Refusal[];
}

/** The penalty this step is about, weighed and checked. A refusal where it cannot even be judged. */
export function checkedPenalty(
  context: StepContext,
): ({ readonly ok: true } & PenaltyOnTheWay) | { readonly ok: false; readonly refusal: Refusal } {
  const { file, facts } = context;
  const penalty = proposedPenalty(context);
  const computation = computationOf(context);
  const findings = findingsOf(context);
  const basis = penalty === null ? undefined : basisOf(facts, penalty.basisId);
  if (penalty === null || computation === null || findings === null)
    return { ok: false, refusal: notWeighed };
  if (basis === undefined) return { ok: false, refusal: basisUnknown };
  const actOn = actDay(file);
  const faults = penaltyFaults({
    penalty,
    basis,
    computation,
    subjectKind: subjectKind(file),
    // Law that came later and is lighter counts as if it had been in force; whether it is, another guard asks.
    actOn: isInForce(basis, actOn) ? actOn : basis.validFrom,
    ...preconditions(file, findings, facts),
  });
  return { ok: true, penalty, computation, faults };
}

/** What was computed when the investigation ended; on the spot, what the findings come to now. */
export function computationOf({ file, step, facts }: StepContext): Computation | null {
  if (step.step !== "decide_on_the_spot") return file.computation;
  const result = computeForCase(file, step.findings, facts);
  return result.ok ? result.computation : null;
}

/** What some bases ask for before they can be applied. */
export function preconditions(
  file: CaseFile,
  findings: DiscretionFindings,
  facts: StepFacts,
): { readonly orderNotObeyed: boolean; readonly refuses: boolean } {
  return {
    orderNotObeyed: orderNotObeyed(file, facts),
    refuses: findings.refused !== null && findings.refused.evidenceIds.length > 0,
  };
}

/** A small trader (个体工商户) answers as a person. */
export function subjectKind({ party }: CaseFile): "person" | "unit" {
  return party?.kind === "legal_person" || party?.kind === "organisation" ? "unit" : "person";
}

function orderNotObeyed({ orders }: CaseFile, { today }: StepFacts): boolean {
  return orders.some(
    ({ servedOn, dueOn, recheck }) => servedOn !== null && dueOn < today && recheck?.corrected === false,
  );
}

const notWeighed: Refusal = {
  code: "penalty.not_weighed",
  article: "xzcf:34",
  messageZh: "没有经过裁量的处罚建议，请先办理调查终结并进行裁量。",
  messageEn: "No penalty has been proposed and weighed; conclude the investigation first.",
};

const basisUnknown: Refusal = {
  code: "penalty.basis_unknown",
  article: "xzcf:4",
  messageZh: "所选处罚依据不属于本案事项，请从可用依据中选择。",
  messageEn: "This basis does not belong to the matter; choose one that does.",
};

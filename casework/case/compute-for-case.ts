import { computePenalty } from "../discretion/compute.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import type { Computation } from "../discretion/penalty.ts";
import type { Fen } from "../money.ts";
import { type Refusal, type Refused, refused } from "../refusal.ts";
import type { CaseFile } from "./case-file.ts";
import { refuseFindings } from "./refuse-findings.ts";
import type { StepFacts } from "./step-facts.ts";

/**
 * The penalty that these findings lead to, by the basis they name and its benchmark: of the day of the act where it has one
 * for that day, else of today. `simplifiedMaxFen`: the highest fine of the simplified procedure, where it is one. Refuses
 * findings that the file contradicts.
 */
export function computeForCase(
  file: CaseFile,
  findings: DiscretionFindings,
  facts: StepFacts,
  simplifiedMaxFen?: Fen,
): { readonly ok: true; readonly computation: Computation } | Refused {
  const basis = facts.matter.bases.find(({ id }) => id === findings.basisId);
  if (basis === undefined) return refused(basisUnknown);
  const benchmark = facts.matter.benchmarks.find(({ basisId }) => basisId === basis.id);
  if (benchmark === undefined) return refused(benchmarkMissing);
  const contradiction = refuseFindings(file, findings, facts);
  if (contradiction !== null) return refused(contradiction);
  return computePenalty({
    findings,
    basis,
    benchmark,
    parameters: facts.parameters,
    likeCases: facts.likeCases,
    ...(simplifiedMaxFen === undefined ? {} : { simplified: { maxFen: simplifiedMaxFen } }),
  });
}

const basisUnknown: Refusal = {
  code: "discretion.basis_unknown",
  article: "xzcf:4",
  messageZh: "所选处罚依据不属于本案事项或在违法行为当日无效，请从可用依据中选择。",
  messageEn:
    "This basis does not belong to the matter or was not in force on the day of the act; choose another.",
};

const benchmarkMissing: Refusal = {
  code: "discretion.benchmark_missing",
  article: "xzcf:34",
  messageZh: "该处罚依据没有可用的裁量权基准，请先由管理员载入。",
  messageEn: "There is no benchmark for this basis; have it loaded first.",
};

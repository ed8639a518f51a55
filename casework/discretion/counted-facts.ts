import { type Refused, refused } from "../refusal.ts";
import { type Benchmark, type Factor, raisesForUseOfRights } from "./benchmark.ts";
import type { DiscretionFindings } from "./findings.ts";

/** The facts that were found, in the benchmark's order, so that the order they were written down in changes nothing. */
export interface CountedFacts {
  readonly counted: readonly Factor[];
  /** Named without any evidence: they do not count. */
  readonly withoutEvidence: readonly Factor[];
}

/**
 * Which facts count. Refuses a fact the benchmark lacks, one that would punish the use of a right (行政处罚法 45), and one
 * that contradicts the other findings.
 */
export function countFacts(
  findings: DiscretionFindings,
  benchmark: Benchmark,
): { readonly ok: true; readonly facts: CountedFacts } | Refused {
  const known = new Map(benchmark.factors.map((factor) => [factor.id, factor]));
  const evidence = new Map<string, number>();
  for (const { id, evidenceIds } of findings.factors) {
    if (!known.has(id)) return refused(unknownFact(id));
    evidence.set(id, (evidence.get(id) ?? 0) + evidenceIds.length);
  }
  const named = benchmark.factors.filter((factor) => evidence.has(factor.id));
  const counts = (factor: Factor) => !factor.evidenceNeeded || (evidence.get(factor.id) ?? 0) > 0;
  const counted = named.filter(counts);
  for (const factor of counted) {
    if (raisesForUseOfRights(factor)) return refused(rightsNeverRaise(factor));
    if (contradicts(factor, findings)) return refused(contradiction(factor));
  }
  return { ok: true, facts: { counted, withoutEvidence: named.filter((factor) => !counts(factor)) } };
}

function contradicts({ excludes }: Factor, findings: DiscretionFindings): boolean {
  if (excludes === undefined) return false;
  const found = {
    first_time: findings.firstTime,
    corrected: findings.corrected,
    harm_below_serious: findings.harm !== "serious",
  };
  return found[excludes];
}

const unknownFact = (id: string) => ({
  code: "discretion.factor_unknown",
  article: "xzcf:34",
  messageZh: `裁量权基准中没有“${id}”这一情节，请从基准所列情节中选择。`,
  messageEn: `The benchmark has no fact "${id}"; choose one that it lists.`,
});

const rightsNeverRaise = (factor: Factor) => ({
  code: "discretion.rights_never_raise",
  article: "xzcf:45",
  messageZh: `“${factor.zh}”属于当事人行使权利，不得因此给予更重的处罚，请删除该情节。`,
  messageEn: `"${factor.en}" is the use of a right and must not make the penalty heavier; remove the fact.`,
});

const contradiction = (factor: Factor) => ({
  code: "discretion.findings_contradict",
  article: "xzcf:5",
  messageZh: `情节“${factor.zh}”与其他调查认定的事实相互矛盾，请核对证据后改正其中一项。`,
  messageEn: `The fact "${factor.en}" contradicts the other findings; check the evidence and correct one of them.`,
});

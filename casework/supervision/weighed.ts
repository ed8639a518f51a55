import type { CaseFile } from "../case/case-file.ts";
import { amountsOf } from "../discretion/amount.ts";
import { type Benchmark, type Factor, tierOf } from "../discretion/benchmark.ts";
import { isLoweredForAge } from "../discretion/exemption.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import type { PenaltyBasis } from "../discretion/penalty.ts";
import type { Fen } from "../money.ts";
import type { SupervisionFacts } from "./finding.ts";

/** What the investigation found, held against the basis and the benchmark. */
export interface Weighed {
  readonly findings: DiscretionFindings;
  readonly basis: PenaltyBasis;
  readonly benchmark: Benchmark;
  /** Facts that have evidence, or need none. */
  readonly counted: readonly Factor[];
  /** Names of the facts that must lower (行政处罚法 30, 32). */
  readonly mandatory: readonly string[];
  /** The highest fine they leave open; null without one. */
  readonly ceilingFen: Fen | null;
  /** A provision lets the fine go below the statutory minimum. */
  readonly mayMitigate: boolean;
}

/** Undefined where the file has no findings, or the matter lacks the basis or its benchmark. */
export function weighedOf(
  file: CaseFile,
  basisId: string,
  { matter }: SupervisionFacts,
): Weighed | undefined {
  const { findings } = file;
  const basis = matter.bases.find(({ id }) => id === basisId);
  const benchmark = matter.benchmarks.find((row) => row.basisId === basisId);
  if (findings === null || basis === undefined || benchmark === undefined) return undefined;
  const proven = new Set(
    findings.factors.filter(({ evidenceIds }) => evidenceIds.length > 0).map(({ id }) => id),
  );
  const named = new Set(findings.factors.map(({ id }) => id));
  const counted = benchmark.factors.filter(
    ({ id, evidenceNeeded }) => proven.has(id) || (!evidenceNeeded && named.has(id)),
  );
  const mandatory = [
    ...(isLoweredForAge(findings) ? ["age"] : []),
    ...counted.filter(({ kind }) => kind === "mandatory_lower").map(({ id }) => id),
  ];
  // Beside facts that raise by a tier the penalty is one tier lower than those alone would make it.
  const raised = counted.some(({ kind, effect }) => kind === "raise" && effect.kind === "tier_shift");
  const tier = tierOf(benchmark, raised ? "general" : "light");
  return {
    ...{ findings, basis, benchmark, counted, mandatory },
    ceilingFen: mandatory.length === 0 ? null : amountsOf(basis, tier).upperFen,
    mayMitigate:
      isLoweredForAge(findings) ||
      counted.some(({ kind, source }) => kind.endsWith("_lower") && source.startsWith("xzcf:")),
  };
}

export function aboveCeiling({ ceilingFen }: Weighed, fineFen: Fen): boolean {
  return ceilingFen !== null && fineFen > ceilingFen;
}

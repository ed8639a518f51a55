import { subjectKind } from "../../case/penalty-check.ts";
import { amountZh } from "../amount-zh.ts";
import { phrase, provisionZh, sentence } from "../format-zh.ts";
import {
  isDismissed,
  type OfCase,
  type Penalty,
  type PenaltyBasis,
  penaltyKinds,
  type TierId,
} from "../source.ts";
import type { FieldValues } from "../template.ts";
import { changeOf } from "./changed.ts";

const TIERS: Record<TierId, string> = {
  none: "不予处罚",
  mitigated: "减轻处罚",
  light: "从轻处罚",
  general: "一般处罚",
  heavy: "从重处罚",
};

/** 处罚的种类、幅度、依据和裁量, at each of its stages: computed, proposed, submitted, decided, changed. */
export function penaltyFields(source: OfCase): FieldValues {
  const { file } = source;
  const { computation, notice, decisionProposal, decision } = file;
  const bases = basesOf(source);
  const basis = bases.length === 1 ? bases[0] : undefined;
  const changed = changeOf(source)?.penalty ?? null;
  const forbids = citeAll(
    bases.map((one) => one.forbids),
    source,
  );
  return {
    forbids,
    violated: isDismissed(file) ? null : forbids,
    penalises: citeAll(
      bases.map(({ penalises }) => penalises),
      source,
    ),
    penaltyRange: basis === undefined || basis.maxFen === 0 ? null : rangeZh(basis),
    tier: computation === null ? null : TIERS[computation.tier],
    benchmark: computation?.benchmarkVersion,
    discretion: computation?.steps.map(({ zh }) => phrase(zh)),
    departure: computation?.departure,
    computedPenalty: computation === null || computation.tier === "none" ? null : computedZh(source),
    proposedPenalty: notice === null ? null : penaltyZh(notice.proposal),
    submittedPenalty: decisionProposal === null ? null : penaltyZh(decisionProposal.penalty),
    decidedPenalty: decision === null ? null : penaltyZh(decision.penalty),
    finalPenalty: decision === null ? null : penaltyZh(file.changes.at(-1)?.penalty ?? decision.penalty),
    changedPenalty: changed === null ? null : penaltyZh(changed),
    decidedFine: decision === null || decision.penalty.fineFen === 0 ? null : decision.penalty.fineFen,
    decisionReasons: decision === null ? null : sentence(decision.reasons),
    decisionOn: decision?.on,
    surchargeAnnounced: decision?.surchargeAnnounced === true && decision.penalty.fineFen > 0 ? "是" : null,
    exemptionDeclined: file.findings?.exemptionDeclined,
    education: sentence(file.education?.note ?? ""),
  };
}

/** `警告；罚款人民币贰仟元整（¥2,000.00）` */
export function penaltyZh({ kinds, fineFen, confiscation }: Penalty): string {
  return kinds
    .map((kind) => {
      if (kind === "fine") return `罚款${amountZh(fineFen)}`;
      if (kind === "confiscation") return confiscation ?? penaltyKinds.confiscation;
      return penaltyKinds[kind];
    })
    .join("；");
}

/**
 * The basis of the latest word about the penalty. Before anything was computed: those that fit the party, so that an order
 * to correct can name what was broken.
 */
function basesOf({ file, matter }: OfCase): readonly PenaltyBasis[] {
  const { decision, decisionProposal, notice, computation, findings, party } = file;
  const basisId =
    decision?.penalty.basisId ??
    decisionProposal?.penalty.basisId ??
    notice?.proposal.basisId ??
    computation?.basisId ??
    findings?.basisId;
  const bases = matter?.bases ?? [];
  const chosen = bases.filter(({ id }) => id === basisId);
  if (chosen.length > 0 || party === null) return chosen.length > 0 ? chosen : bases;
  const subject = subjectKind(file);
  const fitting = bases.filter(({ subjectKind }) => subjectKind === "any" || subjectKind === subject);
  return fitting.length > 0 ? fitting : bases;
}

function citeAll(provisions: readonly PenaltyBasis["forbids"][], { cite }: OfCase): string | null {
  return provisions.length === 0
    ? null
    : [...new Set(provisions.map((one) => provisionZh(cite(one))))].join("、");
}

function computedZh({ file: { computation } }: OfCase): string | null {
  if (computation === null) return null;
  return computation.fineFen === 0 ? "不含罚款的处罚" : `罚款${amountZh(computation.fineFen)}`;
}

function rangeZh({ minFen, maxFen }: PenaltyBasis): string {
  if (minFen === maxFen) return amountZh(maxFen);
  return minFen === 0 ? `${amountZh(maxFen)}以下` : `${amountZh(minFen)}以上${amountZh(maxFen)}以下`;
}

import type { CaseFile } from "../case/case-file.ts";
import { computePenalty } from "../discretion/compute.ts";
import { exemptionOf } from "../discretion/exemption.ts";
import { isLikeOutlier, summariseLikeCases } from "../discretion/like-cases.ts";
import { formatYuan } from "../money.ts";
import { isFilled } from "../refusal.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";
import { aboveCeiling, type Weighed, weighedOf } from "./weighed.ts";

/** How the penalty was weighed (裁量). Everything is weighed again from what the investigation found. */
export const discretionChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SD01",
      zh: "处罚超出法定幅度或者种类",
      en: "outside the statutory range or kinds",
      basis: ["xzcf:5", "xzcf:9", "xzcf:76"],
    },
    (file, facts) => outsideStatute(file, facts),
  ),
  defineCheck(
    {
      code: "SD02",
      zh: "处罚超出裁量基准档次且未说明理由",
      en: "outside the benchmark's tier without a reasoned departure",
      basis: ["xzcf:34"],
    },
    (file, facts) => [outsideTier(file, facts)],
  ),
  defineCheck(
    {
      code: "SD03",
      zh: "具有应当从轻减轻情节而未从轻减轻",
      en: "a fact that must lower did not",
      basis: ["xzcf:30", "xzcf:32"],
    },
    (file, facts) => [notLowered(file, facts)],
  ),
  defineCheck(
    {
      code: "SD04",
      zh: "对应当不予处罚的行为给予处罚",
      en: "penalised what must not be, a corrected minor violation above all",
      basis: ["xzcf:33", "xzcf:30", "xzcf:31"],
    },
    (file, facts) => [mustNotPenalise(file, facts)],
  ),
  defineCheck(
    { code: "SD05", zh: "罚款明显偏离类案", en: "far from like cases", basis: ["xzcf:5"] },
    (file, facts) => [outlier(file, facts)],
  ),
];

function outsideStatute(file: CaseFile, facts: SupervisionFacts): Found[] {
  const { decision } = file;
  if (decision === null) return [];
  const changes = file.changes.flatMap(({ docId, by, penalty }) =>
    by === "agency" && penalty !== null ? [{ docId, penalty }] : [],
  );
  return [decision, ...changes].flatMap(({ docId, penalty }) => {
    const { kinds, fineFen, basisId } = penalty;
    const basis = facts.matter.bases.find(({ id }) => id === basisId);
    const evidence = { docId, basisId, fineFen, kinds };
    const found = (zh: string, en: string): Found[] => [
      {
        key: `penalty:${docId}`,
        zh,
        en,
        evidence: { ...evidence, minFen: basis?.minFen ?? null, maxFen: basis?.maxFen ?? null },
      },
    ];
    if (basis === undefined)
      return found("处罚依据不属于本案事项。", "The penalty rests on a basis that is not of this matter.");
    const fits =
      kinds.length > 0 &&
      kinds.every((kind) => basis.kinds.includes(kind)) &&
      kinds.includes("fine") === fineFen > 0;
    if (!fits)
      return found(
        "处罚种类与处罚依据或者内容不符。",
        "The kinds of penalty do not fit the basis or the content.",
      );
    const tooLow =
      fineFen > 0 && fineFen < basis.minFen && !(weighedOf(file, basisId, facts)?.mayMitigate ?? false);
    if (Number.isSafeInteger(fineFen) && fineFen <= basis.maxFen && !tooLow) return [];
    return found(
      `罚款${formatYuan(fineFen)}元不在法定幅度${formatYuan(basis.minFen)}元至${formatYuan(basis.maxFen)}元之内。`,
      `The fine of ${formatYuan(fineFen)} yuan is outside ${formatYuan(basis.minFen)} to ${formatYuan(basis.maxFen)} yuan.`,
    );
  });
}

/** Nothing where other checks tell more: what must be lowered (SD03), what must not be penalised (SD04), no such basis (SD01). */
function outsideTier(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { decision, findings } = file;
  if (decision === null) return null;
  const { penalty, docId } = decision;
  if (findings === null || file.computation === null)
    return {
      key: `unweighed:${docId}`,
      zh: "没有裁量认定和计算，即决定处罚。",
      en: "The penalty was decided without being weighed.",
      evidence: { docId, fineFen: penalty.fineFen },
    };
  const weighed = weighedOf(file, penalty.basisId, facts);
  if (weighed === undefined || aboveCeiling(weighed, penalty.fineFen)) return null;
  const range = rangeOf(file, weighed);
  if (range === null || range.tier === "none") return null;
  const { lowerFen, upperFen, tier, departedFen } = range;
  const milder = penalty.fineFen === 0 && (tier === "light" || tier === "mitigated" || departedFen !== null);
  const inside = lowerFen <= penalty.fineFen && penalty.fineFen <= upperFen;
  if (inside || milder || penalty.fineFen === departedFen) return null;
  return {
    key: `tier:${docId}`,
    zh: `罚款${formatYuan(penalty.fineFen)}元不在裁量档次${formatYuan(lowerFen)}元至${formatYuan(upperFen)}元之内，且没有说明理由。`,
    en: `The fine of ${formatYuan(penalty.fineFen)} yuan is outside its tier, ${formatYuan(lowerFen)} to ${formatYuan(upperFen)} yuan, without a reason.`,
    evidence: { docId, fineFen: penalty.fineFen, tier, lowerFen, upperFen },
  };
}

/** The tier as the findings give it again; as the file has it where the benchmark has been replaced since. */
function rangeOf({ computation }: CaseFile, { findings, basis, benchmark }: Weighed) {
  if (computation === null) return null;
  if (computation.benchmarkVersion !== benchmark.version || basis.verifiedOn === null)
    return withDeparture(computation);
  const again = computePenalty({ findings, basis, benchmark });
  return again.ok ? withDeparture(again.computation) : null;
}

function withDeparture(computation: NonNullable<CaseFile["computation"]>) {
  return { ...computation, departedFen: isFilled(computation.departure) ? computation.fineFen : null };
}

function notLowered(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { decision } = file;
  const weighed = decision === null ? undefined : weighedOf(file, decision.penalty.basisId, facts);
  if (decision === null || weighed === undefined || !aboveCeiling(weighed, decision.penalty.fineFen))
    return null;
  return {
    key: `penalty:${decision.docId}`,
    zh: `案卷记载应当从轻或者减轻处罚的情节，罚款${formatYuan(decision.penalty.fineFen)}元没有相应降低档次。`,
    en: `A fact that must lower the penalty is recorded; ${formatYuan(decision.penalty.fineFen)} yuan is not lower.`,
    evidence: {
      ...{ docId: decision.docId, fineFen: decision.penalty.fineFen, ceilingFen: weighed.ceilingFen },
      facts: [...weighed.mandatory],
    },
  };
}

function mustNotPenalise(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { decision } = file;
  const weighed = decision === null ? undefined : weighedOf(file, decision.penalty.basisId, facts);
  if (decision === null || weighed === undefined) return null;
  const { findings, counted } = weighed;
  const exemption = exemptionOf(findings, counted);
  if (exemption === null || (exemption.kind === "may" && isFilled(findings.exemptionDeclined))) return null;
  const { article, kind, step } = exemption;
  return {
    key: `penalty:${decision.docId}`,
    zh: `给予了处罚，但${step.zh}`,
    en: `There was a penalty, but: ${step.en}`,
    evidence: {
      docId: decision.docId,
      article,
      kind,
      ...{ corrected: findings.corrected, harm: findings.harm },
    },
  };
}

function outlier({ decision }: CaseFile, { likeFines, parameters }: SupervisionFacts): Found | null {
  if (decision === null || decision.penalty.fineFen === 0) return null;
  const { fineFen } = decision.penalty;
  const cases = likeFines.map((fine, index) => ({ caseId: String(index), fineFen: fine }));
  const limits = {
    minimum: parameters.get("likeCases.minimum"),
    mads: parameters.get("likeCases.outlierMads"),
  };
  const summary = summariseLikeCases(cases);
  if (summary === null || !isLikeOutlier(fineFen, cases, limits)) return null;
  return {
    key: `penalty:${decision.docId}`,
    zh: `罚款${formatYuan(fineFen)}元明显偏离${summary.count}件类案的中位数${formatYuan(summary.medianFen)}元。`,
    en: `${formatYuan(fineFen)} yuan is far from the median of ${summary.count} like cases, ${formatYuan(summary.medianFen)} yuan.`,
    evidence: {
      docId: decision.docId,
      fineFen,
      count: summary.count,
      medianFen: summary.medianFen,
      mads: limits.mads,
    },
  };
}

import type { CaseEvidence, CaseFile } from "../case/case-file.ts";
import { isSameAct } from "../case/same-act.ts";
import { type Check, defineCheck, type Found, type SupervisionFacts } from "./finding.ts";

/** What the case rests on: records of cameras, and one act that was not fined before. */
export const actChecks: readonly Check[] = [
  defineCheck(
    {
      code: "SP07",
      zh: "监控设备不符合使用条件或者记录未经审核",
      en: "a camera not usable that day, or its record not reviewed",
      basis: ["xzcf:41"],
    },
    (file, facts) => [...unusable(file, facts), soleCamera(file, facts)],
  ),
  defineCheck(
    { code: "SP10", zh: "同一违法行为再次罚款", en: "a second fine for the same act", basis: ["xzcf:29"] },
    (file, facts) => finedBefore(file, facts),
  ),
];

function standing(file: CaseFile): CaseEvidence[] {
  return file.evidence.filter(({ withdrawn }) => withdrawn === null);
}

/**
 * A record that is only a clue may be anything; one that somebody relies on may not: it was verified, a notice or decision
 * rests on the file, or the case was filed with nothing better at hand.
 */
export function reliedOn(file: CaseFile, item: CaseEvidence, facts: SupervisionFacts): boolean {
  if (item.verified !== null || file.notice !== null || file.decision !== null) return true;
  const filedOn = file.filing?.filedOn ?? null;
  if (filedOn === null || item.addedOn > filedOn) return false;
  const initial = file.evidence.filter(
    ({ addedOn, withdrawn }) => addedOn <= filedOn && (withdrawn === null || withdrawn.on >= filedOn),
  );
  return !initial.some((other) => other.kind !== "camera_record" || isUsable(other, facts));
}

function isUsable({ incidentId }: CaseEvidence, { record }: SupervisionFacts): boolean {
  const known = incidentId === null ? undefined : record(incidentId);
  return known?.confirmed === true && known.faults.length === 0;
}

function unusable(file: CaseFile, facts: SupervisionFacts): Found[] {
  return standing(file).flatMap((item) => {
    if (item.kind !== "camera_record" || !reliedOn(file, item, facts)) return [];
    const { evidenceId, incidentId } = item;
    const record = incidentId === null ? undefined : facts.record(incidentId);
    if (record === undefined || !record.confirmed)
      return [
        {
          key: `record:${evidenceId}`,
          zh: "作为证据的电子技术监控记录未经审核确认。",
          en: "A monitoring record serves as evidence though nobody has reviewed it.",
          evidence: { evidenceId, incidentId, cameraId: record?.cameraId ?? null },
        },
      ];
    if (record.faults.length === 0) return [];
    return [
      {
        key: `camera:${evidenceId}`,
        zh: `采集当日（${record.capturedOn}）该设备不符合使用条件：${record.faults.map(({ zh }) => zh).join("；")}。`,
        en: `On the day of the capture, ${record.capturedOn}, the camera was not usable: ${record.faults.map(({ en }) => en).join("; ")}.`,
        evidence: {
          ...{ evidenceId, incidentId, cameraId: record.cameraId, capturedOn: record.capturedOn },
          rules: record.faults.map(({ rule }) => rule),
        },
      },
    ];
  });
}

/** B-12: a decision on cameras alone, none of which may prove alone. */
function soleCamera(file: CaseFile, facts: SupervisionFacts): Found | null {
  const { decision } = file;
  const evidence = standing(file);
  if (decision === null || evidence.some(({ kind }) => kind !== "camera_record")) return null;
  const alone = evidence.some(
    ({ incidentId }) => incidentId !== null && facts.record(incidentId)?.useAuthority === "sole_evidence",
  );
  if (alone) return null;
  return {
    key: "sole",
    zh: "处罚决定仅以不能单独作为证据的监控记录为依据。",
    en: "The decision rests on cameras alone, and none of them may prove alone.",
    evidence: { decisionDocId: decision.docId, evidenceIds: evidence.map(({ evidenceId }) => evidenceId) },
  };
}

/** Of two fines the later one is the second. */
function finedBefore(file: CaseFile, { earlierDecisions }: SupervisionFacts): Found[] {
  const { decision, caseId } = file;
  if (decision === null || decision.penalty.fineFen === 0) return [];
  return earlierDecisions
    .filter((other) => other.fineFen > 0 && isSameAct(file, other))
    .filter(
      ({ decidedOn, caseId: id }) => decidedOn < decision.on || (decidedOn === decision.on && id < caseId),
    )
    .map((other) => ({
      key: `case:${other.caseId}`,
      zh: `同一违法行为已于${other.decidedOn}被罚款（案件${other.caseId}），本案再次罚款。`,
      en: `The same act was fined on ${other.decidedOn} in case ${other.caseId}.`,
      evidence: {
        ...{ otherCaseId: other.caseId, otherDecidedOn: other.decidedOn, otherFen: other.fineFen },
        ...{ decidedOn: decision.on, fineFen: decision.penalty.fineFen },
      },
    }));
}

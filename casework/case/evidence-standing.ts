import type { CaseEvidence, CaseFile } from "./case-file.ts";
import type { CameraRecord, StepFacts } from "./step-facts.ts";

/** Evidence of the file that has not been taken out again. */
export function standingEvidence(file: CaseFile): CaseEvidence[] {
  return file.evidence.filter(({ withdrawn }) => withdrawn === null);
}

/** The camera record behind an item; undefined for other kinds, and for a record nobody knows. */
export function recordOf(item: CaseEvidence, facts: Pick<StepFacts, "record">): CameraRecord | undefined {
  if (item.kind !== "camera_record" || item.incidentId === null) return undefined;
  return facts.record(item.incidentId);
}

/** Only a clue: the camera's records may not be used as evidence, or nobody knows the record. */
export function isLeadOnly(item: CaseEvidence, facts: Pick<StepFacts, "record">): boolean {
  return (
    item.kind === "camera_record" && (recordOf(item, facts)?.useAuthority ?? "lead_only") === "lead_only"
  );
}

/** The camera was not fit for use on the day, whoever verified the record since (B-01 … B-04, B-20). */
function isFaulty(item: CaseEvidence, facts: Pick<StepFacts, "record">): boolean {
  return (recordOf(item, facts)?.faults.length ?? 0) > 0;
}

/** What can carry a decision: everything standing but the records that are only a clue, or of an unfit camera. */
export function countingEvidence(file: CaseFile, facts: Pick<StepFacts, "record">): CaseEvidence[] {
  return standingEvidence(file).filter((item) => !isLeadOnly(item, facts) && !isFaulty(item, facts));
}

/** True when a camera may prove the fact without anything else beside it (B-12). */
export function standsAlone(item: CaseEvidence, facts: Pick<StepFacts, "record">): boolean {
  return recordOf(item, facts)?.useAuthority === "sole_evidence" && !isFaulty(item, facts);
}

import type { IncidentState } from "../incident/incident-lifecycle.ts";
import type { Refusal } from "../refusal.ts";
import { regionCovers } from "../region.ts";
import type { CaseFile } from "./case-file.ts";
import type { CameraRecord, StepFacts } from "./step-facts.ts";

/** States in which an incident may still come to a penalty: not put right, not given away, not thrown out. */
const OPEN_TO_CASES: readonly IncidentState[] = ["confirmed", "not_corrected", "dispatched", "escalated"];

/** Whether a camera record is about what this case is about, and about nothing else (行政处罚法 29, 33; B-16). */
export function refuseRecord(
  file: CaseFile,
  record: CameraRecord,
  { agency }: Pick<StepFacts, "agency">,
): Refusal | null {
  if (!regionCovers(agency.region, record.region)) return elsewhere;
  if (record.violation !== file.violation) return otherMatter;
  if (!OPEN_TO_CASES.includes(record.state)) return settled;
  const other = record.caseIds.find((caseId) => caseId !== file.caseId);
  return other === undefined ? null : inOtherCase(other);
}

const elsewhere: Refusal = {
  code: "evidence.record_elsewhere",
  article: "xzcf:22",
  messageZh: "该监控记录的地点不在本机关管辖区域内，不能作为本案证据，请核对事件编号。",
  messageEn: "The record was taken outside the agency's region; check the incident.",
};

const otherMatter: Refusal = {
  code: "evidence.record_of_other_matter",
  article: "xzcf:40",
  messageZh: "该监控记录反映的不是本案事项，不能作为本案证据，请核对事件编号。",
  messageEn: "The record shows another matter than this case is about; check the incident.",
};

const settled: Refusal = {
  code: "evidence.record_settled",
  article: "xzcf:33",
  messageZh: "该视频事件已改正、正在劝导或者已作其他处置，不得再用于处罚，请核对事件的办理情况。",
  messageEn:
    "This incident was put right, is being warned about or was dealt with otherwise: no penalty can rest on it.",
};

function inOtherCase(caseId: string): Refusal {
  return {
    code: "evidence.record_in_other_case",
    article: "xzcf:29",
    messageZh: `该监控记录已是案件${caseId}的证据，一个行为只办一案，请在该案中办理。`,
    messageEn: `The record is evidence in case ${caseId}; one act, one case: go on with that one.`,
  };
}

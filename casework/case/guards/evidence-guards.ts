import type { Refusal } from "../../refusal.ts";
import type { CaseEvidence, EvidenceKind } from "../case-file.ts";
import type { Guard, StepContext } from "../engine.ts";
import {
  countingEvidence,
  isLeadOnly,
  recordOf,
  standingEvidence,
  standsAlone,
} from "../evidence-standing.ts";
import type { GuardName } from "../guard-names.ts";
import { isOfficer } from "../handling.ts";
import type { CameraRecord } from "../step-facts.ts";

/** What an officer makes on the spot: good enough to start from where the camera is only a clue. */
const OWN_RECORDS: readonly EvidenceKind[] = ["inspection_record", "interview_record", "photo"];
/** What proves a camera's picture from another side. */
const BESIDE_CAMERA: readonly EvidenceKind[] = [...OWN_RECORDS, "party_statement", "document"];

/** Whether the evidence holds (行政处罚法 40, 41, 46). */
export const evidenceGuards = {
  initial_evidence: ({ file, facts }) => {
    const good = standingEvidence(file).some((item) => {
      if (item.kind === "camera_record") {
        const record = recordOf(item, facts);
        return record?.confirmed === true && record.faults.length === 0 && !isLeadOnly(item, facts);
      }
      return OWN_RECORDS.includes(item.kind) && item.addedBy !== null && isOfficer(item.addedBy, facts);
    });
    if (good) return null;
    return {
      code: "filing.initial_evidence_required",
      article: "xzcf:41(1)",
      messageZh:
        "立案须有初步证据：经审核确认、设备当日合规且可作为证据使用的监控记录，或执法人员自行制作的现场检查笔录、询问笔录、现场照片。",
      messageEn:
        "Filing needs initial evidence: a confirmed record of a camera that was fit for use as evidence that day, or a record an officer made on the spot.",
    };
  },

  /** Asked again at every step that rests on the records: a camera may be found unfit after one was verified. */
  records_usable: (context) => {
    const { step, facts } = context;
    const carrying = judged(context).filter(
      (item) => step.step === "verify_evidence" || !isLeadOnly(item, facts),
    );
    const records = carrying.map((item) => recordOf(item, facts));
    const faulty = records.find((record) => record !== undefined && record.faults.length > 0);
    if (faulty === undefined) return null;
    return {
      code: "evidence.camera_unusable",
      article: "xzcf:41(1)",
      messageZh: `监控设备在${faulty.capturedOn}不符合使用条件（${list(faulty, "zh", "；")}），该记录不得作为证据，请撤销该证据或另行取证。`,
      messageEn: `The camera was not usable on ${faulty.capturedOn} (${list(faulty, "en", "; ")}): its record is no evidence. Withdraw it or find other evidence.`,
    };
  },

  records_confirmed: (context) => {
    const { step, facts } = context;
    if (step.step === "add_evidence") {
      if (step.kind !== "camera_record") return null;
      const record = step.incidentId === null ? undefined : facts.record(step.incidentId);
      return record?.confirmed === true ? null : notConfirmed;
    }
    const open = judged(context).some(
      (item) => item.kind === "camera_record" && recordOf(item, facts)?.confirmed !== true,
    );
    return open ? notConfirmed : null;
  },

  not_sole_camera: ({ file, facts }) => {
    const counting = countingEvidence(file, facts);
    const other = counting.some((item) => item.kind !== "camera_record");
    if (other || counting.some((item) => standsAlone(item, facts))) return null;
    return {
      code: "evidence.sole_camera",
      article: "xzcf:41(1)",
      messageZh:
        "现有证据均为监控记录，且拍摄当日没有一处设备可单独作为证据，不能据此处罚。请补充现场检查笔录、询问笔录等其他证据。",
      messageEn:
        "All evidence comes from cameras, none of which could stand alone on the day: no penalty can rest on it. Add an inspection, an interview or other evidence.",
    };
  },

  evidence_complete: ({ file, facts }) => {
    const counting = countingEvidence(file, facts);
    if (counting.length === 0) return incomplete("没有可以作为证据的材料", "there is no evidence");
    const beside = counting.some(({ kind }) => BESIDE_CAMERA.includes(kind));
    if (beside || counting.some((item) => standsAlone(item, facts))) return null;
    return incomplete(
      "缺少现场检查笔录、询问笔录、当事人陈述或书证",
      "an inspection, an interview, a statement of the party or a document is missing",
    );
  },

  evidence_verified: ({ file }) => {
    const open = standingEvidence(file).filter(({ verified }) => verified === null);
    const [first] = open;
    if (first === undefined) return null;
    return {
      code: "evidence.unverified",
      article: "xzcf:46(2)",
      messageZh: `还有${open.length}份证据未经查证（如“${first.title}”），证据须查证属实方可作为认定事实的根据，请逐份查证或撤销。`,
      messageEn: `${open.length} item(s) of evidence not verified yet, "${first.title}" among them; verify or withdraw each.`,
    };
  },
} as const satisfies Partial<Record<GuardName, Guard>>;

/** The item a step is about, or all that stands. */
function judged({ file, step }: StepContext): CaseEvidence[] {
  const standing = standingEvidence(file);
  if (step.step !== "verify_evidence") return standing;
  return standing.filter(({ evidenceId }) => evidenceId === step.evidenceId);
}

const notConfirmed: Refusal = {
  code: "evidence.record_not_confirmed",
  article: "xzcf:41(2)",
  messageZh: "监控记录未经审核确认真实、清晰、完整、准确的，不得作为证据，请先审核或撤销该证据。",
  messageEn:
    "A record nobody has confirmed as true, clear, complete and accurate is no evidence; review or withdraw it.",
};

function incomplete(zh: string, en: string): Refusal {
  return {
    code: "evidence.incomplete",
    article: "xzcf:40",
    messageZh: `证据不齐：${zh}，违法事实不清、证据不足的，不得给予行政处罚，请补充证据。`,
    messageEn: `The evidence is not complete: ${en}. Add it; without it no penalty is possible.`,
  };
}

function list(record: CameraRecord, language: "zh" | "en", separator: string): string {
  return record.faults.map((fault) => `${fault.rule} ${fault[language]}`).join(separator);
}

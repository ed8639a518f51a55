import { isFilled, type Refusal, refused } from "../../refusal.ts";
import type { CaseEvidence, CaseFile, EvidenceKind } from "../case-file.ts";
import { endClocks } from "../end-clocks.ts";
import type { Effects } from "../engine.ts";
import { evidenceSource } from "../evidence-source.ts";
import { isLeadOnly, recordOf, standingEvidence } from "../evidence-standing.ts";
import { actorName } from "../investigators.ts";
import { refuseRecord } from "../refuse-record.ts";
import type { StepFacts } from "../step-facts.ts";

/** What officers write down is made by the step that asks for all it must hold. */
const OWN_STEP: readonly EvidenceKind[] = ["interview_record", "inspection_record"];
/** What is looked at later as it came in, so its file is named by its hash. */
const WITH_FILE: readonly EvidenceKind[] = [
  "photo",
  "document",
  "expert_opinion",
  "party_statement",
  "witness",
];

/** Evidence comes in, is verified, and goes out again (行政处罚法 41, 46). */
export const evidenceSteps: Effects<"add_evidence" | "verify_evidence" | "withdraw_evidence"> = {
  add_evidence: ({ file, step, actor, facts }) => {
    const { kind, title, incidentId, sha256, from } = step;
    if (!isFilled(title)) return refused(titleMissing);
    if (OWN_STEP.includes(kind)) return refused(ownStep);
    if (WITH_FILE.includes(kind) && !isFilled(sha256)) return refused(fileMissing);
    const known = standingEvidence(file).some((item) => item.kind === kind && item.incidentId === incidentId);
    if (kind === "camera_record" && known) return refused(addedAlready);
    if (kind !== "camera_record" && incidentId !== null) return refused(notARecord);
    const record = incidentId === null ? undefined : facts.record(incidentId);
    const unfit = record === undefined ? null : refuseRecord(file, record, facts);
    if (unfit !== null) return refused(unfit);
    const item = newEvidence({ kind, title, addedBy: actorName(actor) }, facts);
    return {
      changes: {
        evidence: [...file.evidence, { ...item, from: evidenceSource(kind, from), incidentId, sha256 }],
        // A record brought in later is part of what the case is about.
        incidentIds:
          incidentId === null || file.incidentIds.includes(incidentId)
            ? file.incidentIds
            : [...file.incidentIds, incidentId],
      },
      why: title,
    };
  },

  verify_evidence: ({ file, step, actor, facts }) => {
    const item = standing(file, step.evidenceId);
    if (item === undefined) return refused(unknownEvidence);
    if (!isFilled(step.note)) return refused(noteMissing);
    const by = actorName(actor);
    if (recordOf(item, facts)?.reviewer === by) return refused(onlySignature);
    const verified = { by, on: facts.today, note: step.note };
    return { changes: { evidence: replaced(file, { ...item, verified }) }, why: step.note };
  },

  withdraw_evidence: ({ file, step, facts }) => {
    const item = standing(file, step.evidenceId);
    if (item === undefined) return refused(unknownEvidence);
    const withdrawn = { on: facts.today, reason: step.reason };
    const isRecord = item.kind === "camera_record";
    // What was concluded from it holds no longer: the investigation has to be opened again (B-11).
    const carried = file.computation !== null && !isLeadOnly(item, facts);
    return {
      changes: {
        evidence: replaced(file, { ...item, withdrawn }),
        ...(carried ? { computation: null } : {}),
        clocks: isRecord ? endClocks(file.clocks, ["record_withdrawal"], "met", facts.today) : file.clocks,
      },
      why: step.reason,
    };
  },
};

/** A new item of the file, not verified yet. */
export function newEvidence(
  { kind, title, addedBy }: { kind: EvidenceKind; title: string; addedBy: string },
  facts: StepFacts,
): CaseEvidence {
  return {
    evidenceId: facts.newId("evidence"),
    kind,
    title,
    addedOn: facts.today,
    addedBy,
    from: evidenceSource(kind),
    incidentId: null,
    sha256: null,
    verified: null,
    withdrawn: null,
  };
}

function standing(file: CaseFile, evidenceId: string): CaseEvidence | undefined {
  return standingEvidence(file).find((item) => item.evidenceId === evidenceId);
}

function replaced(file: CaseFile, changed: CaseEvidence): CaseEvidence[] {
  return file.evidence.map((item) => (item.evidenceId === changed.evidenceId ? changed : item));
}

export const unknownEvidence: Refusal = {
  code: "evidence.unknown",
  messageZh: "本案没有该份证据，或者该证据已撤销，请刷新后重试。",
  messageEn: "The case has no such evidence, or it was withdrawn; reload and try again.",
};

const titleMissing: Refusal = {
  code: "evidence.title_required",
  messageZh: "请填写证据名称。",
  messageEn: "Name the evidence.",
};

const ownStep: Refusal = {
  code: "evidence.own_step",
  article: "xzcf:55(2)",
  messageZh:
    "询问笔录、现场检查（勘验）笔录须通过“制作询问笔录”“制作现场检查（勘验）笔录”办理，不能直接添加。",
  messageEn: "An interview or an inspection is put on record by its own step; it cannot simply be added.",
};

const fileMissing: Refusal = {
  code: "evidence.file_required",
  article: "xzcf:46",
  messageZh: "照片、书证、鉴定意见、当事人陈述、证人证言须附文件，请填写该文件的 SHA-256。",
  messageEn:
    "A photo, a document, an expert's opinion or a statement comes with its file: give the file's SHA-256.",
};

const addedAlready: Refusal = {
  code: "evidence.added_already",
  messageZh: "该监控记录已在本案证据中，不必重复添加。",
  messageEn: "This camera record is among the evidence already.",
};

const notARecord: Refusal = {
  code: "evidence.not_a_record",
  messageZh: "只有监控记录才能关联视频事件，请选择“电子技术监控记录”或者不填事件编号。",
  messageEn: "Only a camera record names an incident; choose that kind, or leave the incident empty.",
};

const noteMissing: Refusal = {
  code: "evidence.note_required",
  article: "xzcf:46(2)",
  messageZh: "请写明如何查证属实。",
  messageEn: "Say how it was verified.",
};

const onlySignature: Refusal = {
  code: "evidence.second_signature_required",
  article: "xzcf:41(2)",
  messageZh: "审核该监控记录的人员不得独自查证该证据，请由其他承办人员查证。",
  messageEn:
    "Whoever reviewed the record cannot be the only one to sign for it; another officer verifies it.",
};

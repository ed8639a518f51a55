import { isFilled, type Refusal, refused } from "../../refusal.ts";
import { computeForCase } from "../compute-for-case.ts";
import type { Effects } from "../engine.ts";
import { standingEvidence } from "../evidence-standing.ts";
import { actorName } from "../investigators.ts";
import { newEvidence, unknownEvidence } from "./evidence-steps.ts";

/** C04, C07: what officers ask and see, and what it comes to. */
export const inquirySteps: Effects<
  | "start_investigation"
  | "summon"
  | "record_interview"
  | "record_inspection"
  | "record_extraction"
  | "ask_assistance"
  | "suspend"
  | "resume"
  | "conclude_investigation"
> = {
  start_investigation: ({ step, facts }) => ({
    changes: {
      investigation: {
        startedOn: facts.today,
        certificateShown: step.certificateShown,
        recusalAsked: step.recusalAsked,
        concludedOn: null,
      },
    },
  }),

  summon: ({ step, facts }) => {
    const { at, place, videoLink, papers } = step;
    if (!isFilled(at) || !(isFilled(place) || isFilled(videoLink))) return refused(whenAndWhereMissing);
    return {
      changes: {},
      documents: [{ docId: facts.newId("doc"), code: "D04", fields: { at, place, videoLink, papers } }],
    };
  },

  record_interview: ({ file, step, actor, facts }) => {
    const { person, identityChecked, rightsTold, text, signed, recording } = step;
    const title = `${person}询问笔录`;
    const item = newEvidence({ kind: "interview_record", title, addedBy: actorName(actor) }, facts);
    const { evidenceId } = item;
    const fields = { evidenceId, person, identityChecked, rightsTold, text, signed, recording };
    return {
      changes: { evidence: [...file.evidence, item] },
      documents: [{ docId: facts.newId("doc"), code: "N04", fields }],
      why: title,
    };
  },

  record_inspection: ({ file, step, actor, facts }) => {
    const { place, text, partyPresent, signed } = step;
    if (!isFilled(place) || !isFilled(text)) return refused(inspectionEmpty);
    const title = `${place}现场检查（勘验）笔录`;
    const item = newEvidence({ kind: "inspection_record", title, addedBy: actorName(actor) }, facts);
    const { evidenceId } = item;
    const fields = { evidenceId, place, text, partyPresent, signed };
    return {
      changes: { evidence: [...file.evidence, item] },
      documents: [{ docId: facts.newId("doc"), code: "N05", fields }],
      why: title,
    };
  },

  record_extraction: ({ file, step, facts }) => {
    const { evidenceId, method, proves } = step;
    if (!standingEvidence(file).some((item) => item.evidenceId === evidenceId))
      return refused(unknownEvidence);
    if (!isFilled(method) || !isFilled(proves)) return refused(extractionEmpty);
    return {
      changes: {},
      documents: [{ docId: facts.newId("doc"), code: "N06", fields: { evidenceId, method, proves } }],
    };
  },

  ask_assistance: ({ step, facts }) => {
    const { receiver, request } = step;
    if (!isFilled(receiver) || !isFilled(request)) return refused(requestEmpty);
    return {
      changes: {},
      documents: [{ docId: facts.newId("doc"), code: "D21", fields: { receiver, request } }],
      why: request,
    };
  },

  // The time to decide runs on: no provision that was read takes a suspension out of it.
  suspend: ({ file, step, facts }) => ({
    changes: {
      overlays: [...file.overlays, "suspended"],
      pauses: [...file.pauses, { from: facts.today, to: null, reason: step.reason }],
    },
    why: step.reason,
  }),

  resume: ({ file, step, facts }) => {
    if (!file.overlays.includes("suspended")) return refused(notSuspended);
    return {
      changes: {
        overlays: file.overlays.filter((overlay) => overlay !== "suspended"),
        pauses: file.pauses.map((pause) => (pause.to === null ? { ...pause, to: facts.today } : pause)),
      },
      why: step.reason,
    };
  },

  conclude_investigation: ({ file, step, facts }) => {
    const { findings } = step;
    const result = computeForCase(file, findings, facts);
    if (!result.ok) return result;
    const { investigation } = file;
    const { computation } = result;
    return {
      changes: {
        findings,
        computation,
        investigation: investigation === null ? null : { ...investigation, concludedOn: facts.today },
      },
      documents: [{ docId: facts.newId("doc"), code: "N08", fields: { findings, computation } }],
    };
  },
};

const whenAndWhereMissing: Refusal = {
  code: "summon.when_and_where_required",
  messageZh: "请写明询问的时间和地点，或者视频询问的链接。",
  messageEn: "Say when and where, or give the link for a video session.",
};

const inspectionEmpty: Refusal = {
  code: "inspection.empty",
  article: "xzcf:55(2)",
  messageZh: "检查应当制作笔录，请填写地点和检查情况。",
  messageEn: "An inspection is put on record: give the place and what was found.",
};

const extractionEmpty: Refusal = {
  code: "extraction.empty",
  article: "xzcf:46",
  messageZh: "请写明提取方法和证明对象。",
  messageEn: "Say how it was extracted and what it proves.",
};

const requestEmpty: Refusal = {
  code: "assistance.empty",
  article: "xzcf:26",
  messageZh: "请写明协助机关和请求协助的事项。",
  messageEn: "Say who is asked and for what.",
};

const notSuspended: Refusal = {
  code: "case.not_suspended",
  messageZh: "案件没有中止，不需要恢复。",
  messageEn: "The case is not suspended.",
};

import { startClock } from "../clocks/due.ts";
import type { DocumentDraft } from "../documents/document-codes.ts";
import { isFilled, type Refusal, refused } from "../refusal.ts";
import { type Actor, personRequired, refuseWithout } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";
import type { StepFacts, StepResult } from "./step-facts.ts";

/** What a clue is opened with (C01). */
export type NewCase = Pick<
  CaseFile,
  "caseId" | "source" | "incidentIds" | "violation" | "agency" | "region" | "ground" | "groundNote" | "act"
>;

/**
 * Opens a case as a clue to verify (C01): the officer who opens it is its first handler, and the period for verifying it
 * runs from today. Throws `MissingCalendarError` where that period is in working days nobody has loaded.
 */
export function openCase(input: NewCase, actor: Actor, facts: StepFacts): StepResult {
  const refusal = refuseWithout("case.open", actor) ?? refuseClue(input, facts);
  if (refusal !== null) return refused(refusal);
  if (actor.kind !== "user") return refused(personRequired);
  const document: DocumentDraft = {
    docId: facts.newId("doc"),
    code: "N01",
    fields: { source: input.source, ground: input.ground, groundNote: input.groundNote },
  };
  return {
    ok: true,
    file: {
      ...NOTHING_YET,
      ...input,
      openedOn: facts.today,
      openedBy: actor.userId,
      handlers: [actor.userId],
      handledBy: [actor.userId],
      documents: [
        { docId: document.docId, code: document.code, issuedOn: facts.today, number: null, replaces: null },
      ],
      clocks: [
        startClock(
          {
            kind: "clue_verification",
            subject: "case",
            startedOn: facts.today,
            period: facts.parameters.get("clue.verify"),
            basis: "clue.verify",
            duty: "agency",
          },
          facts.calendar,
        ),
      ],
    },
    documents: [document],
    why: input.groundNote,
  };
}

/** The parts of a file that only later steps fill. */
const NOTHING_YET = {
  schema: 1,
  caseNo: null,
  procedure: "ordinary",
  state: "clue_verification",
  overlays: [],
  party: null,
  judgedBy: [],
  evidence: [],
  filing: null,
  exit: null,
  investigation: null,
  recusals: [],
  preservations: [],
  orders: [],
  findings: null,
  computation: null,
  notice: null,
  formerNotices: [],
  statements: [],
  hearing: null,
  legalReviews: [],
  discussions: [],
  decisionProposal: null,
  extensions: [],
  decision: null,
  education: null,
  services: [],
  addressConfirmation: null,
  payment: null,
  reviews: [],
  litigations: [],
  urging: null,
  court: null,
  changes: [],
  publication: null,
  pauses: [],
  closing: null,
  archive: null,
} as const satisfies Partial<CaseFile>;

function refuseClue(input: NewCase, facts: StepFacts): Refusal | null {
  if (input.source === "video" && input.incidentIds.length === 0) {
    return {
      code: "clue.incident_required",
      messageZh: "来源为视频监控的线索须关联至少一个视频事件。",
      messageEn: "A clue from video names the incident it comes from.",
    };
  }
  if (!isFilled(input.act.place) || !isFilled(input.act.summary)) {
    return {
      code: "clue.act_required",
      messageZh: "请写明违法行为的地点和主要情况。",
      messageEn: "Say where it happened and what happened.",
    };
  }
  if (input.act.startedAt > input.act.endedAt || input.act.endedAt > facts.now) {
    return {
      code: "clue.act_times",
      messageZh: "违法行为的起止时间有误：结束不得早于开始，也不得晚于现在。",
      messageEn: "The act ends after it began and not in the future; check its times.",
    };
  }
  return null;
}

import {
  type CaseEvidence,
  type CaseFile,
  type CaseSource,
  evidenceKinds,
} from "../casework/case/case-file.ts";
import { formatCaseNo } from "../casework/case/case-number.ts";
import type { CaseState } from "../casework/case/case-states.ts";
import { type NewCase as CaseBeginning, openCase } from "../casework/case/open-case.ts";
import type { StepFacts } from "../casework/case/step-facts.ts";
import type { CaseStep } from "../casework/case/step-input.ts";
import { isOtherParty } from "../casework/case/steps/change-party.ts";
import { takeStep } from "../casework/case/take-step.ts";
import type { DocumentDraft } from "../casework/documents/document-codes.ts";
import type { EscalationGround } from "../casework/incident/incident-lifecycle.ts";
import type { LawBook } from "../casework/law-book.ts";
import { type EpochMs, localDate } from "../casework/local-time.ts";
import { refuseWithout } from "../casework/roles.ts";
import { type Act, userIdOf } from "./act.ts";
import { findAgencyFor, noAgency } from "./agency-store.ts";
import { type CaseRecord, insertCase, lockCase, updateCase } from "./case-record.ts";
import { readDocumentsBeside } from "./document-read-model.ts";
import { type IssuedDocument, type IssueTools, issueDocument } from "./document-store.ts";
import { NotFoundError, RefusedError, StaleVersionError } from "./errors.ts";
import { draftsFromIncident } from "./incident-documents.ts";
import { applyMove, lockIncident } from "./incident-row.ts";
import { keptInput, keptWhy } from "./kept-input.ts";
import type { Tx } from "./pool.ts";
import { lockLinksOfCase, revokeLinksOfCase } from "./portal-link-store.ts";
import { readStepFacts } from "./step-facts.ts";
import { superviseCase } from "./supervision-store.ts";
import { appendTimeline } from "./timeline-store.ts";

/** What taking steps needs beside the database. */
export interface CaseTools extends IssueTools {
  readonly book: LawBook;
}

export interface StepOutcome {
  readonly caseId: string;
  readonly state: CaseState;
  readonly version: number;
  readonly documents: readonly IssuedDocument[];
}

export interface NewCase {
  readonly incidentId: string;
  readonly ground: EscalationGround;
  /** Why a warning is not, or was not, enough: in a person's words. */
  readonly note: string;
}

/** 线索登记 (C01): a confirmed incident becomes `escalated` and a case begins, with whoever opens it as first handler. */
export async function openCaseFromIncident(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  input: NewCase,
): Promise<StepOutcome> {
  const { incidentId, ground, note } = input;
  const incident = await lockIncident(tx, act, incidentId);
  const today = localDate(act.at);
  const { minorFirst } = tools.book.matterOn(incident.violation, today, today);
  await applyMove(tx, act, incident, { action: "escalate", ground, note, minorFirst });
  const { rows } = await tx.query<{ startedAt: Date; endedAt: Date; place: string | null; sha256: string }>(
    `select incidents.occurred_at as "startedAt", coalesce(incidents.ended_at, incidents.triggered_at) as "endedAt",
       coalesce(incidents.facts #>> '{location,place}', cameras.document #>> '{location,place}') as place,
       incidents.manifest_sha256 as sha256
     from incidents join cameras on cameras.id = incidents.camera_id where incidents.id = $1`,
    [incidentId],
  );
  const seen = rows[0];
  if (seen === undefined) throw new NotFoundError("incident", incidentId);
  return begin(tx, act, tools, {
    source: "video",
    incidentId,
    manifestSha256: seen.sha256,
    region: incident.region,
    violation: incident.violation,
    ground,
    note,
    startedAt: seen.startedAt.getTime(),
    endedAt: seen.endedAt.getTime(),
    place: seen.place ?? "",
  });
}

export interface NewClue {
  readonly source: Exclude<CaseSource, "video">;
  readonly region: string;
  readonly violation: string;
  readonly note: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly place: string;
}

/** 线索登记 (C01) of a clue that no camera saw: patrol, complaint, transfer, upper level. */
export function openCaseFromClue(tx: Tx, act: Act, tools: CaseTools, clue: NewClue): Promise<StepOutcome> {
  return begin(tx, act, tools, { ...clue, ground: clue.source, incidentId: null, manifestSha256: null });
}

interface Beginning {
  readonly source: CaseSource;
  readonly incidentId: string | null;
  readonly manifestSha256: string | null;
  readonly region: string;
  readonly violation: string;
  readonly ground: string;
  readonly note: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly place: string;
}

async function begin(tx: Tx, act: Act, tools: CaseTools, input: Beginning): Promise<StepOutcome> {
  const withoutRight = refuseWithout("case.open", act.actor);
  if (withoutRight !== null) throw new RefusedError(withoutRight);
  const agency = await findAgencyFor(tx, input.region);
  if (agency === undefined) throw new RefusedError(noAgency(input.region));
  const beginning: CaseBeginning = {
    caseId: act.newId("cas"),
    agency: agency.agency,
    region: input.region,
    source: input.source,
    incidentIds: input.incidentId === null ? [] : [input.incidentId],
    violation: input.violation,
    ground: input.ground,
    groundNote: input.note,
    act: {
      startedAt: input.startedAt,
      endedAt: input.endedAt,
      place: input.place,
      summary: input.note,
      seriousHarm: false,
    },
  };
  const facts = await readStepFacts(tx, act, beginning, { book: tools.book });
  const result = openCase(beginning, act.actor, facts);
  if (!result.ok) throw new RefusedError(result.refusal, result.also);
  const drafts = input.incidentId === null ? [] : await draftsFromIncident(tx, input.incidentId, act.newId);
  const opened = {
    documents: [...result.documents, ...drafts],
    file: {
      ...result.file,
      evidence: firstEvidence(act, input),
      documents: [
        ...result.file.documents,
        ...drafts.map(({ docId, code }) => ({
          ...{ docId, code, issuedOn: facts.today },
          ...{ number: null, replaces: null },
        })),
      ],
    },
  };
  await insertCase(tx, act, opened.file);
  const { file, documents } = await issueAll(tx, act, tools, opened.file, opened.documents, facts);
  const { version } = await updateCase(tx, { file: opened.file, version: 1 }, file);
  await appendTimeline(tx, act, {
    kind: "case",
    id: file.caseId,
    action: "open",
    from: null,
    to: file.state,
    why: input.note,
    detail: { incidentId: input.incidentId, ground: input.ground, documents },
  });
  return { caseId: file.caseId, state: file.state, version, documents };
}

/** The camera record a case begins with; nobody has verified it yet. */
function firstEvidence(act: Act, { incidentId, manifestSha256 }: Beginning): CaseEvidence[] {
  if (incidentId === null) return [];
  return [
    {
      evidenceId: act.newId("evd"),
      kind: "camera_record",
      title: evidenceKinds.camera_record,
      addedOn: localDate(act.at),
      addedBy: userIdOf(act.actor),
      from: "agency",
      incidentId,
      sha256: manifestSha256,
      verified: null,
      withdrawn: null,
    },
  ];
}

export interface StepRequest {
  readonly caseId: string;
  readonly step: CaseStep;
  /** The version whoever asks has seen; undefined: they do not say. */
  readonly ifVersion?: number | undefined;
  /** Whether every file of the case was just found whole; null: nobody looked. */
  readonly filesVerified?: boolean | null;
}

/**
 * One step of a case in one transaction: guards, file, documents with numbers, clocks, timeline. Throws `NotFoundError`,
 * `StaleVersionError` when somebody was faster, `RefusedError` with everything that stands in the way.
 */
export async function takeCaseStep(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  request: StepRequest,
): Promise<StepOutcome> {
  const { caseId, step } = request;
  if (step.step === "set_party") await lockLinksOfCase(tx, caseId);
  const before = await lockCase(tx, act, caseId);
  if (request.ifVersion !== undefined && request.ifVersion !== before.version)
    throw new StaleVersionError("case", caseId, request.ifVersion, before.version);
  const facts = await readStepFacts(tx, act, before.file, {
    book: tools.book,
    people: peopleIn(step),
    incidents: "incidentId" in step && step.incidentId !== null ? [step.incidentId] : [],
    filesVerified: request.filesVerified ?? null,
  });
  const result = takeStep(before.file, step, act.actor, facts);
  if (!result.ok) throw new RefusedError(result.refusal, result.also);
  const numbered = await numberCase(tx, before, result.file, facts);
  const { file, documents } = await issueAll(tx, act, tools, numbered, result.documents, facts);
  const { version } = await updateCase(tx, before, file);
  await appendTimeline(tx, act, {
    kind: "case",
    id: caseId,
    action: step.step,
    from: before.file.state,
    to: file.state,
    why: keptWhy(step, act.actor, result.why),
    detail: { ...keptInput(step, before.file, file), documents },
  });
  // The former party's links would show the case of another.
  if (isOtherParty(before.file.party, file.party)) await revokeLinksOfCase(tx, act, caseId, "当事人已变更");
  const supervised = await superviseCase(tx, act, tools, file, facts);
  return { caseId, state: file.state, version: supervised.version ?? version, documents };
}

/** The case number (案号) is given out when the case is filed, so that filed cases count without gaps. */
async function numberCase(
  tx: Tx,
  before: CaseRecord,
  file: CaseFile,
  { today }: StepFacts,
): Promise<CaseFile> {
  const isFiled = file.filing?.filedOn != null && before.file.filing?.filedOn == null;
  if (!isFiled || file.caseNo !== null) return file;
  const year = Number(today.slice(0, 4));
  // An agency's id is its region and its count there: `51010701`.
  const agencySeq = file.agency.slice(file.region.length) || "01";
  const { rows } = await tx.query<{ seq: number }>(
    `insert into case_number_counters as counters (region, agency_seq, year, last_seq) values ($1, $2, $3, 1)
     on conflict (region, agency_seq, year) do update set last_seq = counters.last_seq + 1
     returning counters.last_seq as seq`,
    [file.region, agencySeq, year],
  );
  const seq = rows[0]?.seq;
  if (seq === undefined) throw new Error("the case number counter returned nothing");
  return { ...file, caseNo: formatCaseNo({ region: file.region, agencySeq, year, seq }) };
}

async function issueAll(
  tx: Tx,
  act: Act,
  tools: CaseTools,
  file: CaseFile,
  drafts: readonly DocumentDraft[],
  facts: StepFacts,
): Promise<{ file: CaseFile; documents: IssuedDocument[] }> {
  const issued: IssuedDocument[] = [];
  if (drafts.length === 0) return { file, documents: issued };
  const ofDocuments = { ...facts, besideCase: await readDocumentsBeside(tx, file) };
  let current = file;
  for (const draft of drafts) {
    const document = await issueDocument(tx, act, tools, {
      draft,
      file: current,
      incidentId: null,
      facts: ofDocuments,
    });
    issued.push(document);
    // A later document of the same step may cite an earlier one's number.
    current = {
      ...current,
      documents: current.documents.map((known) =>
        known.docId === document.docId ? { ...known, number: document.number } : known,
      ),
    };
  }
  return { file: current, documents: issued };
}

/** People a step names, who may not be in the file yet. */
function peopleIn(step: CaseStep): string[] {
  return [
    ...("officers" in step ? step.officers : []),
    ...("members" in step ? step.members : []),
    ...("hostId" in step ? [step.hostId] : []),
    ...("personId" in step ? [step.personId] : []),
  ];
}

import { type AmountFacts, amountDue } from "../case/amount-due.ts";
import type { CaseFile } from "../case/case-file.ts";
import { caseStates } from "../case/case-states.ts";
import { decisionServedOn } from "../case/decision-in-force.ts";
import type { AgencyFacts, StepFacts } from "../case/step-facts.ts";
import { type ClockKind, clockKinds, type LocalDate, MissingCalendarError } from "../clocks/clock.ts";
import { daysBetween } from "../clocks/date.ts";
import { lastDay } from "../clocks/due.ts";
import type { Fen } from "../money.ts";
import { type PartyDocument, partyDocuments } from "./party-documents.ts";
import { openPartySteps, type PartyStep } from "./party-steps.ts";
import { plainCaseStates } from "./plain-state.ts";

export interface PartyClock {
  readonly kind: ClockKind;
  readonly zh: string;
  readonly startedOn: LocalDate;
  readonly lastDay: LocalDate;
  /** 0 on the last day. */
  readonly daysLeft: number;
}

/** What is owed on a day, in fen. */
export interface PartyAmount {
  readonly asOf: LocalDate;
  readonly fineFen: Fen;
  readonly surchargeFen: Fen;
  readonly paidFen: Fen;
  readonly unpaidFen: Fen;
}

/** A case as its party sees it: built field by field, so that nothing of the file passes that is not named here. */
export interface PartyCaseView {
  readonly caseNo: string | null;
  readonly agency: { readonly zh: string; readonly address: string; readonly phone: string };
  readonly violationZh: string;
  readonly place: string;
  readonly startedAt: number;
  readonly partyName: string | null;
  readonly stateZh: string;
  readonly plainZh: string;
  readonly clocks: readonly PartyClock[];
  readonly documents: readonly PartyDocument[];
  /** Incidents whose record is evidence here; their masked copies may be seen. */
  readonly records: readonly string[];
  readonly statements: readonly {
    readonly receivedOn: LocalDate;
    readonly text: string;
    readonly reviewedOn: LocalDate | null;
  }[];
  readonly hearing: {
    readonly on: LocalDate;
    readonly time: string;
    readonly place: string;
    readonly public: boolean;
  } | null;
  /** Null before the decision was served, and where nothing is to be paid. */
  readonly amount: PartyAmount | null;
  /** Null before the decision was served. */
  readonly remedies: { readonly reviewBody: string; readonly court: string } | null;
  readonly mayNow: readonly PartyStep[];
}

export type ViewFacts = Pick<StepFacts, "today"> &
  AmountFacts & { readonly agency: AgencyFacts; readonly matter: Pick<StepFacts["matter"], "zh"> };

/** What the party may see of their case today (行政处罚法 41(3), 44; B-09). */
export function partyCaseView(file: CaseFile, facts: ViewFacts): PartyCaseView {
  const { agency, matter, today } = facts;
  const served = decisionServedOn(file) !== null;
  return {
    caseNo: file.caseNo,
    // The agency's own desk. Who handles the case is named in what is served; their numbers are nobody's business.
    agency: { zh: agency.zh, address: agency.address, phone: agency.phone },
    violationZh: matter.zh,
    place: file.act.place,
    startedAt: file.act.startedAt,
    partyName: file.party?.name ?? null,
    stateZh: caseStates[file.state],
    plainZh: plainCaseStates[file.state],
    clocks: partyClocks(file, today),
    documents: partyDocuments(file),
    records: partyRecords(file),
    statements: file.statements.map(({ receivedOn, text, review }) => ({
      receivedOn,
      text,
      reviewedOn: review?.on ?? null,
    })),
    hearing: toldHearing(file),
    amount: served ? partyAmount(file, today, facts) : null,
    remedies: served ? { reviewBody: agency.reviewBody, court: agency.court } : null,
    mayNow: openPartySteps(file),
  };
}

/** Camera records that stand as evidence: one that was withdrawn is none any more. */
export function partyRecords(file: CaseFile): string[] {
  const standing = file.evidence.flatMap(({ kind, incidentId, withdrawn }) =>
    kind === "camera_record" && incidentId !== null && withdrawn === null ? [incidentId] : [],
  );
  return [...new Set(standing)];
}

/** The party's own deadlines that still run, next first. */
export function partyClocks(file: CaseFile, today: LocalDate): PartyClock[] {
  return file.clocks
    .filter((clock) => clock.duty === "party" && clock.state === "running")
    .map((clock) => {
      const last = lastDay(clock);
      const { kind, startedOn } = clock;
      return { kind, zh: clockKinds[kind], startedOn, lastDay: last, daysLeft: daysBetween(today, last) };
    })
    .filter(({ daysLeft }) => daysLeft >= 0)
    .toSorted((a, b) => a.daysLeft - b.daysLeft);
}

/** Null where nothing is to be paid, or a missing calendar keeps anybody from saying how much. */
export function partyAmount(file: CaseFile, asOf: LocalDate, facts: AmountFacts): PartyAmount | null {
  if (file.payment === null) return null;
  try {
    const { fineFen, surchargeFen, paidFen, unpaidFen } = amountDue(file, asOf, facts);
    return { asOf, fineFen, surchargeFen, paidFen, unpaidFen };
  } catch (error) {
    if (error instanceof MissingCalendarError) return null;
    throw error;
  }
}

/** Only once the notice of it was served. */
function toldHearing({ hearing }: CaseFile): PartyCaseView["hearing"] {
  const scheduled = hearing?.scheduled;
  if (scheduled === null || scheduled === undefined || scheduled.toldOn === null) return null;
  const { on, time, place } = scheduled;
  return { on, time, place, public: scheduled.public };
}

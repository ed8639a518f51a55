import type { LocalDate } from "../../clocks/clock.ts";
import { startClock } from "../../clocks/due.ts";
import { fixtureCalendar } from "../../clocks/testing/fixture-calendar.ts";
import type { CaseFile, Statement } from "../case-file.ts";
import { fine, party, streetVendingBasis } from "./builders.ts";
import { testParameters } from "./parameters.ts";

const CALENDAR = fixtureCalendar;
const BASIS = streetVendingBasis().id;

export interface PerformingOptions {
  /** The decision's; 1 000.00 yuan where none is named. */
  readonly fineFen?: number;
  /** The decision's legal date of service. */
  readonly servedOn?: LocalDate;
}

/**
 * A decided case with the decision served on 10 March 2026: to be paid by 25 March, to be sued against by 10 September. Made
 * at once, not step by step, so that what follows the service can be tried by itself.
 */
export function performingCase(
  changes: Partial<CaseFile> = {},
  { fineFen = 100_000, servedOn = "2026-03-10" }: PerformingOptions = {},
): CaseFile {
  const penalty = fine(BASIS, fineFen);
  const parameters = testParameters();
  return {
    ...decidedFile(),
    notice: {
      docId: "doc-notice",
      hearingDocId: null,
      issuedOn: "2026-02-02",
      proposal: penalty,
      servedOn: "2026-02-02",
      waiver: null,
    },
    decisionProposal: {
      penalty,
      submittedBy: "officer-a",
      submittedOn: "2026-03-05",
      endorsedBy: "unit-head",
    },
    decision: {
      docId: "doc-decision",
      on: "2026-03-06",
      penalty,
      by: "leader",
      reasons: "事实清楚，证据确凿",
      surchargeAnnounced: true,
      simplified: false,
    },
    services: [
      {
        serviceId: "service-decision",
        docId: "doc-decision",
        code: "D09",
        method: "direct",
        attemptedOn: servedOn,
        outcome: "served",
        servedOn,
        officers: ["officer-a", "officer-b"],
        details: { receiver: "张三" },
      },
    ],
    clocks: [
      startClock(
        {
          kind: "payment",
          subject: "case",
          startedOn: servedOn,
          period: parameters.get("payment.period"),
          basis: "payment.period",
          duty: "party",
        },
        CALENDAR,
      ),
      startClock(
        {
          kind: "litigation",
          subject: "case",
          startedOn: servedOn,
          period: parameters.get("litigation.period"),
          basis: "litigation.period",
          duty: "party",
        },
        CALENDAR,
      ),
    ],
    ...changes,
  };
}

/** A receipt of the bank; unless told otherwise for the whole fine, on the last day to pay. */
export function receipt(
  amountFen = 100_000,
  paidOn: LocalDate = "2026-03-25",
  receiptNo = `R-${paidOn}-${amountFen}`,
): { receiptNo: string; paidOn: LocalDate; amountFen: number } {
  return { receiptNo, paidOn, amountFen };
}

export function statement(changes: Partial<Statement> = {}): Statement {
  return {
    statementId: "statement-1",
    receivedOn: "2026-02-03",
    about: "notice",
    text: "家庭困难，请求从轻",
    via: "window",
    review: null,
    ...changes,
  };
}

function decidedFile(): Omit<CaseFile, "notice" | "decisionProposal" | "decision" | "services" | "clocks"> {
  return {
    schema: 1,
    caseId: "case-1",
    caseNo: "510107-2026-1",
    agency: "wuhou-chengguan",
    region: "510107",
    source: "video",
    incidentIds: ["incident-1"],
    violation: "street_vending",
    procedure: "ordinary",
    state: "performing",
    overlays: [],
    openedOn: "2026-01-05",
    openedBy: "officer-a",
    ground: "not_corrected",
    groundNote: "劝导后未改正",
    act: {
      startedAt: Date.parse("2026-01-04T09:00:00+08:00"),
      endedAt: Date.parse("2026-01-04T09:30:00+08:00"),
      place: "某路与某街交叉口",
      summary: "占用人行道摆摊经营",
      seriousHarm: false,
    },
    party: party(),
    handlers: ["officer-a", "officer-b"],
    handledBy: ["officer-a", "officer-b"],
    judgedBy: ["unit-head", "leader"],
    evidence: [],
    filing: {
      submittedBy: "officer-a",
      submittedOn: "2026-01-05",
      endorsedBy: "unit-head",
      filedBy: "leader",
      filedOn: "2026-01-06",
    },
    exit: null,
    investigation: {
      startedOn: "2026-01-07",
      certificateShown: true,
      recusalAsked: true,
      concludedOn: "2026-01-30",
    },
    recusals: [],
    preservations: [],
    orders: [],
    findings: null,
    computation: null,
    formerNotices: [],
    statements: [],
    hearing: null,
    legalReviews: [],
    discussions: [],
    extensions: [],
    education: null,
    addressConfirmation: null,
    payment: { code: "pay-1", receipts: [], deferral: null },
    reviews: [],
    litigations: [],
    urging: null,
    court: null,
    changes: [],
    publication: null,
    pauses: [],
    closing: null,
    archive: null,
    documents: [],
  };
}

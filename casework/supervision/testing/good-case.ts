import type { CaseFile, ServiceRecord } from "../../case/case-file.ts";
import type { PersonFacts } from "../../case/step-facts.ts";
import {
  agency,
  cameraRecord,
  fine,
  generalFindings,
  matter,
  party,
  person,
  streetVendingBasis,
} from "../../case/testing/builders.ts";
import { testParameters } from "../../case/testing/parameters.ts";
import { fixtureCalendar } from "../../clocks/testing/fixture-calendar.ts";
import { publicDecision, publicText } from "../../publication/public-text.ts";
import type { SupervisionFacts } from "../finding.ts";

const BASIS = streetVendingBasis().id;
const OFFICERS = ["officer-a", "officer-b"];

function service(
  code: ServiceRecord["code"],
  docId: string,
  on: string,
  other: Partial<ServiceRecord> = {},
): ServiceRecord {
  return {
    serviceId: `service-${docId}`,
    ...{ docId, code, method: "direct", attemptedOn: on, outcome: "served", servedOn: on },
    officers: OFFICERS,
    details: { receiver: "张三", receiverRole: "本人" },
    ...other,
  };
}

/**
 * The ordinary procedure as it should be, written down by hand as it could come from anywhere: an order, a notice with a
 * hearing, legal review, discussion, a fine of 10 000 yuan served electronically and published, nobody pays, urging, the
 * court on the first day. On 14 September 2026.
 */
export function goodCase(changes: Partial<CaseFile> = {}): CaseFile {
  const penalty = fine(BASIS, 1_000_000);
  return {
    schema: 1,
    caseId: "case-1",
    caseNo: "51010701-2026-1",
    agency: "wuhou-chengguan",
    region: "510107",
    source: "video",
    incidentIds: ["incident-1"],
    violation: "street_vending",
    procedure: "ordinary",
    state: "court_applied",
    overlays: [],
    openedOn: "2026-01-20",
    openedBy: "officer-a",
    ground: "not_corrected",
    groundNote: "劝导后未改正",
    act: {
      startedAt: Date.parse("2026-01-19T09:00:00+08:00"),
      endedAt: Date.parse("2026-01-19T09:30:00+08:00"),
      place: "人民南路二段 12 号门前",
      summary: "占用人行道摆摊经营",
      seriousHarm: false,
    },
    party: party(),
    handlers: OFFICERS,
    handledBy: OFFICERS,
    judgedBy: ["unit-head", "leader"],
    evidence: [
      {
        evidenceId: "evidence-camera",
        ...{ kind: "camera_record", title: "监控记录", addedOn: "2026-01-20", addedBy: "officer-a" },
        ...{ from: "agency", incidentId: "incident-1" },
        sha256: "0".repeat(64),
        verified: { by: "officer-b", on: "2026-01-21", note: "与现场一致" },
        withdrawn: null,
      },
      {
        evidenceId: "evidence-inspection",
        ...{ kind: "inspection_record", title: "现场检查笔录", addedOn: "2026-01-21", addedBy: "officer-a" },
        ...{ from: "agency", incidentId: null, sha256: null },
        verified: { by: "officer-b", on: "2026-01-21", note: "当事人签字" },
        withdrawn: null,
      },
    ],
    filing: {
      submittedBy: "officer-a",
      submittedOn: "2026-01-21",
      endorsedBy: "unit-head",
      filedBy: "leader",
      filedOn: "2026-01-22",
    },
    exit: null,
    investigation: {
      startedOn: "2026-01-23",
      certificateShown: true,
      recusalAsked: true,
      concludedOn: "2026-01-27",
    },
    recusals: [
      {
        ...{ recusalId: "recusal-1", personId: "officer-b", reason: "邻居", askedOn: "2026-01-23" },
        decision: { granted: false, by: "leader", on: "2026-01-26" },
      },
    ],
    preservations: [],
    orders: [
      {
        ...{ orderId: "order-1", docId: "doc-order", what: "清除摊位", dueOn: "2026-01-26" },
        servedOn: "2026-01-23",
        recheck: { on: "2026-01-27", corrected: false, note: "仍未改正" },
      },
    ],
    findings: generalFindings(BASIS),
    computation: {
      ...{ basisId: BASIS, benchmarkVersion: "test-1", tier: "general", fractionPermille: 500 },
      ...{ fineFen: 1_000_000, lowerFen: 600_000, upperFen: 1_400_000, steps: [], departure: null },
    },
    notice: {
      ...{ docId: "doc-notice", hearingDocId: "doc-hearing-right", issuedOn: "2026-01-28" },
      ...{ proposal: penalty, servedOn: "2026-01-28", waiver: null },
    },
    formerNotices: [],
    statements: [
      {
        ...{ statementId: "statement-1", receivedOn: "2026-01-30", about: "notice", via: "portal" },
        text: "家庭困难，请求从轻",
        review: { outcome: "not_adopted", reason: "不属于法定情节", by: "officer-a", on: "2026-02-02" },
      },
    ],
    hearing: {
      requestedOn: "2026-01-30",
      scheduled: {
        ...{ on: "2026-02-26", time: "09:30", place: "会议室", hostId: "hearing-host", public: true },
        ...{ docId: "doc-hearing", toldOn: "2026-02-02" },
      },
      outcome: { kind: "held", on: "2026-02-26", report: "质证无异议" },
    },
    legalReviews: [
      {
        ...{ submittedOn: "2026-02-27", reviewer: "legal-reviewer", opinion: "agree", note: "同意" },
        on: "2026-03-02",
      },
    ],
    discussions: [
      {
        ...{ submittedOn: "2026-03-02", members: ["leader", "leader-2"], conclusion: "agree" },
        ...{ note: "一致同意", on: "2026-03-04" },
      },
    ],
    decisionProposal: {
      penalty,
      ...{ submittedBy: "officer-a", submittedOn: "2026-03-04", endorsedBy: "unit-head" },
    },
    extensions: [],
    decision: {
      ...{ docId: "doc-decision", on: "2026-03-05", penalty, by: "leader" },
      reasons: "事实清楚，证据确凿，裁量适当",
      surchargeAnnounced: true,
      simplified: false,
    },
    education: null,
    services: [
      service("D02", "doc-order", "2026-01-23"),
      service("D05", "doc-notice", "2026-01-28"),
      service("D06", "doc-hearing-right", "2026-01-28"),
      service("D07", "doc-hearing", "2026-02-02"),
      service("D09", "doc-decision", "2026-03-10", {
        method: "electronic",
        details: { channel: "sms", address: "13800000000", messageId: "m-1", arrivalProof: "回执" },
      }),
      service("D12", "doc-urging", "2026-08-20"),
    ],
    addressConfirmation: {
      docId: "doc-address",
      channels: [{ channel: "sms", address: "13800000000" }],
      signedOn: "2026-03-10",
      revokedOn: null,
    },
    payment: { code: "pay-1", receipts: [], deferral: null },
    reviews: [],
    litigations: [],
    urging: {
      ...{ docId: "doc-urging", issuedOn: "2026-08-20", servedOn: "2026-08-20" },
      ...{ fineFen: 1_000_000, surchargeFen: 1_000_000 },
    },
    court: {
      ...{ docId: "doc-court", court: "成都市武侯区人民法院", appliedOn: "2026-09-11" },
      ...{ amountFen: 2_000_000, events: [] },
    },
    changes: [],
    publication: {
      ...{ publish: true, reason: "具有一定社会影响", by: "publicity-editor", on: "2026-03-11" },
      withdrawn: null,
    },
    pauses: [],
    closing: null,
    archive: null,
    documents: [
      {
        ...{ docId: "doc-decision", code: "D09", issuedOn: "2026-03-05" },
        ...{ number: "武综执罚决字〔2026〕第001号", replaces: null },
      },
    ],
    clocks: [],
    ...changes,
  };
}

const PEOPLE: readonly PersonFacts[] = [
  person("officer-a", ["officer"]),
  person("officer-b", ["officer"]),
  person("unit-head", ["unit_head"]),
  person("leader", ["agency_leader"]),
  person("leader-2", ["agency_leader"]),
  person("legal-reviewer", ["legal_reviewer"]),
  person("hearing-host", ["hearing_host"]),
  person("auxiliary", ["auxiliary"]),
];

/** The world in which every check stays silent about the good case. What is public is read from `file`. */
export function goodFacts(
  file: CaseFile = goodCase(),
  changes: Partial<SupervisionFacts> = {},
): SupervisionFacts {
  const ours = agency();
  const ourMatter = matter(streetVendingBasis());
  const shown = publicDecision(file, {
    agencyZh: ours.zh,
    matter: ourMatter,
    cite: ({ article }) => article,
  });
  return {
    today: "2026-09-14",
    calendar: fixtureCalendar,
    parameters: testParameters(),
    person: (userId) => PEOPLE.find((someone) => someone.userId === userId),
    certificates: (userId) => {
      const certificate = PEOPLE.find((someone) => someone.userId === userId)?.certificate ?? null;
      return certificate === null ? [] : [certificate];
    },
    record: (incidentId) =>
      incidentId === "incident-1" ? cameraRecord("incident-1", { capturedOn: "2026-01-19" }) : undefined,
    agency: ours,
    matter: ourMatter,
    earlierDecisions: [],
    likeFines: [800_000, 900_000, 1_000_000, 1_100_000, 1_200_000],
    published: shown?.kind === "shown" ? { text: publicText(shown), imagesMasked: true } : null,
    benchmarkPublished: true,
    cameraListed: () => true,
    ...changes,
  };
}

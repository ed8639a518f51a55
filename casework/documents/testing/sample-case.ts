import type { DocumentCode, DocumentDraft } from "../document-codes.ts";
import { documentCodes } from "../document-codes.ts";
import type { AgencyFacts, CaseFile, DocumentSource, MatterFacts, Penalty, PersonFacts } from "../source.ts";
import { caseDrafts, incidentDrafts } from "./sample-drafts.ts";

const DAY = "2026-03-10";

export const sampleAgency: AgencyFacts = {
  agency: "510104-cg",
  region: "510104",
  zh: "成都市锦江区综合行政执法局",
  numberPrefix: "锦综（城）",
  address: "成都市锦江区一环路东五段8号",
  phone: "028-86510000",
  reviewBody: "成都市锦江区人民政府",
  court: "成都市锦江区人民法院",
  payee: "成都市锦江区财政局",
  powers: ["street_vending"],
};

const people: Record<string, PersonFacts> = {
  a: person("a", "李建国", "川A010001"),
  b: person("b", "王晓燕", "川A010002"),
  head: person("head", "周明", null),
  leader: person("leader", "陈志远", null),
  reviewer: person("reviewer", "吴静", null),
  host: person("host", "郑海", null),
  editor: person("editor", "孙悦", null),
  archivist: person("archivist", "何平", null),
};

export const sampleMatter: MatterFacts = {
  key: "street_vending",
  zh: "占道经营",
  en: "street vending",
  matterCode: "09006",
  minorFirst: true,
  penaltyPossible: true,
  bases: [
    {
      id: "csdl-42",
      violation: "street_vending",
      forbids: { law: "csdl", article: "27(1)" },
      penalises: { law: "csdl", article: "42" },
      subjectKind: "any",
      kinds: ["fine"],
      minFen: 0,
      maxFen: 2_000_000,
      precondition: "none",
      validFrom: "2017-03-01",
      validTo: null,
      verifiedBy: "法规核对",
      verifiedOn: "2026-01-05",
    },
  ],
  benchmarks: [],
};

const penalty: Penalty = { kinds: ["fine"], fineFen: 200_000, confiscation: null, basisId: "csdl-42" };

const issued = Object.keys(documentCodes).map((code, index) => ({
  docId: `doc-${code}`,
  code: code as DocumentCode,
  issuedOn: DAY,
  number:
    documentCodes[code as DocumentCode].mark === null ? null : sampleNumber(code as DocumentCode, index + 1),
  replaces: null,
}));

/** A case to which everything has happened, so that each document finds what it needs. No real case is like it. */
export function sampleCase(changes: Partial<CaseFile> = {}): CaseFile {
  return { ...wholeCase, ...changes };
}

/** Opened, and nothing else: too little for any document that goes out. */
export const bareCase: Partial<CaseFile> = {
  ...{
    caseNo: null,
    party: null,
    handlers: [],
    handledBy: [],
    judgedBy: [],
    evidence: [],
    filing: null,
    exit: null,
    investigation: null,
  },
  ...{ preservations: [], orders: [], computation: null, notice: null, statements: [], hearing: null },
  ...{
    legalReviews: [],
    discussions: [],
    decisionProposal: null,
    extensions: [],
    decision: null,
    education: null,
  },
  ...{ services: [], addressConfirmation: null, payment: null, urging: null, court: null, changes: [] },
  ...{ publication: null, closing: null, archive: null, documents: [] },
};

/** What a document is composed from, apart from its template, the parameters and the way to cite. */
export function sampleSource(
  code: DocumentCode,
  changes: Partial<CaseFile> = {},
): Omit<DocumentSource, "parameters" | "cite"> {
  const aboutIncident = code in incidentDrafts;
  return {
    code,
    file: aboutIncident ? null : sampleCase(changes),
    agency: sampleAgency,
    people: (userId) => people[userId],
    draft: draftOf(code),
    number: issued.find((document) => document.code === code)?.number ?? null,
    issuedOn: DAY,
    matter: sampleMatter,
  };
}

function draftOf(code: DocumentCode): DocumentDraft {
  return { docId: `doc-${code}`, code, fields: incidentDrafts[code] ?? caseDrafts[code] ?? {} };
}

function sampleNumber(code: DocumentCode, seq: number): string {
  return `锦综（城）${documentCodes[code].mark}字〔2026〕第${String(seq).padStart(3, "0")}号`;
}

function person(userId: string, displayName: string, certificate: string | null): PersonFacts {
  return {
    userId,
    displayName,
    roles: ["officer"],
    certificate:
      certificate === null ? null : { no: certificate, validFrom: "2024-01-01", validTo: "2028-12-31" },
    legalQualification: false,
  };
}

const wholeCase: CaseFile = {
  schema: 1,
  caseId: "case-1",
  caseNo: "51010401-2026-001",
  agency: "510104-cg",
  region: "510104",
  source: "video",
  incidentIds: ["incident-1"],
  violation: "street_vending",
  procedure: "ordinary",
  state: "court_applied",
  overlays: [],
  openedOn: "2026-03-02",
  openedBy: "a",
  ground: "not_corrected",
  groundNote: "远端劝导后二十分钟复核仍未改正。",
  act: {
    startedAt: Date.UTC(2026, 2, 1, 10, 20),
    endedAt: Date.UTC(2026, 2, 1, 11, 5),
    place: "锦江区一环路东五段12号门前人行道",
    summary: "当事人在人行道上摆放餐桌五张、塑料凳二十个经营餐饮，占用人行道约十五平方米，经劝导后未改正。",
    seriousHarm: false,
  },
  party: {
    kind: "person",
    name: "张守义",
    idNo: "510104198001011234",
    unifiedCode: null,
    legalRepresentative: null,
    birthDate: "1980-01-01",
    address: "成都市锦江区莲桂南路99号3栋2单元501号",
    phone: "13800001111",
    plate: null,
  },
  handlers: ["a", "b"],
  handledBy: ["a", "b"],
  judgedBy: ["head", "leader"],
  evidence: [
    evidence("e1", "camera_record", "3月1日18时20分至19时05分占道经营视频"),
    evidence("e2", "inspection_record", "一环路东五段12号门前现场检查（勘验）笔录"),
    evidence("e3", "interview_record", "张守义询问笔录"),
    { ...evidence("e4", "photo", "模糊照片"), withdrawn: { on: "2026-03-05", reason: "不清晰" } },
  ],
  filing: {
    submittedBy: "a",
    submittedOn: "2026-03-03",
    endorsedBy: "head",
    filedBy: "leader",
    filedOn: "2026-03-04",
  },
  exit: { kind: "no_penalty", on: DAY, by: "leader", reason: "违法行为轻微并及时改正，没有造成危害后果。" },
  investigation: {
    startedOn: "2026-03-04",
    certificateShown: true,
    recusalAsked: true,
    concludedOn: "2026-03-09",
  },
  recusals: [],
  preservations: [
    {
      preservationId: "p1",
      docId: "doc-D14",
      items: ["折叠餐桌五张", "塑料凳二十个"],
      reason: "物品易于转移",
      on: DAY,
      resolved: null,
    },
  ],
  orders: [
    {
      orderId: "o1",
      docId: "doc-D02",
      what: "清除人行道上的餐桌和塑料凳，恢复通行。",
      dueOn: "2026-03-12",
      servedOn: DAY,
      recheck: { on: "2026-03-13", corrected: true, note: "人行道已恢复通行。" },
    },
  ],
  findings: null,
  computation: {
    basisId: "csdl-42",
    benchmarkVersion: "2026-1",
    tier: "light",
    fractionPermille: 100,
    fineFen: 200_000,
    lowerFen: 0,
    upperFen: 600_000,
    steps: [
      { code: "raise", zh: "经劝导后未改正，不符合首违不罚的条件", en: "not corrected" },
      { code: "tier", zh: "违法情节较轻，主动配合调查，适用从轻处罚", en: "light" },
      { code: "amount", zh: "在法定幅度内按百分之十确定罚款数额", en: "10 %" },
    ],
    departure: null,
  },
  notice: {
    docId: "doc-D05",
    hearingDocId: "doc-D06",
    issuedOn: DAY,
    proposal: penalty,
    servedOn: "2026-03-11",
    waiver: null,
  },
  formerNotices: [],
  statements: [
    {
      statementId: "s1",
      receivedOn: "2026-03-12",
      about: "notice",
      text: "家庭经济困难，请求从轻处罚。",
      via: "portal",
      review: {
        outcome: "partly_adopted",
        reason: "已在裁量中考虑其配合调查的情节。",
        by: "a",
        on: "2026-03-16",
      },
    },
  ],
  hearing: {
    requestedOn: "2026-03-13",
    scheduled: {
      on: "2026-03-27",
      time: "9时30分",
      place: "本机关三楼听证室",
      hostId: "host",
      public: true,
      docId: "doc-D07",
      toldOn: "2026-03-16",
    },
    outcome: {
      kind: "held",
      on: "2026-03-27",
      report: "听证中当事人对事实无异议，请求减轻处罚。建议维持拟处罚意见。",
    },
  },
  legalReviews: [
    {
      submittedOn: "2026-03-30",
      reviewer: "reviewer",
      opinion: "agree",
      note: "事实清楚，程序合法，同意。",
      on: "2026-03-31",
    },
  ],
  discussions: [
    {
      submittedOn: "2026-04-01",
      members: ["leader", "head", "reviewer"],
      conclusion: "agree",
      note: "一致同意拟处罚意见。",
      on: "2026-04-02",
    },
  ],
  decisionProposal: { penalty, submittedBy: "a", submittedOn: "2026-04-03", endorsedBy: "head" },
  extensions: [
    { period: "decision", by: "leader", on: "2026-04-01", reason: "案情复杂，需要补充调查取证。" },
  ],
  decision: {
    docId: "doc-D09",
    on: "2026-04-07",
    penalty,
    by: "leader",
    reasons: "当事人占用人行道经营，影响行人通行，鉴于其积极配合调查，予以从轻处罚。",
    surchargeAnnounced: true,
    simplified: false,
  },
  education: { on: DAY, by: "a", note: "讲明占道经营的危害和相关规定，当事人表示今后遵守。" },
  services: [
    service("service-1", "direct", "failed", { reason: "住所无人" }),
    service("service-2", "direct", "served", { receiver: "张守义", receiverRole: "本人" }),
    service("service-3", "public_notice", "running", {
      ...{ reason: "当事人下落不明", postedAt: "本机关网站和公告栏", screenshot: "公告截图" },
    }),
  ],
  addressConfirmation: {
    docId: "doc-D11",
    channels: [{ channel: "手机短信链接", address: "13800001111" }],
    signedOn: DAY,
    revokedOn: null,
  },
  payment: {
    code: "5101-2026-00017",
    receipts: [{ receiptNo: "No.0001234", paidOn: "2026-04-20", amountFen: 50_000 }],
    deferral: {
      docId: "doc-D13",
      approvedBy: "leader",
      on: "2026-04-15",
      instalments: [
        { dueOn: "2026-05-15", amountFen: 100_000 },
        { dueOn: "2026-06-15", amountFen: 100_000 },
      ],
      reason: "家庭经济困难",
    },
  },
  reviews: [],
  litigations: [],
  urging: {
    docId: "doc-D12",
    issuedOn: "2026-05-06",
    servedOn: "2026-05-07",
    fineFen: 200_000,
    surchargeFen: 60_000,
  },
  court: {
    docId: "doc-D19",
    court: "成都市锦江区人民法院",
    appliedOn: "2026-10-20",
    amountFen: 260_000,
    events: [],
  },
  changes: [
    {
      docId: "doc-D17",
      on: "2026-06-01",
      by: "agency",
      kind: "changed",
      reason: "原决定裁量偏重。",
      penalty: { ...penalty, fineFen: 150_000 },
    },
  ],
  publication: { publish: true, reason: "具有一定社会影响", by: "editor", on: "2026-04-09", withdrawn: null },
  pauses: [],
  closing: { requestedBy: "a", endorsedBy: "head", closedBy: "leader", closedOn: "2026-12-01" },
  archive: { by: "archivist", on: "2026-12-10" },
  documents: issued,
  clocks: [],
};

function evidence(evidenceId: string, kind: CaseFile["evidence"][number]["kind"], title: string) {
  return {
    evidenceId,
    kind,
    title,
    addedOn: "2026-03-05",
    addedBy: "a",
    from: "agency" as const,
    incidentId: kind === "camera_record" ? "incident-1" : null,
    sha256: "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
    verified: { by: "b", on: "2026-03-08", note: "查证属实" },
    withdrawn: null,
  };
}

function service(
  serviceId: string,
  method: CaseFile["services"][number]["method"],
  outcome: CaseFile["services"][number]["outcome"],
  details: Readonly<Record<string, string>>,
): CaseFile["services"][number] {
  const servedOn = outcome === "served" ? "2026-04-08" : null;
  return {
    serviceId,
    docId: "doc-D09",
    code: "D09",
    method,
    attemptedOn: "2026-04-08",
    outcome,
    servedOn,
    officers: ["a", "b"],
    details,
  };
}

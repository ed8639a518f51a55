import { cameraRecord, fine } from "../../case/testing/builders.ts";
import {
  BASIS,
  type BadCase,
  bad,
  decidedWith,
  evidence,
  expired,
  filing,
  fresh,
  good,
  later,
  listing,
  noticeWith,
  patient,
  present,
  services,
} from "./bad-case.ts";

/** SP01–SP08: who acted, notice, hearing, review, time, service, cameras. */
export const handlingCases: readonly BadCase[] = [
  // SP01
  bad("one officer alone", "SP01 handlers", { handlers: ["officer-a"] }),
  bad("one officer named twice", "SP01 handlers", { handlers: ["officer-a", "officer-a"] }),
  bad("an auxiliary as the second officer", ["SP01 certificate:auxiliary", "SP01 auxiliary:auxiliary"], {
    handlers: ["officer-a", "auxiliary"],
  }),
  bad(
    "certificates that ran out the day before the notice",
    ["SP01 certificate:officer-a", "SP01 certificate:officer-b"],
    fresh(),
    () => expired,
  ),
  bad("a document handed over by one officer", "SP01 service:service-doc-order", {
    services: services("doc-order", { officers: ["officer-a"] }),
  }),
  // SP02
  bad("no notice at all", "SP02 no_notice", fresh({ notice: null })),
  bad(
    "a notice that was not served",
    "SP02 not_served",
    fresh({
      notice: noticeWith({ servedOn: null }),
      services: good.services.filter(({ docId }) => docId !== "doc-notice"),
    }),
  ),
  bad(
    "decided on the last day of the party's time",
    ["SP02 window", "SP02 hearing_window"],
    fresh({
      notice: noticeWith({ servedOn: "2026-02-26" }),
      decision: decidedWith({ on: "2026-03-04" }),
    }),
  ),
  bad(
    "a hearing that was never held",
    "SP02 hearing_open",
    fresh({ hearing: { ...present(good.hearing), outcome: null } }),
  ),
  bad(
    "a statement that nobody reviewed",
    "SP02 statement:statement-1",
    fresh({ statements: good.statements.map((one) => ({ ...one, review: null })) }),
  ),
  bad(
    "more than was noticed, for new evidence without a new notice",
    "SP02 not_noticed_penalty",
    fresh({
      decision: decidedWith({ penalty: fine(BASIS, 1_200_000) }),
      evidence: [...good.evidence, later("document", "2026-02-10")],
    }),
    () => ({ likeFines: [] }),
  ),
  // SP03
  bad("the right to a hearing not told", "SP03 not_told:doc-notice", {
    notice: noticeWith({ hearingDocId: null }),
  }),
  bad("the right to a hearing not served", "SP03 not_served:doc-hearing-right", {
    services: good.services.filter(({ code }) => code !== "D06"),
  }),
  bad("a hearing told six working days before", "SP03 told_late:doc-hearing", {
    // The seventh working day before 26 February, over the Spring Festival, is 10 February.
    hearing: {
      ...present(good.hearing),
      scheduled: { ...present(present(good.hearing).scheduled), toldOn: "2026-02-11" },
    },
  }),
  bad("a hearing that nobody was told of", "SP03 told_late:doc-hearing", {
    hearing: {
      ...present(good.hearing),
      scheduled: { ...present(present(good.hearing).scheduled), toldOn: null },
    },
  }),
  // SP04
  bad("no legal review after a hearing", "SP04 decision:doc-decision", { legalReviews: [] }),
  bad("a legal review that sent the case back", "SP04 decision:doc-decision", {
    legalReviews: good.legalReviews.map((one) => ({ ...one, opinion: "return" })),
  }),
  bad("a legal review after the decision", "SP04 decision:doc-decision", {
    legalReviews: good.legalReviews.map((one) => ({ ...one, on: "2026-03-06" })),
  }),
  bad("a legal review of the notice before this one", "SP04 decision:doc-decision", {
    legalReviews: good.legalReviews.map((one) => ({ ...one, submittedOn: "2026-01-26", on: "2026-01-27" })),
  }),
  bad("a legal review by an officer of the case", "SP04 reviewer:officer-b", {
    legalReviews: good.legalReviews.map((one) => ({ ...one, reviewer: "officer-b" })),
  }),
  bad(
    "a matter of the local list without legal review",
    "SP04 decision:doc-decision",
    { legalReviews: [] },
    () => ({
      parameters: listing(),
    }),
  ),
  // SP05
  bad("decided on the 91st day", "SP05 decision", {
    filing: { ...filing, submittedOn: "2025-12-03", filedOn: "2025-12-04" },
  }),
  bad("an extension by an officer of the case", "SP05 decision", {
    filing: { ...filing, submittedOn: "2025-12-03", filedOn: "2025-12-04" },
    extensions: [{ period: "decision", by: "officer-b", on: "2026-02-20", reason: "复杂" }],
  }),
  bad("an extension after the time was over", "SP05 decision", {
    filing: { ...filing, submittedOn: "2025-12-03", filedOn: "2025-12-04" },
    extensions: [{ period: "decision", by: "leader", on: "2026-03-05", reason: "复杂" }],
  }),
  // SP06
  bad(
    "served on the eighth working day",
    "SP06 late:doc-decision",
    fresh({ services: services("doc-decision", { attemptedOn: "2026-03-17", servedOn: "2026-03-17" }) }),
  ),
  bad(
    "not served to this day",
    "SP06 late:doc-decision",
    fresh({
      publication: null,
      services: good.services.filter(({ docId }) => docId !== "doc-decision"),
    }),
    () => ({ today: "2026-03-17", published: null, parameters: patient() }),
  ),
  bad("electronic service without consent", "SP06 not_agreed:service-doc-decision", {
    addressConfirmation: null,
  }),
  bad("electronic service after the consent was taken back", "SP06 not_agreed:service-doc-decision", {
    addressConfirmation: {
      ...present(good.addressConfirmation),
      signedOn: "2026-03-01",
      revokedOn: "2026-03-09",
    },
  }),
  bad("electronic service to an address nobody named", "SP06 not_agreed:service-doc-decision", {
    addressConfirmation: {
      ...present(good.addressConfirmation),
      channels: [{ channel: "sms", address: "13900000000" }],
    },
  }),
  bad("a receipt without whoever signed", "SP06 record:service-doc-order", {
    services: services("doc-order", { details: {} }),
  }),
  bad("mail without a reason", "SP06 direct_first:service-doc-urging", {
    services: services("doc-urging", { method: "mail", details: { trackingNo: "1", slip: "s" } }),
  }),
  bad(
    "a public notice as the first way, and too short",
    ["SP06 last_resort:service-doc-order", "SP06 too_short:service-doc-order"],
    {
      services: services("doc-order", {
        method: "public_notice",
        attemptedOn: "2026-01-01",
        details: { reason: "下落不明", postedAt: "公告栏", screenshot: "s" },
      }),
    },
  ),
  // SP07
  bad("a record that nobody reviewed", "SP07 record:evidence-camera", {}, () => ({
    record: () => cameraRecord("incident-1", { confirmed: false, reviewer: null }),
  })),
  bad("a record nobody knows", "SP07 record:evidence-camera", {}, () => ({ record: () => undefined })),
  bad("a camera without its sign on that day", "SP07 camera:evidence-camera", {}, () => ({
    record: () => cameraRecord("incident-1", { faults: [{ rule: "B-03", zh: "没有标识", en: "no sign" }] }),
  })),
  bad("a decision on a camera alone that may only corroborate", "SP07 sole", {
    evidence: evidence("evidence-inspection", { withdrawn: { on: "2026-02-01", reason: "错误" } }),
  }),
  // SP08
  bad(
    "a heavier decision after the party's defence",
    "SP08 decision:doc-decision",
    fresh({ decision: decidedWith({ penalty: fine(BASIS, 1_200_000) }) }),
    () => ({ likeFines: [] }),
  ),
  bad(
    "a heavier decision for what the party itself said",
    "SP08 decision:doc-decision",
    fresh({
      decision: decidedWith({ penalty: fine(BASIS, 1_200_000) }),
      evidence: [...good.evidence, later("party_statement", "2026-02-10")],
    }),
    () => ({ likeFines: [] }),
  ),
  bad("a heavier second notice", "SP08 notice:doc-notice", {
    formerNotices: [
      noticeWith({
        docId: "doc-notice-0",
        issuedOn: "2026-01-27",
        servedOn: "2026-01-27",
        proposal: fine(BASIS, 800_000),
      }),
    ],
  }),
];

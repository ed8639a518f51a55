import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import type { CaseStep } from "../../casework/case/step-input.ts";
import { ordinaryParts, type PartReached } from "../../casework/stories/ordinary-case.ts";
import { lastDocument, type Who } from "../../casework/stories/story-driver.ts";
import { fitCamera } from "../../cli/demo/fit-camera.ts";
import { certify, makeCertified } from "../../test-fixtures/casework-builders.ts";
import { allYes } from "../../test-fixtures/store-builders.ts";
import { type CasePeople, casePeople, signedInCertified } from "../testing/case-api.ts";
import { HttpDriver } from "../testing/http-driver.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { facts, sealedIncident } from "../testing/test-incidents.ts";

interface World {
  readonly api: TestApi;
  readonly people: CasePeople;
  readonly driver: HttpDriver;
  readonly file: CaseFile;
}

interface Forbidden {
  /** After which part of the ordinary procedure it is tried. */
  readonly after: "opened" | PartReached;
  readonly what: string;
  readonly who: Who;
  readonly on?: string;
  readonly step: (world: World) => CaseStep | Promise<CaseStep>;
  /** The refusal's code, or one of those that stand in the way. */
  readonly code: string;
}

const serve = (
  { driver, file }: World,
  code: string,
  changes: Partial<Extract<CaseStep, { step: "serve" }>> = {},
): CaseStep => ({
  step: "serve",
  docId: lastDocument(file, code),
  method: "direct",
  attemptedOn: "2026-03-06",
  outcome: "served",
  on: "2026-03-06",
  officers: [driver.idOf("officer"), driver.idOf("colleague")],
  details: { receiver: "陈某林", receiverRole: "本人" },
  ...changes,
});

const proposal = ({ file }: World) => {
  if (file.notice === null) throw new Error("no notice");
  return file.notice.proposal;
};

const evidenceOf = async (incident: Promise<{ incidentId: string }>): Promise<CaseStep> => ({
  step: "add_evidence",
  kind: "camera_record",
  title: "监控记录",
  incidentId: (await incident).incidentId,
  sha256: null,
});

/** As good a capture as evidence has to be. */
const vendingSeen = {
  violation: "street_vending",
  occurredAt: Date.parse("2026-01-20T09:00:00+08:00"),
  triggeredAt: Date.parse("2026-01-20T09:05:00+08:00"),
  facts: { ...facts, capture: { grade: "evidence" as const, shortfalls: [] } },
};

/** What nobody may do, whoever calls the API and whatever the page shows. It grows: a line for each thing found. */
const forbidden: readonly Forbidden[] = [
  // the clue
  {
    after: "opened",
    what: "one officer twice",
    who: "officer",
    step: ({ driver }) => ({
      step: "assign_officers",
      officers: [driver.idOf("officer"), driver.idOf("officer")],
    }),
    code: "duty.two_officers_required",
  },
  {
    after: "opened",
    what: "an auxiliary as one of the two officers",
    who: "officer",
    step: async ({ api, driver }) => {
      const auxiliary = await signedInCertified(api, ["auxiliary"]);
      return { step: "assign_officers", officers: [driver.idOf("officer"), auxiliary.userId] };
    },
    code: "duty.two_officers_required",
  },
  {
    after: "opened",
    what: "an officer whose certificate has run out",
    who: "officer",
    step: async ({ api, driver }) => {
      const expired = await api.signedIn(["officer"]);
      await api.pool.query(
        `insert into certificates (id, user_id, certificate_no, valid_from, valid_to, recorded_at)
         values ($1, $1, '51-1', '2020-01-01', '2025-12-31', now())`,
        [expired.userId],
      );
      return { step: "assign_officers", officers: [driver.idOf("officer"), expired.userId] };
    },
    code: "duty.certificate_invalid",
  },
  {
    after: "opened",
    what: "filing by one officer alone",
    who: "officer",
    step: () => ({ step: "submit_filing", summary: "建议立案" }),
    code: "duty.two_officers_required",
  },
  {
    after: "opened",
    what: "a record nobody has reviewed as evidence",
    who: "officer",
    step: ({ api }) => evidenceOf(sealedIncident(api, {}, vendingSeen)),
    code: "evidence.record_not_confirmed",
  },
  {
    after: "opened",
    what: "the record of a camera that passed no review, verified as evidence",
    who: "officer",
    step: ({ file }) => ({
      step: "verify_evidence",
      evidenceId: file.evidence.find(({ kind }) => kind === "camera_record")?.evidenceId ?? "none",
      note: "一致",
    }),
    code: "evidence.camera_unusable",
  },
  {
    after: "opened",
    what: "a penalty on the spot on the sole record of a camera that is only a lead",
    who: "officer",
    step: ({ file }) => onTheSpot(file, 20_000),
    code: "evidence.sole_camera",
  },
  {
    after: "opened",
    what: "a fine above the limit on the spot",
    who: "officer",
    step: ({ file }) => onTheSpot(file, 100_000),
    code: "simple.penalty_too_heavy",
  },
  {
    after: "opened",
    what: "a decision on the spot by video, which is switched off",
    who: "officer",
    step: ({ file }) => ({ ...onTheSpot(file, 20_000), presence: "verified_video" }) as CaseStep,
    code: "simple.not_on_the_spot",
  },
  {
    after: "opened",
    what: "approving what nobody has submitted",
    who: "leader",
    step: () => ({ step: "approve_filing" }),
    code: "case.illegal_move",
  },
  // filed
  {
    after: "filed",
    what: "deciding without an investigation",
    who: "leader",
    step: () => ({ step: "decide", reasons: "从快" }),
    code: "case.illegal_move",
  },
  {
    after: "filed",
    what: "investigating without showing the certificate",
    who: "officer",
    step: () => ({ step: "start_investigation", certificateShown: false, recusalAsked: true }),
    code: "investigation.certificate_not_shown",
  },
  {
    after: "filed",
    what: "the officer giving the leader's approval",
    who: "officer",
    step: () => ({ step: "extend_decision", afterDiscussion: false, members: [], reason: "复杂" }),
    code: "permission.role_required",
  },
  // investigated
  {
    after: "investigated",
    what: "a decision without any notice",
    who: "officer",
    step: () => ({
      step: "submit_decision",
      penalty: { kinds: ["fine"], fineFen: 100_000, confiscation: null, basisId: "street_vending.csdl-42" },
    }),
    code: "case.illegal_move",
  },
  // noticed
  {
    after: "notice_served",
    what: "deciding before the party's time is over",
    who: "officer",
    step: (world) => ({ step: "submit_decision", penalty: proposal(world) }),
    code: "notice.window_open",
  },
  {
    after: "notice_served",
    what: "a hearing told six working days before",
    who: "leader",
    on: "2026-01-29",
    step: ({ driver }) => ({
      step: "schedule_hearing",
      on: "2026-02-06",
      time: "09:30",
      place: "会议室",
      hostId: driver.idOf("hearingHost"),
      public: true,
    }),
    code: "hearing.told_late",
  },
  {
    after: "notice_served",
    what: "an investigator as host of the hearing",
    who: "leader",
    step: ({ driver }) => ({
      step: "schedule_hearing",
      on: "2026-02-26",
      time: "09:30",
      place: "会议室",
      hostId: driver.idOf("officer"),
      public: true,
    }),
    code: "hearing.host_not_appointed",
  },
  // heard
  {
    after: "hearing_held",
    what: "deciding without legal review after a hearing",
    who: "officer",
    on: "2026-02-27",
    step: (world) => ({ step: "submit_decision", penalty: proposal(world) }),
    code: "legal_review.not_passed",
  },
  {
    after: "hearing_held",
    what: "a heavier penalty after the party's defence",
    who: "officer",
    on: "2026-02-27",
    step: (world) => ({
      step: "submit_decision",
      penalty: { ...proposal(world), fineFen: proposal(world).fineFen + 10_000 },
    }),
    code: "penalty.heavier_than_noticed",
  },
  {
    after: "hearing_held",
    what: "a fine above what the law allows",
    who: "officer",
    on: "2026-02-27",
    step: (world) => ({ step: "submit_decision", penalty: { ...proposal(world), fineFen: 2_000_100 } }),
    code: "penalty.out_of_range",
  },
  // waits for the decision
  {
    after: "decision_pending",
    what: "deciding before the head of the unit has approved",
    who: "leader",
    step: () => ({ step: "decide", reasons: "同意" }),
    code: "approval.not_endorsed",
  },
  // decided
  {
    after: "decided",
    what: "electronic service without consent",
    who: "officer",
    on: "2026-03-06",
    step: (world) =>
      serve(world, "D09", {
        method: "electronic",
        details: { channel: "sms", address: "13800000008", messageId: "m1", arrivalProof: "回执" },
      }),
    code: "service.not_agreed",
  },
  {
    after: "decided",
    what: "a public notice before any other attempt",
    who: "officer",
    on: "2026-03-06",
    step: (world) =>
      serve(world, "D09", {
        method: "public_notice",
        details: { reason: "下落不明", postedAt: "公告栏", screenshot: "照片" },
      }),
    code: "service.notice_is_last",
  },
  {
    after: "decided",
    what: "service by one officer",
    who: "officer",
    on: "2026-03-06",
    step: (world) => serve(world, "D09", { officers: [world.driver.idOf("officer")] }),
    code: "duty.two_officers_required",
  },
  {
    after: "decided",
    what: "a service whose receiver nobody knows",
    who: "officer",
    on: "2026-03-06",
    step: (world) => serve(world, "D09", { details: {} }),
    code: "service.record_incomplete",
  },
  {
    after: "decided",
    what: "a payment written down by hand",
    who: "officer",
    step: () => ({ step: "record_payment", receiptNo: "1", paidOn: "2026-03-05", amountFen: 100 }),
    code: "case.illegal_move",
  },
  {
    after: "decided",
    what: "a service dated tomorrow",
    who: "officer",
    on: "2026-03-06",
    step: (world) => serve(world, "D09", { attemptedOn: "2026-03-07", on: "2026-03-07" }),
    code: "case.date_in_future",
  },
  // overdue
  {
    after: "overdue",
    what: "the court before any urging",
    who: "leader",
    on: "2026-09-11",
    step: () => ({ step: "apply_to_court", court: "成都市武侯区人民法院" }),
    code: "case.illegal_move",
  },
  {
    after: "overdue",
    what: "a payment written down by hand",
    who: "officer",
    step: () => ({ step: "record_payment", receiptNo: "1", paidOn: "2026-03-26", amountFen: 100 }),
    code: "case.system_step",
  },
  // urged
  {
    after: "urged",
    what: "the court on the last of the ten working days",
    who: "leader",
    on: "2026-09-03",
    step: () => ({ step: "apply_to_court", court: "成都市武侯区人民法院" }),
    code: "urging.running",
  },
  {
    after: "urged",
    what: "the court a day before the time to sue is over",
    who: "leader",
    on: "2026-09-10",
    step: () => ({ step: "apply_to_court", court: "成都市武侯区人民法院" }),
    code: "court.too_early",
  },
  {
    after: "urged",
    what: "the court a day after its window",
    who: "leader",
    on: "2026-12-11",
    step: () => ({ step: "apply_to_court", court: "成都市武侯区人民法院" }),
    code: "court.too_late",
  },
  {
    after: "urged",
    what: "closing an unpaid case",
    who: "officer",
    step: () => ({ step: "request_closing" }),
    code: "case.illegal_move",
  },
  // archived
  {
    after: "archived",
    what: "anything with an archived file",
    who: "officer",
    step: () => ({ step: "revoke_address" }),
    code: "case.illegal_move",
  },
  {
    after: "archived",
    what: "changing an archived decision",
    who: "leader",
    step: () => ({ step: "change_decision", by: "agency", kind: "revoked", reason: "有误", penalty: null }),
    code: "case.illegal_move",
  },
];

function onTheSpot(file: CaseFile, fineFen: number): CaseStep {
  return {
    step: "decide_on_the_spot",
    penalty: { kinds: ["fine"], fineFen, confiscation: null, basisId: "street_vending.csdl-42" },
    findings: {
      basisId: "street_vending.csdl-42",
      ageYears: 30,
      incapacitated: false,
      faultDisproved: false,
      firstTime: false,
      corrected: false,
      refused: null,
      harm: "slight",
      factors: [],
      exemptionDeclined: null,
      weighing: null,
      fractionPermille: Math.round(fineFen / 2_000),
      departure: "现场轻微",
    },
    factsTold: true,
    partyHeard: `无异议（${file.violation}）`,
    certificateShown: true,
    presence: "in_person",
    signed: "signed",
    collectedOnSpot: "no",
  };
}

describe("what the law forbids is impossible by the API too", () => {
  let api: TestApi;
  let people: CasePeople;
  let driver: HttpDriver;
  let caseId: string;
  let cameraId: string;
  let reached: Forbidden["after"] = "opened";

  beforeAll(async () => {
    // The story lasts months; nobody's session does.
    api = await startTestApi();
    people = await casePeople(api);
    driver = new HttpDriver(api, people);
    driver.on("2026-01-20");
    const sealed = await sealedIncident(api, {}, vendingSeen);
    cameraId = sealed.cameraId;
    const { incidentId } = sealed;
    await people.officer.post(`/incidents/${incidentId}/claim`);
    await people.officer.post(`/incidents/${incidentId}/confirm`, { tests: allYes });
    driver.on("2026-01-21");
    const opened = await people.officer.post(`/incidents/${incidentId}/case`, {
      ground: "repeated",
      note: "三十日内第三次",
    });
    caseId = opened.body.caseId;
    await certify(api.pool, people.officer.userId, ["officer"]);
  });
  afterAll(() => api.close());

  async function goTo(after: Forbidden["after"]): Promise<void> {
    if (reached === "opened" && after !== "opened")
      await fitCamera(api.pool, cameraId, {
        lawyer: (await makeCertified(api.pool, ["legal_reviewer"])).actor,
        technician: (await makeCertified(api.pool, ["equipment_reviewer"])).actor,
      });
    for (const part of ordinaryParts) {
      if (reached === after) return;
      if (isBehind(part.reached, reached)) continue;
      await part.tell(driver, caseId);
      reached = part.reached;
    }
  }

  for (const row of forbidden) {
    it(`${row.after}: ${row.what} → ${row.code}`, async () => {
      await goTo(row.after);
      const now = api.clock.at;
      if (row.on !== undefined) driver.on(row.on);
      const before = await driver.file(caseId);
      const step = await row.step({ api, people, driver, file: before });
      const client = driver.clientOf(row.who);
      const reply = await client?.post(`/cases/${caseId}/steps`, step);
      api.clock.at = now;
      expect(reply?.status).toBe(409);
      const codes = [reply?.body.code, ...(reply?.body.also ?? []).map(({ code }: { code: string }) => code)];
      expect(codes).toContain(row.code);
      expect(reply?.body.titleZh).toMatch(/[\u4e00-\u9fff]/);
      expect(await driver.file(caseId)).toEqual(before);
    });
  }
});

function isBehind(part: PartReached, reached: Forbidden["after"]): boolean {
  const order = ["opened", ...ordinaryParts.map((each) => each.reached)];
  return order.indexOf(part) <= order.indexOf(reached);
}

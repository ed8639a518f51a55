import { describe, expect, it } from "vitest";
import { agency } from "../case/testing/builders.ts";
import { testParameters } from "../case/testing/parameters.ts";
import { performingCase, statement } from "../case/testing/performing-case.ts";
import { fixtureCalendar } from "../clocks/testing/fixture-calendar.ts";
import { objectionText } from "./objection.ts";
import { openPartySteps, refuseSignature, statementAbout } from "./party-steps.ts";
import { partyCaseView } from "./party-view.ts";

const facts = (today = "2026-03-20") => ({
  today,
  calendar: fixtureCalendar,
  parameters: testParameters(),
  agency: agency(),
  matter: { zh: "占道经营" },
});
const document = (docId: string, code: "D09" | "N13" | "D20" | "D10" | "D12") =>
  ({ docId, code, issuedOn: "2026-03-06", number: `${code}号`, replaces: null }) as const;
const service = performingCase().services[0];

describe("what a party sees of their case", () => {
  it("is what was served on them: no forms, no proofs, no letters to others, nothing still on the way", () => {
    const docs = [
      document("doc-decision", "D09"),
      document("doc-form", "N13"),
      document("doc-away", "D20"),
      document("doc-proof", "D10"),
      document("doc-urging", "D12"),
    ];
    if (service === undefined) throw new Error("the case has a service");
    // Even where a service was put on record for a paper that is not the party's.
    const services = [
      service,
      ...["doc-form", "doc-away", "doc-proof"].map((docId) => ({ ...service, docId })),
    ];
    const view = partyCaseView(performingCase({ documents: docs, services }), facts());
    expect(view.documents).toEqual([
      { docId: "doc-decision", code: "D09", number: "D09号", servedOn: "2026-03-10" },
    ]);
  });

  it("names no officer, no other person and no number of the party", () => {
    const file = performingCase({
      statements: [
        statement({
          review: { outcome: "not_adopted", reason: "内部意见", by: "officer-a", on: "2026-02-05" },
        }),
      ],
    });
    const text = JSON.stringify(partyCaseView(file, facts()));
    for (const secret of [
      "officer-a",
      "officer-b",
      "unit-head",
      "leader",
      "内部意见",
      "510107199006011234",
      "13800000000",
    ])
      expect(text).not.toContain(secret);
    expect(text).toContain("张三");
  });

  it("counts the party's own running deadlines and no others, next first", () => {
    const { clocks } = partyCaseView(performingCase(), facts());
    expect(clocks).toMatchObject([
      { kind: "payment", lastDay: "2026-03-25", daysLeft: 5 },
      { kind: "litigation", lastDay: "2026-09-10" },
    ]);
    const agencys = performingCase().clocks.map((clock) => ({ ...clock, duty: "agency" as const }));
    expect(partyCaseView(performingCase({ clocks: agencys }), facts()).clocks).toEqual([]);
  });

  it("says what is owed today, with the surcharge, once the decision was served", () => {
    expect(partyCaseView(performingCase(), facts("2026-03-25")).amount).toMatchObject({ unpaidFen: 100_000 });
    expect(partyCaseView(performingCase(), facts("2026-03-27")).amount).toEqual({
      asOf: "2026-03-27",
      fineFen: 100_000,
      surchargeFen: 6_000,
      paidFen: 0,
      unpaidFen: 106_000,
    });
    const unserved = partyCaseView(performingCase({ services: [] }), facts());
    expect([unserved.amount, unserved.remedies]).toEqual([null, null]);
  });

  it("shows camera records that stand, once each, and not those that were withdrawn", () => {
    const item = {
      evidenceId: "e1",
      kind: "camera_record",
      title: "电子技术监控记录",
      addedOn: "2026-01-05",
      addedBy: "officer-a",
      from: "agency",
      incidentId: "inc-1",
      sha256: null,
      verified: null,
      withdrawn: null,
    } as const;
    const evidence = [
      item,
      { ...item, evidenceId: "e2" },
      { ...item, evidenceId: "e3", incidentId: "inc-2", withdrawn: { on: "2026-01-06", reason: "异议成立" } },
      { ...item, evidenceId: "e4", kind: "interview_record" as const, incidentId: null },
    ];
    expect(partyCaseView(performingCase({ evidence }), facts()).records).toEqual(["inc-1"]);
  });

  it("tells of a hearing only once the notice of it was served", () => {
    const scheduled = {
      on: "2026-03-30",
      time: "09:00",
      place: "一号会议室",
      hostId: "host",
      public: true,
      docId: "doc-hearing",
      toldOn: null,
    };
    const hearing = { requestedOn: "2026-02-03", scheduled, outcome: null };
    expect(partyCaseView(performingCase({ hearing }), facts()).hearing).toBeNull();
    const told = { ...hearing, scheduled: { ...scheduled, toldOn: "2026-03-12" } };
    expect(partyCaseView(performingCase({ hearing: told }), facts()).hearing).toEqual({
      on: "2026-03-30",
      time: "09:00",
      place: "一号会议室",
      public: true,
    });
  });
});

describe("what a party may start", () => {
  it("is never to waive anything", () => {
    const noticed = performingCase({ state: "notice_served", decision: null, services: [] });
    expect(openPartySteps(noticed)).toContain("statement");
    expect(openPartySteps(noticed)).not.toContain("hearing_request");
    const offered = noticed.notice && { ...noticed.notice, hearingDocId: "doc-d06" };
    expect(openPartySteps({ ...noticed, notice: offered })).toContain("hearing_request");
    expect(openPartySteps(performingCase())).toContain("review_application");
  });

  it("is about what was served last", () => {
    const noticed = performingCase({ state: "notice_served", decision: null });
    expect(statementAbout(noticed)).toBe("notice");
    expect(statementAbout({ ...noticed, notice: null })).toBe("record");
    expect(statementAbout(performingCase())).toBe("record");
  });

  it("takes only the party's own name for a signature", () => {
    expect(refuseSignature(performingCase(), " 张 三 ")).toBeNull();
    expect(refuseSignature(performingCase(), "李四")?.code).toBe("portal.signature_name");
    expect(refuseSignature(performingCase({ party: null }), "张三")?.code).toBe("portal.signature_name");
  });

  it("keeps the ground of an objection in words", () => {
    expect(objectionText("wrong_plate", "不是我的车")).toMatch(/车牌识别错误.*不是我的车/);
  });
});

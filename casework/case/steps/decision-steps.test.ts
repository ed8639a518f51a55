import { describe, expect, it } from "vitest";
import type { CaseFile } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine } from "../testing/builders.ts";
import {
  decided,
  decidedAfterHearing,
  decidedCase,
  discussed,
  endorsed,
  reviewPassed,
  submitted,
  windowsOver,
} from "../testing/decided-case.ts";
import { hearableCase, heardCase, noticedCase, served } from "../testing/noticed-case.ts";
import { TestWorld } from "../testing/world.ts";

const clockOf = (file: CaseFile, kind: string) => file.clocks.findLast((clock) => clock.kind === kind);
const codes = (world: TestWorld) => world.documents.map(({ code }) => code);

const returned: CaseStep = { step: "conclude_legal_review", opinion: "return", note: "证据不足" };
const discussing = (other: Partial<Extract<CaseStep, { step: "conclude_discussion" }>> = {}): CaseStep => ({
  step: "conclude_discussion",
  members: ["leader", "leader-2"],
  conclusion: "agree",
  note: "一致同意",
  ...other,
});
const extending = (afterDiscussion: boolean): CaseStep => ({
  step: "extend_decision",
  afterDiscussion,
  members: afterDiscussion ? ["leader", "leader-2"] : [],
  reason: "案情复杂",
});

describe("decide", () => {
  it("decides what was proposed and sets the agency's next two clocks", () => {
    const world = new TestWorld();
    const file = decidedCase(world);
    expect(file.decision).toMatchObject({
      on: "2026-01-13",
      penalty: fine(world.basisId, 200_000),
      by: "leader",
      surchargeAnnounced: true,
      simplified: false,
    });
    expect(codes(world)).toEqual(["D09"]);
    expect(file.payment).toMatchObject({ receipts: [], deferral: null });
    expect(clockOf(file, "decision")).toMatchObject({ state: "met", endedOn: "2026-01-13" });
    expect(clockOf(file, "statement")).toMatchObject({ state: "lapsed" });
    expect(clockOf(file, "service")).toMatchObject({ legalDue: "2026-01-22", duty: "agency" });
    expect(clockOf(file, "publication")).toMatchObject({ legalDue: "2026-01-22", duty: "agency" });
  });

  it("needs an endorsement by somebody else, once", () => {
    const world = new TestWorld();
    const file = submitted(world, windowsOver(world));
    const decide: CaseStep = { step: "decide", reasons: "事实清楚" };
    expect(world.refusalOf(file, decide, "leader").code).toBe("approval.not_endorsed");
    const ready = endorsed(world, file);
    expect(world.refusalOf(ready, { step: "endorse_decision" }, "unit-head").code).toBe(
      "decision.endorsed_before",
    );
    world.changePerson("unit-head", { roles: ["unit_head", "agency_leader"] });
    expect(world.refusalOf(ready, decide, "unit-head").code).toBe("duty.two_levels_one_person");
  });

  it("takes a lower penalty than the notice where what the party said was adopted", () => {
    const world = new TestWorld();
    let file = world.take(
      noticedCase(world),
      { step: "receive_statement", about: "notice", text: "已赔偿", via: "portal" },
      "party",
    );
    const statementId = file.statements[0]?.statementId ?? "";
    file = world.take(file, { step: "review_statement", statementId, outcome: "adopted", reason: "属实" });
    const lower = fine(world.basisId, 150_000);
    expect(decided(world.on("2026-01-13"), file, lower).decision?.penalty).toEqual(lower);
  });

  it("goes the whole way after a hearing", () => {
    const world = new TestWorld();
    const file = decidedAfterHearing(world);
    expect(file).toMatchObject({ state: "decided", hearing: { outcome: { kind: "held" } } });
    expect(file.documents.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["D05", "D06", "D07", "N10", "N11", "N12", "N13", "D09"]),
    );
  });

  it("cannot be had by leaving out the legal review, whichever way", () => {
    const world = new TestWorld();
    const file = heardCase(world);
    const penalty = file.notice?.proposal ?? fine(world.basisId, 0);
    expect(world.refusalOf(file, { step: "submit_decision", penalty }).code).toBe("legal_review.not_passed");
    expect(world.refusalOf(file, { step: "submit_discussion" }).code).toBe("legal_review.not_passed");
  });
});

describe("who discusses", () => {
  it("is nobody who was recused", () => {
    const world = new TestWorld();
    const asked = world.take(
      windowsOver(world),
      { step: "ask_recusal", personId: "leader-2", reason: "近亲属" },
      "party",
    );
    const recusalId = asked.recusals[0]?.recusalId ?? "";
    const ruled = (granted: boolean) =>
      world.take(world.take(asked, { step: "decide_recusal", recusalId, granted }, "leader"), {
        step: "submit_discussion",
      });
    expect(world.refusalOf(ruled(true), discussing(), "leader").code).toBe("duty.recused");
    expect(world.take(ruled(false), discussing(), "leader").discussions.at(-1)?.conclusion).toBe("agree");
  });
});

describe("what does not agree", () => {
  it("sends the case back, and the notice with everything on it is a former one", () => {
    const world = new TestWorld();
    const submittedCase = world.take(heardCase(world), { step: "submit_legal_review" });
    const file = world.take(submittedCase, returned, "legal-reviewer");
    expect(file).toMatchObject({
      state: "investigating",
      notice: null,
      hearing: null,
      decisionProposal: null,
      investigation: { concludedOn: null },
    });
    expect(file.formerNotices).toEqual([submittedCase.notice]);
    expect(file.legalReviews.at(-1)).toMatchObject({ reviewer: "legal-reviewer", opinion: "return" });
    expect(clockOf(file, "statement")?.state).toBe("stopped");
    expect(clockOf(file, "hearing_request")?.state).toBe("stopped");
    expect(clockOf(file, "decision")?.state).toBe("running");
  });

  it("is a discussion without agreement, too, and a decision that is sent back", () => {
    const world = new TestWorld();
    const discussion = world.take(windowsOver(world), { step: "submit_discussion" });
    expect(world.take(discussion, discussing({ conclusion: "disagree" }), "leader").state).toBe(
      "investigating",
    );
    const pending = submitted(world, windowsOver(world.on("2026-01-05")));
    const back = world.take(pending, { step: "return_decision", reason: "补充证据" }, "leader");
    expect(back).toMatchObject({ state: "investigating", notice: null, decisionProposal: null });
  });

  it("makes a new notice necessary, with its window", () => {
    const world = new TestWorld();
    let file = world.take(windowsOver(world), { step: "reopen_investigation", reason: "补充调查" });
    const former = file.formerNotices[0]?.docId ?? "";
    file = world.take(file, { step: "conclude_investigation", findings: world.findings() });
    file = world.take(file, { step: "issue_notice" });
    expect(world.documents[0]?.replaces).toBe(former);
    file = served(world, file, file.notice?.docId ?? "");
    expect(world.refusalOf(file, { step: "submit_legal_review" }).code).toBe("notice.window_open");
    // Served on the 13th: until the 20th.
    expect(world.on("2026-01-21").take(file, { step: "submit_legal_review" }).state).toBe("legal_review");
  });
});

describe("legal review", () => {
  it("is answered once", () => {
    const world = new TestWorld();
    const passed = reviewPassed(world, windowsOver(world));
    expect(codes(world)).toEqual(["N11"]);
    expect(passed.state).toBe("legal_review");
    expect(world.refusalOf(passed, returned, "legal-reviewer").code).toBe("legal_review.not_submitted");
  });
});

describe("a discussion", () => {
  const refused = (members: string[], prepare?: (world: TestWorld) => void) => {
    const world = new TestWorld();
    const file = world.take(windowsOver(world), { step: "submit_discussion" });
    prepare?.(world);
    return world.refusalOf(file, discussing({ members }), "leader").code;
  };

  it("is held by leaders, more than one, none of whom handled the case", () => {
    expect(refused(["leader"])).toBe("discussion.members");
    expect(refused(["leader", "leader"])).toBe("discussion.members");
    expect(refused(["leader", "auxiliary"])).toBe("discussion.members");
    expect(refused(["leader", "stranger"])).toBe("discussion.members");
    expect(
      refused(["leader", "officer-b"], (world) =>
        world.changePerson("officer-b", { roles: ["officer", "agency_leader"] }),
      ),
    ).toBe("discussion.member_investigated");
  });

  it("is answered once", () => {
    const world = new TestWorld();
    const file = discussed(world, windowsOver(world));
    expect(codes(world)).toEqual(["N12"]);
    expect(world.refusalOf(file, discussing(), "leader").code).toBe("discussion.not_submitted");
  });
});

describe("extend_decision after a discussion", () => {
  it("names leaders who discussed it, and none who handled the case", () => {
    const world = new TestWorld();
    const file = world.take(world.investigatingCase(), extending(false), "leader");
    const again = { step: "extend_decision", afterDiscussion: true, reason: "案情复杂" } as const;
    const refusal = (members: string[]) => world.refusalOf(file, { ...again, members }, "leader").code;
    expect(refusal([])).toBe("discussion.members");
    expect(refusal(["leader", "leader"])).toBe("discussion.members");
    expect(refusal(["leader", "unit-head"])).toBe("discussion.members");
    world.changePerson("officer-b", { roles: ["officer", "agency_leader"] });
    expect(refusal(["leader", "officer-b"])).toBe("discussion.member_investigated");
    const members = ["leader", "leader-2"];
    const extended = world.take(file, { ...again, members }, "leader");
    expect(extended.extensions.at(-1)?.period).toBe("decision_after_discussion");
    expect(extended.judgedBy).toContain("leader-2");
  });
});

describe("extend_decision", () => {
  it("gives thirty days, and sixty more after that, each once", () => {
    const world = new TestWorld();
    const file = windowsOver(world);
    expect(world.refusalOf(file, extending(true), "leader").code).toBe("decision.first_extension_first");
    const once = world.take(file, extending(false), "leader");
    expect(codes(world)).toEqual(["N14"]);
    expect(clockOf(once, "decision")).toMatchObject({ strictDue: "2026-05-05", legalDue: "2026-05-06" });
    expect(world.refusalOf(once, extending(false), "leader").code).toBe("decision.extended_before");
    const twice = world.take(once, extending(true), "leader");
    // 180 days from 5 January; a Saturday.
    expect(clockOf(twice, "decision")).toMatchObject({ strictDue: "2026-07-04", legalDue: "2026-07-06" });
    expect(world.refusalOf(twice, extending(true), "leader").code).toBe("decision.extended_before");
  });

  it("comes before the time is over", () => {
    const world = new TestWorld();
    const file = windowsOver(world);
    expect(world.on("2026-04-08").refusalOf(file, extending(false), "leader").code).toBe(
      "decision.time_over",
    );
    expect(world.on("2026-04-07").take(file, extending(false), "leader").extensions).toHaveLength(1);
  });

  it("rests on a rule that somebody has confirmed", () => {
    const world = new TestWorld();
    const file = hearableCase(world);
    world.unconfirmed = ["decision.extension"];
    expect(world.refusalOf(file, extending(false), "leader").code).toBe("parameters.unconfirmed");
  });
});

import { describe, expect, it } from "vitest";
import type { CaseFile } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine, generalFindings, warningOnly } from "../testing/builders.ts";
import {
  hearableCase,
  heardCase,
  hearingAsked,
  hearingOn,
  hearingSet,
  noticedCase,
  noticeIssued,
  scheduling,
  served,
} from "../testing/noticed-case.ts";
import { TestWorld } from "../testing/world.ts";

const stating = (other: Partial<Extract<CaseStep, { step: "receive_statement" }>> = {}): CaseStep => ({
  step: "receive_statement",
  about: "notice",
  text: "家庭困难，请求从轻",
  via: "portal",
  ...other,
});

const reviewing = (file: CaseFile): CaseStep => ({
  step: "review_statement",
  statementId: file.statements.at(-1)?.statementId ?? "",
  outcome: "not_adopted",
  reason: "不属于从轻情节",
});

const clockOf = (file: CaseFile, kind: string) => file.clocks.find((clock) => clock.kind === kind);
const codes = (world: TestWorld) => world.documents.map(({ code }) => code);

describe("issue_notice", () => {
  it("proposes what was computed", () => {
    const world = new TestWorld();
    const file = noticeIssued(world);
    expect(file.notice?.proposal).toEqual(fine(world.basisId, 200_000));
    expect(codes(world)).toEqual(["D05"]);
    expect(file.state).toBe("investigated");
  });

  it("tells of the right to a hearing from the threshold on, not below", () => {
    const world = new TestWorld();
    world.parameters = { "hearing.threshold.person": 200_000 };
    expect(noticeIssued(world).notice?.hearingDocId).not.toBeNull();
    expect(codes(world)).toEqual(["D05", "D06"]);
    const other = new TestWorld();
    other.parameters = { "hearing.threshold.person": 200_100 };
    expect(noticeIssued(other).notice?.hearingDocId).toBeNull();
  });

  it("proposes another penalty only where the weighing carries it", () => {
    const world = new TestWorld();
    const file = world.investigatedCase();
    expect(world.refusalOf(file, { step: "issue_notice", penalty: fine(world.basisId, 100_000) }).code).toBe(
      "penalty.amount_unexplained",
    );
    expect(world.refusalOf(file, { step: "issue_notice", penalty: warningOnly(world.basisId) }).code).toBe(
      "penalty.kind_not_allowed",
    );
  });

  it("takes the place of one that was not served yet", () => {
    const world = new TestWorld();
    const first = noticeIssued(world);
    const second = world.take(first, { step: "issue_notice" });
    expect(second.formerNotices).toEqual([first.notice]);
    expect(world.documents[0]?.replaces).toBe(first.notice?.docId);
  });

  it("does not go above a served notice for nothing but what the party said", () => {
    const world = new TestWorld();
    let file = world.take(noticedCase(world), stating(), "party");
    file = world.take(file, { step: "reopen_investigation", reason: "补充调查" });
    world.on("2026-01-06");
    file = world.take(file, {
      step: "record_interview",
      person: "张三",
      identityChecked: true,
      rightsTold: true,
      text: "承认此前也曾占道",
      signed: "signed",
      recording: null,
    });
    for (const { evidenceId, verified } of file.evidence)
      if (verified === null) file = world.take(file, { step: "verify_evidence", evidenceId, note: "属实" });
    file = world.take(file, {
      step: "order_correction",
      what: "清除占道摊位",
      dueOn: "2026-01-13",
    });
    file = served(world, file, file.orders[0]?.docId ?? "");
    file = world.take(file, {
      step: "conclude_investigation",
      findings: generalFindings(world.basisId),
    });
    expect(world.refusalOf(file, { step: "issue_notice" }).code).toBe("notice.heavier_than_before");
  });
});

describe("statements", () => {
  it("bring a noticed case to their review, and no other", () => {
    const world = new TestWorld();
    expect(world.take(noticedCase(world), stating(), "party").state).toBe("statement_review");
    const early = world.take(world.investigatingCase(), stating({ about: "record" }), "party");
    expect(early.state).toBe("investigating");
    expect(early.statements[0]).toMatchObject({ receivedOn: world.today, via: "portal", review: null });
  });

  it("are heard after the window too, and then stand in the way until reviewed", () => {
    const world = new TestWorld();
    const noticed = noticedCase(world);
    const file = world.on("2026-02-02").take(noticed, stating(), "party");
    expect(world.refusalOf(file, { step: "submit_legal_review" }).code).toBe("statement.not_reviewed");
    const reviewed = world.take(file, reviewing(file));
    expect(codes(world)).toEqual(["N09"]);
    expect(world.take(reviewed, { step: "submit_legal_review" }).state).toBe("legal_review");
  });

  it("answer something that was served", () => {
    const world = new TestWorld();
    const file = noticeIssued(world);
    expect(world.refusalOf(file, stating(), "party").code).toBe("statement.nothing_to_answer");
    expect(world.refusalOf(noticedCase(world), stating({ about: "urging" })).code).toBe(
      "statement.nothing_to_answer",
    );
  });

  it("are reviewed once", () => {
    const world = new TestWorld();
    const file = world.take(noticedCase(world), stating(), "party");
    const reviewed = world.take(file, reviewing(file));
    expect(world.refusalOf(reviewed, reviewing(file)).code).toBe("statement.reviewed_before");
    expect(world.refusalOf(reviewed, { ...reviewing(file), statementId: "x" } as CaseStep).code).toBe(
      "statement.unknown",
    );
  });
});

describe("a waiver", () => {
  it("is recorded with who gave it, once", () => {
    const world = new TestWorld();
    const waive: CaseStep = { step: "waive_window", note: "当事人书面放弃" };
    const file = world.take(noticedCase(world), waive, "party");
    expect(file.notice?.waiver).toEqual({ on: world.today, note: "当事人书面放弃", by: "party" });
    expect(world.refusalOf(file, waive, "party").code).toBe("notice.waived_before");
  });

  it("takes no right away while the window is open", () => {
    const world = new TestWorld();
    let file = world.take(hearableCase(world), { step: "waive_window", note: "放弃" }, "party");
    file = world.on("2026-01-12").take(file, { step: "request_hearing" }, "party");
    expect(world.refusalOf(file, { step: "submit_legal_review" }).code).toBe("hearing.not_concluded");
  });
});

describe("a hearing", () => {
  it("is asked for once, and again only after it was withdrawn", () => {
    const world = new TestWorld();
    const file = hearingAsked(world);
    const again: CaseStep = { step: "request_hearing" };
    expect(world.refusalOf(file, again, "party").code).toBe("hearing.asked_before");
    const withdrawn = world.take(
      file,
      { step: "conclude_hearing", outcome: "withdrawn", report: "当事人书面撤回" },
      "hearing-host",
    );
    expect(withdrawn.state).toBe("notice_served");
    expect(world.take(withdrawn, again, "party").hearing?.outcome).toBeNull();
  });

  it("is not set before it is asked for", () => {
    const world = new TestWorld();
    expect(world.refusalOf(hearableCase(world), scheduling(), "leader").code).toBe("hearing.not_requested");
  });

  it("set anew has to be told anew", () => {
    const world = new TestWorld();
    const first = hearingSet(world);
    const moved = world.take(first, scheduling({ on: "2026-01-21" }), "leader");
    expect(world.documents[0]).toMatchObject({ code: "D07", replaces: first.hearing?.scheduled?.docId });
    const hold: CaseStep = { step: "conclude_hearing", outcome: "held", report: "已听证" };
    world.on("2026-01-21");
    expect(world.refusalOf(moved, hold, "hearing-host").code).toBe("hearing.not_told");
  });

  it("has no outcome before its day", () => {
    const world = new TestWorld();
    const file = hearingSet(world);
    const hold: CaseStep = { step: "conclude_hearing", outcome: "no_show", report: "当事人未到场" };
    world.on("2026-01-19");
    expect(world.refusalOf(file, hold, "hearing-host").code).toBe("hearing.not_yet_held");
    const concluded = world.on(hearingOn).take(file, hold, "hearing-host");
    expect(concluded.hearing?.outcome?.kind).toBe("no_show");
    expect(world.refusalOf(concluded, hold, "hearing-host").code).toBe("hearing.not_requested");
  });

  it("counts towards the time to decide until somebody has confirmed that it does not", () => {
    const due = (prepare: (world: TestWorld) => void) => {
      const world = new TestWorld();
      prepare(world);
      return clockOf(heardCase(world), "decision")?.strictDue;
    };
    const on = { "decision.excludeHearingTime": true };
    expect(due(() => undefined)).toBe("2026-04-05");
    expect(
      due((world) => {
        world.parameters = on;
        world.unconfirmed = ["decision.excludeHearingTime"];
      }),
    ).toBe("2026-04-05");
    // Asked for on 6 January, held on the 20th: fourteen days more.
    expect(
      due((world) => {
        world.parameters = on;
      }),
    ).toBe("2026-04-19");
  });
});

import { describe, expect, it } from "vitest";
import type { CaseFile } from "../case-file.ts";
import { generalFindings } from "../testing/builders.ts";
import { hearableCase, served } from "../testing/noticed-case.ts";
import { TestWorld } from "../testing/world.ts";

const preserve = { step: "preserve_evidence", items: ["三轮车一辆"], reason: "可能灭失" } as const;
const order = { step: "order_correction", what: "撤除摊位", dueOn: "2026-01-12" } as const;

it("compares the amount with like cases when the investigation ends", () => {
  const world = new TestWorld();
  world.likeCases = [100_000, 200_000, 300_000, 400_000, 500_000].map((fineFen, index) => ({
    ...{ caseId: `like-${index}`, fineFen, tier: "light" as const },
  }));
  const steps = world.investigatedCase().computation?.steps;
  expect(steps?.at(-1)).toMatchObject({ code: "like_cases", zh: expect.stringContaining("3,000.00元") });
});

describe("investigating", () => {
  it("begins with the certificate shown and the question about recusal", () => {
    expect(new TestWorld().investigatingCase()).toMatchObject({
      state: "investigating",
      investigation: {
        startedOn: "2026-01-05",
        certificateShown: true,
        recusalAsked: true,
        concludedOn: null,
      },
    });
  });

  it("puts interviews and inspections on record as evidence that is still to be verified", () => {
    const world = new TestWorld();
    const asked = world.take(world.investigatingCase(), {
      step: "record_interview",
      person: "张三",
      identityChecked: true,
      rightsTold: true,
      text: "问：……答：……",
      signed: "refused",
      recording: null,
    });
    const item = asked.evidence.at(-1);
    expect(item).toMatchObject({ kind: "interview_record", addedBy: "officer-a", verified: null });
    expect(world.documents).toMatchObject([
      { code: "N04", fields: { evidenceId: item?.evidenceId, signed: "refused", person: "张三" } },
    ]);
    const blank = {
      step: "record_inspection",
      place: "某路口",
      text: "",
      partyPresent: false,
      signed: "absent",
    } as const;
    expect(world.refusalOf(asked, blank).code).toBe("inspection.empty");
  });

  it("asks people to come, other bodies to help, and says how files were extracted", () => {
    const world = new TestWorld();
    const file = world.investigatingCase();
    const summon = {
      step: "summon",
      at: "2026-01-08 09:00",
      place: "",
      videoLink: null,
      papers: "",
    } as const;
    expect(world.refusalOf(file, summon).code).toBe("summon.when_and_where_required");
    world.take(file, { ...summon, videoLink: "https://video.example/1" });
    expect(world.documents.map(({ code }) => code)).toEqual(["D04"]);
    world.take(file, { step: "ask_assistance", receiver: "市场监管局", request: "查询登记信息" });
    expect(world.documents.map(({ code }) => code)).toEqual(["D21"]);
    const extract = { step: "record_extraction", method: "原始码流复制", proves: "摆摊经过" } as const;
    expect(world.refusalOf(file, { ...extract, evidenceId: "other" }).code).toBe("evidence.unknown");
    world.take(file, { ...extract, evidenceId: file.evidence[0]?.evidenceId ?? "" });
    expect(world.documents.map(({ code }) => code)).toEqual(["N06"]);
  });

  it("goes on while a recusal is asked for; a leader decides, never about themselves", () => {
    const world = new TestWorld();
    const ask = { step: "ask_recusal", personId: "leader", reason: "系当事人亲属" } as const;
    const asked = world.take(world.investigatingCase(), ask, "party");
    const decide = {
      step: "decide_recusal",
      recusalId: asked.recusals[0]?.recusalId ?? "",
      granted: true,
    } as const;
    expect(asked.state).toBe("investigating");
    expect(world.refusalOf(asked, ask, "party").code).toBe("recusal.asked_already");
    expect(world.refusalOf(asked, { ...ask, personId: "nobody" }, "party").code).toBe(
      "recusal.person_unknown",
    );
    expect(world.refusalOf(asked, decide, "leader").code).toBe("recusal.own");
    const decided = world.take(asked, decide, "leader-2");
    expect(decided.recusals[0]?.decision).toEqual({ granted: true, by: "leader-2", on: "2026-01-05" });
    expect(world.refusalOf(decided, decide, "leader-2").code).toBe("recusal.nothing_to_decide");
  });

  it("stands still when suspended, and the time to decide runs on", () => {
    const world = new TestWorld();
    const file = world.investigatingCase();
    const resume = { step: "resume", reason: "鉴定完成" } as const;
    expect(world.refusalOf(file, resume, "leader").code).toBe("case.not_suspended");
    const suspended = world.take(file, { step: "suspend", reason: "等待鉴定" }, "leader");
    expect(suspended.overlays).toEqual(["suspended"]);
    expect(world.refusalOf(suspended, order).code).toBe("case.suspended");
    const resumed = world.on("2026-01-20").take(suspended, resume, "leader");
    expect(resumed.overlays).toEqual([]);
    expect(resumed.pauses).toEqual([{ from: "2026-01-05", to: "2026-01-20", reason: "等待鉴定" }]);
    expect(resumed.clocks).toEqual(file.clocks);
  });

  it("takes nothing from the party while it stands still", () => {
    const world = new TestWorld();
    const suspend = { step: "suspend", reason: "等待鉴定" } as const;
    const noticed = world.take(hearableCase(world), suspend, "leader");
    const asked = world.take(noticed, { step: "request_hearing" }, "party");
    expect(asked.hearing?.requestedOn).toBe(world.today);
    expect(world.take(noticed, { step: "request_hearing" }).hearing).not.toBeNull();
    const waived = world.take(noticed, { step: "waive_window", note: "放弃" }, "party");
    expect(waived.notice?.waiver).not.toBeNull();
    expect(world.refusalOf(noticed, { step: "waive_window", note: "放弃" }).code).toBe("case.suspended");
    const stated = world.take(
      noticed,
      { step: "receive_statement", about: "notice", text: "请求从轻", via: "portal" },
      "party",
    );
    const statementId = stated.statements.at(-1)?.statementId ?? "";
    const review = { step: "review_statement", statementId, outcome: "adopted", reason: "属实" } as const;
    expect(world.take(stated, review).statements.at(-1)?.review?.outcome).toBe("adopted");
  });

  it("still serves, checks and gives back while it stands still", () => {
    const world = new TestWorld();
    const suspend = { step: "suspend", reason: "等待鉴定" } as const;
    const kept = world.take(world.take(world.investigatingCase(), preserve, "leader"), order);
    const file = world.take(kept, suspend, "leader");
    const preservationId = file.preservations[0]?.preservationId ?? "";
    const given = world.take(file, { step: "resolve_preservation", preservationId, outcome: "返还" });
    expect(given.preservations[0]?.resolved).not.toBeNull();
    const { docId = "", orderId = "" } = file.orders[0] ?? {};
    const known = served(world, file, docId);
    expect(known.orders[0]?.servedOn).toBe(world.today);
    const checked = world.take(known, { step: "recheck_order", orderId, corrected: true, note: "已清除" });
    expect(checked.orders[0]?.recheck?.corrected).toBe(true);
    let posted = served(world, file, docId, { outcome: "failed", details: { reason: "家中无人" } });
    posted = served(world, posted, docId, {
      method: "public_notice",
      details: { reason: "下落不明", postedAt: "本局网站", screenshot: "sha256" },
    });
    const serviceId = posted.services.at(-1)?.serviceId ?? "";
    const over = { step: "complete_public_notice", serviceId } as const;
    expect(world.refusalOf(posted, over, "system").code).toBe("service.notice_runs");
  });

  it("ends with findings and a computed penalty that explains itself", () => {
    const world = new TestWorld();
    const file = world.investigatedCase();
    expect(file).toMatchObject({
      state: "investigated",
      investigation: { concludedOn: "2026-01-05" },
      computation: { tier: "light", fineFen: 200_000, benchmarkVersion: "test-1" },
    });
    expect(world.documents).toMatchObject([{ code: "N08", fields: { computation: file.computation } }]);
    const heavier = new TestWorld();
    expect(heavier.investigatedCase(generalFindings(heavier.basisId)).computation?.fineFen).toBe(1_000_000);
  });
});

describe("preserved evidence", () => {
  it("is dealt with in seven working days, and before the investigation ends", () => {
    const world = new TestWorld();
    const kept = world.take(world.investigatingCase(), preserve, "leader");
    const preservationId = kept.preservations[0]?.preservationId ?? "";
    expect(kept.clocks.at(-1)).toMatchObject({
      kind: "preservation",
      subject: preservationId,
      strictDue: "2026-01-14",
      duty: "agency",
    });
    expect(world.documents.map(({ code }) => code)).toEqual(["D14"]);
    const conclude = { step: "conclude_investigation", findings: world.findings() } as const;
    expect(world.refusalOf(kept, conclude).code).toBe("preservation.unresolved");
    const resolve = { step: "resolve_preservation", preservationId, outcome: "返还当事人" } as const;
    expect(world.refusalOf(kept, { ...resolve, outcome: "" }).code).toBe("preservation.outcome_required");
    const resolved = world.take(kept, resolve);
    expect(resolved.clocks.at(-1)).toMatchObject({ state: "met" });
    expect(world.refusalOf(resolved, resolve).code).toBe("preservation.unknown");
    expect(world.take(resolved, conclude).state).toBe("investigated");
  });

  it("is listed item by item", () => {
    const world = new TestWorld();
    for (const items of [[], [" "]]) {
      expect(world.refusalOf(world.investigatingCase(), { ...preserve, items }, "leader").code).toBe(
        "preservation.items_required",
      );
    }
  });
});

describe("an order to correct", () => {
  const ordered = (world: TestWorld, servedOn: string | null): CaseFile => {
    const file = world.take(world.investigatingCase(), order);
    return { ...file, orders: file.orders.map((one) => ({ ...one, servedOn })) };
  };
  const recheck = (file: CaseFile, corrected: boolean) =>
    ({ step: "recheck_order", orderId: file.orders[0]?.orderId ?? "", corrected, note: "现场复查" }) as const;

  it("names what to do and until when", () => {
    const world = new TestWorld();
    expect(world.refusalOf(world.investigatingCase(), { ...order, what: "" }).code).toBe(
      "order.what_required",
    );
    expect(world.refusalOf(world.investigatingCase(), { ...order, dueOn: "2026-01-04" }).code).toBe(
      "order.due_in_past",
    );
    expect(ordered(world, null).orders).toMatchObject([
      { what: "撤除摊位", dueOn: "2026-01-12", recheck: null },
    ]);
    expect(world.documents.map(({ code }) => code)).toEqual(["D02"]);
  });

  it("is found not obeyed only after its last day; obeyed at any time", () => {
    const world = new TestWorld();
    const file = ordered(world, "2026-01-05");
    expect(world.on("2026-01-12").refusalOf(file, recheck(file, false)).code).toBe("order.not_due");
    expect(world.take(file, recheck(file, true)).orders[0]?.recheck?.corrected).toBe(true);
    const failed = world.on("2026-01-13").take(file, recheck(file, false));
    expect(failed.orders[0]?.recheck).toEqual({ on: "2026-01-13", corrected: false, note: "现场复查" });
    const obeyed = world.on("2026-01-14").take(failed, recheck(failed, true));
    expect(world.refusalOf(obeyed, recheck(obeyed, true)).code).toBe("order.unknown");
  });

  it("that was not served cannot be disobeyed", () => {
    const world = new TestWorld();
    const file = ordered(world, null);
    expect(world.on("2026-01-13").refusalOf(file, recheck(file, false)).code).toBe("order.not_served");
  });
});

describe("ways out without a penalty", () => {
  it.each([
    [
      "no_penalty",
      { step: "decide_no_penalty", reason: "轻微并及时改正", education: "已当面教育" },
      "D08",
      "met",
    ],
    ["dismissed", { step: "dismiss", reason: "违法事实不能成立" }, "D08", "met"],
    ["terminated", { step: "terminate", reason: "当事人死亡" }, "N15", "stopped"],
    [
      "transferred_judicial",
      { step: "transfer", to: "judicial", receiver: "某区公安分局", reason: "涉嫌犯罪" },
      "D20",
      "stopped",
    ],
    [
      "transferred_agency",
      { step: "transfer", to: "agency", receiver: "某区城管局", reason: "无管辖权" },
      "D20",
      "stopped",
    ],
  ] as const)("%s", (state, step, code, clock) => {
    const world = new TestWorld();
    const ended = world.on("2026-01-09").take(world.investigatedCase(), step, "leader");
    expect(ended).toMatchObject({
      state,
      exit: { kind: state, by: "leader", on: "2026-01-09", reason: step.reason },
    });
    expect(world.documents.map((draft) => draft.code)).toEqual([code]);
    expect(ended.clocks.find(({ kind }) => kind === "decision")).toMatchObject({
      state: clock,
      endedOn: "2026-01-09",
    });
    expect(ended.education?.note ?? null).toBe("education" in step ? step.education : null);
  });

  it("close a suspension that still runs", () => {
    const world = new TestWorld();
    const suspended = world.take(
      world.investigatingCase(),
      { step: "suspend", reason: "等待鉴定" },
      "leader",
    );
    const ended = world
      .on("2026-01-09")
      .take(suspended, { step: "terminate", reason: "当事人死亡" }, "leader");
    expect(ended.overlays).toEqual([]);
    expect(ended.pauses).toMatchObject([{ to: "2026-01-09" }]);
  });

  it("leave nothing behind that nobody could settle any more", () => {
    const world = new TestWorld();
    const dismiss = { step: "terminate", reason: "当事人死亡" } as const;
    const kept = world.take(world.investigatingCase(), preserve, "leader");
    expect(world.refusalOf(kept, dismiss, "leader").code).toBe("preservation.unresolved");
    const stated = world.take(
      world.investigatingCase(),
      { step: "receive_statement", about: "record", text: "不是我", via: "window" },
      "party",
    );
    expect(world.refusalOf(stated, dismiss, "leader").code).toBe("statement.unreviewed");
  });
});

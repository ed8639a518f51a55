import { describe, expect, it } from "vitest";
import type { CaseFile } from "../case-file.ts";
import type { CaseStep } from "../step-input.ts";
import { fine, matter, vehicleSidewalkBasis, warningOnly } from "../testing/builders.ts";
import { decided, decidedCase, servedCase, windowsOver } from "../testing/decided-case.ts";
import {
  attempted,
  hearableCase,
  hearingAsked,
  noticedCase,
  noticeIssued,
  ordered,
  scheduling,
  served,
  serving,
} from "../testing/noticed-case.ts";
import { TestWorld } from "../testing/world.ts";

const clockOf = (file: CaseFile, kind: string) => file.clocks.findLast((clock) => clock.kind === kind);
const codes = (world: TestWorld) => world.documents.map(({ code }) => code);
const posted = {
  method: "public_notice",
  details: { reason: "下落不明", postedAt: "本局网站", screenshot: "sha256" },
} as const;

/** The decision could not be handed over; its public notice is posted on this day. */
function postedCase(world: TestWorld, day: string): CaseFile {
  const file = decidedCase(world);
  const docId = file.decision?.docId ?? "";
  const tried = attempted(world, file, docId);
  world.on(day);
  return served(world, tried, docId, posted);
}

const complete = (file: CaseFile): CaseStep => ({
  step: "complete_public_notice",
  serviceId: file.services.at(-1)?.serviceId ?? "",
});

describe("serving the notice", () => {
  it("opens the party's windows, counted from the legal date of service", () => {
    const world = new TestWorld();
    const issued = noticeIssued(world);
    world.on("2026-01-07");
    const file = served(world, issued, issued.notice?.docId ?? "", {
      attemptedOn: "2026-01-06",
      on: "2026-01-06",
    });
    expect(file.state).toBe("notice_served");
    expect(file.notice?.servedOn).toBe("2026-01-06");
    expect(clockOf(file, "statement")).toMatchObject({ startedOn: "2026-01-06", legalDue: "2026-01-13" });
    expect(clockOf(file, "hearing_request")).toBeUndefined();
    expect(codes(world)).toEqual(["D10"]);
  });

  it("serves the notice of the hearing with it", () => {
    const file = hearableCase(new TestWorld());
    expect(file.services.map(({ code }) => code)).toEqual(["D02", "D05", "D06"]);
    expect(clockOf(file, "hearing_request")).toMatchObject({ legalDue: "2026-01-12", duty: "party" });
  });

  it.each(["reopened", "issued again"])("ends the public notice of one that was %s", (how) => {
    const world = new TestWorld();
    const first = noticeIssued(world);
    const docId = first.notice?.docId ?? "";
    let file = served(world, attempted(world, first, docId), docId, posted);
    const serviceId = file.services.at(-1)?.serviceId ?? "";
    if (how === "reopened") {
      file = world.take(file, { step: "reopen_investigation", reason: "补充询问" });
      file = world.take(file, { step: "conclude_investigation", findings: world.findings() });
    }
    file = world.take(file, { step: "issue_notice" });
    expect(file.services.find((one) => one.serviceId === serviceId)?.outcome).toBe("failed");
    world.on("2026-02-06");
    const over: CaseStep = { step: "complete_public_notice", serviceId };
    expect(world.refusalOf(file, over, "system").code).toBe("service.no_notice_runs");
    // However one of a former notice came to run on, it serves that one alone.
    const services = file.services.map((one) =>
      one.serviceId === serviceId ? { ...one, outcome: "running" as const } : one,
    );
    const after = world.take({ ...file, services }, over, "system");
    expect(after).toMatchObject({ state: "investigated", notice: { servedOn: null } });
    expect(clockOf(after, "statement")).toBeUndefined();
  });

  it("changes nothing where the attempt failed", () => {
    const world = new TestWorld();
    const issued = noticeIssued(world);
    const file = attempted(world, issued, issued.notice?.docId ?? "");
    expect(file).toMatchObject({ state: "investigated", notice: { servedOn: null } });
    expect(file.services[0]).toMatchObject({ outcome: "failed", servedOn: null });
    expect(clockOf(file, "statement")).toBeUndefined();
  });

  it("is refused loudly where the calendar of the window's year is missing", () => {
    const world = new TestWorld().on("2027-12-30");
    world.setRecord({ ...(world.facts().record("incident-1") ?? fail()), capturedOn: "2027-12-29" });
    const issued = noticeIssued(world);
    expect(world.refusalOf(issued, serving(world, issued.notice?.docId ?? "")).code).toBe(
      "clock.calendar_missing",
    );
  });
});

describe("serving a decision not to penalise", () => {
  it.each([
    { step: "decide_no_penalty", reason: "轻微并及时改正", education: "已当面教育" },
    { step: "dismiss", reason: "违法事实不能成立" },
  ] as const)("$step has seven working days, and gives the party its remedies", (leave) => {
    const world = new TestWorld();
    let file = world.take(world.investigatedCase(), leave, "leader");
    const docId = file.documents.at(-1)?.docId ?? "";
    expect(clockOf(file, "service")).toMatchObject({
      subject: docId,
      legalDue: "2026-01-14",
      duty: "agency",
    });
    const close = { step: "request_closing" } as const;
    const review = { step: "file_review", filedOn: "2026-01-06", via: "review_body" } as const;
    world.on("2026-01-06");
    expect(world.refusalOf(file, close).code).toBe("closing.deadline_open");
    expect(world.refusalOf(file, review, "party").code).toBe("remedy.not_served");
    file = served(world, file, docId);
    expect(clockOf(file, "service")?.state).toBe("met");
    expect(clockOf(file, "litigation")).toMatchObject({ startedOn: "2026-01-06", state: "running" });
    expect(world.take(file, review, "party").overlays).toEqual(["in_review"]);
    expect(world.take(file, close).closing?.requestedBy).toBe("officer-a");
  });
});

describe("serving other documents", () => {
  it("gives an order its day", () => {
    const world = new TestWorld();
    const file = ordered(world, world.investigatingCase());
    expect(file.orders[0]?.servedOn).toBe("2026-01-05");
    expect(clockOf(file, "correction")).toMatchObject({ strictDue: "2026-01-12", state: "running" });
  });

  it("refuses an order whose day is over", () => {
    const world = new TestWorld();
    const file = world.take(world.investigatingCase(), {
      step: "order_correction",
      what: "清除占道摊位",
      dueOn: "2026-01-12",
    });
    const docId = file.orders[0]?.docId ?? "";
    world.on("2026-01-13");
    expect(world.refusalOf(file, serving(world, docId)).code).toBe("order.day_is_over");
    expect(served(world.on("2026-01-12"), file, docId).orders[0]?.servedOn).toBe("2026-01-12");
  });

  it("tells the party of the hearing", () => {
    const world = new TestWorld();
    const set = world.take(hearingAsked(world), scheduling(), "leader");
    world.on("2026-01-08");
    const file = served(world, set, set.hearing?.scheduled?.docId ?? "");
    expect(file.hearing?.scheduled?.toldOn).toBe("2026-01-08");
    expect(file.state).toBe("hearing");
  });

  it("makes an overdue case an urged one, ten working days from then", () => {
    const world = new TestWorld();
    let file = servedCase(world);
    file = world.on("2026-01-29").take(file, { step: "mark_overdue" }, "system");
    file = world.on("2026-08-20").take(file, { step: "urge" });
    file = served(world, file, file.urging?.docId ?? "");
    expect(file).toMatchObject({ state: "urged", urging: { servedOn: "2026-08-20" } });
    expect(clockOf(file, "urging")).toMatchObject({ legalDue: "2026-09-03", state: "running" });
  });
});

describe("serving the decision", () => {
  it("begins the time to pay and the time to sue, and ends the agency's to serve", () => {
    const world = new TestWorld();
    expect(clockOf(decidedCase(world), "service")).toMatchObject({
      state: "running",
      legalDue: "2026-01-22",
    });
    const file = servedCase(new TestWorld());
    expect(file.state).toBe("performing");
    expect(clockOf(file, "service")).toMatchObject({ state: "met", endedOn: "2026-01-13" });
    expect(clockOf(file, "payment")).toMatchObject({ legalDue: "2026-01-28", duty: "party" });
    expect(clockOf(file, "litigation")).toMatchObject({ strictDue: "2026-07-13" });
  });

  it("rolls the time to pay over days off", () => {
    const world = new TestWorld();
    const file = decidedCase(world);
    world.on("2026-02-02");
    // The fifteenth day lies in the spring holiday, 15 to 23 February.
    expect(clockOf(served(world, file, file.decision?.docId ?? ""), "payment")).toMatchObject({
      strictDue: "2026-02-17",
      legalDue: "2026-02-24",
    });
  });

  it("leaves nothing to pay after a warning: it is served, and confirmed as performed", () => {
    const world = new TestWorld();
    world.matter = matter(vehicleSidewalkBasis());
    const investigated = world.investigatedCase();
    const issued = world.take(investigated, { step: "issue_notice", penalty: warningOnly(world.basisId) });
    const noticed = served(world, issued, issued.notice?.docId ?? "");
    let file = decided(world.on("2026-01-13"), noticed);
    expect(file.payment).toBeNull();
    file = served(world, file, file.decision?.docId ?? "");
    expect(file.state).toBe("served");
    expect(clockOf(file, "payment")).toBeUndefined();
    expect(world.take(file, { step: "confirm_performance", note: "已当面警告" }).state).toBe("performed");
  });

  it("counts anew from the service of a decision that the agency has changed", () => {
    const world = new TestWorld();
    const before = servedCase(world);
    const late = world.on("2026-01-29").take(before, change(world), "leader");
    const overdue = world.take(late, { step: "mark_overdue" }, "system");
    world.on("2026-02-02");
    const file = served(world, overdue, overdue.changes[0]?.docId ?? "");
    expect(file.state).toBe("performing");
    expect(file.clocks.filter(({ kind }) => kind === "payment").map(({ state }) => state)).toEqual([
      "lapsed",
      "running",
    ]);
    expect(clockOf(file, "litigation")).toMatchObject({ startedOn: "2026-02-02", state: "running" });
  });

  it("leaves nothing of an urging about the amount from before", () => {
    const world = new TestWorld();
    let file = servedCase(world);
    file = world.on("2026-01-29").take(file, { step: "mark_overdue" }, "system");
    file = world.take(file, { step: "urge" });
    file = served(world, file, file.urging?.docId ?? "");
    file = world.take(file, change(world), "leader");
    file = served(world, file, file.changes[0]?.docId ?? "");
    expect(file).toMatchObject({ state: "performing", urging: null });
    expect(clockOf(file, "urging")?.state).toBe("stopped");
  });

  it("names the officers of the case for what the system sent", () => {
    const world = new TestWorld();
    const file = world.take(
      decidedCase(world),
      { step: "confirm_address", channels: [{ channel: "sms", address: "1" }], signedOn: world.today },
      "party",
    );
    const sent = served(
      world,
      file,
      file.decision?.docId ?? "",
      {
        method: "electronic",
        officers: ["auxiliary"],
        details: { channel: "sms", address: "1", messageId: "m-1", arrivalProof: "回执" },
      },
      "system",
    );
    expect(sent.services.at(-1)?.officers).toEqual(["officer-a", "officer-b"]);
  });
});

describe("a public notice", () => {
  it("runs thirty days and serves when the last one is over", () => {
    const world = new TestWorld();
    const file = postedCase(world, "2026-01-13");
    expect(codes(world)).toEqual(["D22"]);
    expect(file).toMatchObject({ state: "decided" });
    expect(file.services.at(-1)).toMatchObject({ outcome: "running", servedOn: null });
    world.on("2026-02-12");
    expect(world.refusalOf(file, complete(file), "system").code).toBe("service.notice_runs");
    const done = world.on("2026-02-13").take(file, complete(file), "system");
    expect(done.services.at(-1)).toMatchObject({ outcome: "served", servedOn: "2026-02-12" });
    expect(done.state).toBe("performing");
    expect(clockOf(done, "payment")?.startedOn).toBe("2026-02-12");
    expect(world.refusalOf(done, complete(file), "system").code).toBe("service.no_notice_runs");
  });

  it("does not end on a day off", () => {
    const world = new TestWorld();
    const file = postedCase(world, "2026-01-16");
    world.on("2026-02-24");
    expect(world.refusalOf(file, complete(file), "system").code).toBe("service.notice_runs");
    const done = world.on("2026-02-25").take(file, complete(file), "system");
    expect(done.services.at(-1)?.servedOn).toBe("2026-02-24");
  });

  it("is over when the party is reached another way, and completes nothing then", () => {
    const world = new TestWorld();
    const file = postedCase(world, "2026-01-13");
    world.on("2026-01-20");
    const reached = served(world, file, file.decision?.docId ?? "");
    expect(reached.services.map(({ outcome }) => outcome)).toEqual(["served", "failed", "failed", "served"]);
    expect(world.on("2026-02-13").refusalOf(reached, complete(file), "system").code).toBe(
      "service.no_notice_runs",
    );
  });

  it("completes a notice of the penalty as any other service does", () => {
    const world = new TestWorld();
    const issued = noticeIssued(world);
    const docId = issued.notice?.docId ?? "";
    const file = served(world, attempted(world, issued, docId), docId, posted);
    expect(file.state).toBe("investigated");
    // 5 January and thirty days: Wednesday, 4 February.
    const done = world.on("2026-02-05").take(file, complete(file), "system");
    expect(done).toMatchObject({ state: "notice_served", notice: { servedOn: "2026-02-04" } });
  });
});

describe("the party's address", () => {
  const confirm: CaseStep = {
    step: "confirm_address",
    channels: [{ channel: "sms", address: "13800000000" }],
    signedOn: "2026-01-05",
  };

  it("is confirmed, replaced and revoked", () => {
    const world = new TestWorld();
    const first = world.take(noticedCase(world), confirm, "party");
    const second = world.take(first, confirm, "party");
    expect(world.documents[0]).toMatchObject({ code: "D11", replaces: first.addressConfirmation?.docId });
    const revoked = world.take(second, { step: "revoke_address" }, "party");
    expect(revoked.addressConfirmation?.revokedOn).toBe(world.today);
    expect(world.refusalOf(revoked, { step: "revoke_address" }, "party").code).toBe(
      "address.nothing_to_revoke",
    );
  });

  it("names a channel", () => {
    const world = new TestWorld();
    const file = noticedCase(world);
    expect(world.refusalOf(file, { ...confirm, channels: [] } as CaseStep, "party").code).toBe(
      "address.no_channel",
    );
  });
});

it("keeps the windows as they were when something else is served", () => {
  const world = new TestWorld();
  const before = windowsOver(world);
  const after = ordered(world, before);
  expect(clockOf(after, "statement")).toEqual(clockOf(before, "statement"));
});

function change(world: TestWorld): CaseStep {
  return {
    step: "change_decision",
    by: "agency",
    kind: "changed",
    reason: "裁量不当，予以变更",
    penalty: fine(world.basisId, 100_000),
  };
}

function fail(): never {
  throw new Error("the world has no such record");
}

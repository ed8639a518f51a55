import { beforeEach, describe, expect, it } from "vitest";
import { runningClock } from "../../clocks/due.ts";
import type { CaseFile, Publication } from "../case-file.ts";
import { fine, matter, streetVendingBasis, warningOnly } from "../testing/builders.ts";
import { served } from "../testing/noticed-case.ts";
import { overdueCase, performedCase } from "../testing/overdue-case.ts";
import { performingCase, receipt } from "../testing/performing-case.ts";
import { TestWorld } from "../testing/world.ts";

let world: TestWorld;
beforeEach(() => {
  world = new TestWorld().on("2026-03-30");
});
const published: Publication = {
  publish: true,
  reason: "具有一定社会影响",
  by: "publicity-editor",
  on: "2026-03-11",
  withdrawn: null,
};
const lower = (fineFen: number) =>
  ({
    step: "change_decision",
    by: "agency",
    kind: "changed",
    reason: "事实认定有误，应当减轻",
    penalty: fine("street_vending.csdl-42", fineFen),
  }) as const;
const revoke = {
  step: "change_decision",
  by: "agency",
  kind: "revoked",
  reason: "证据不足",
  penalty: null,
} as const;
const fileReview = (via: "this_agency" | "review_body") =>
  ({ step: "file_review", filedOn: "2026-03-30", via }) as const;
const paidInFull = { payment: { code: "pay-1", receipts: [receipt()], deferral: null } };

describe("a review", () => {
  it("handed to this agency is forwarded in five working days, over the holiday", () => {
    let file = world.take(performingCase(), fileReview("this_agency"), "party");
    expect(file.overlays).toEqual(["in_review"]);
    // 4 to 6 April are off.
    expect(runningClock(file.clocks, "review_forward")).toMatchObject({
      legalDue: "2026-04-07",
      duty: "agency",
    });
    expect(runningClock(file.clocks, "litigation")).toBeUndefined();
    file = world.on("2026-04-07").take(file, { step: "forward_review" });
    expect(file.reviews[0]?.forwardedOn).toBe("2026-04-07");
    expect(runningClock(file.clocks, "review_forward")).toBeUndefined();
  });

  it("filed with the review body asks nothing of the agency", () => {
    const file = world.take(performingCase(), fileReview("review_body"));
    expect(runningClock(file.clocks, "review_forward")).toBeUndefined();
  });

  it("moves the time to sue and the court window when it is decided", () => {
    let file = world.take(overdueCase(world), { ...fileReview("review_body"), filedOn: "2026-03-26" });
    expect(runningClock(file.clocks, "court_window")).toBeUndefined();
    file = world
      .on("2026-05-06")
      .take(file, { step: "end_review", kind: "upheld", receivedOn: "2026-05-06" });
    expect(file.overlays).toEqual([]);
    expect(runningClock(file.clocks, "litigation")).toMatchObject({
      legalDue: "2026-05-21",
      basis: "litigation.afterReview",
    });
    expect(runningClock(file.clocks, "court_window")).toMatchObject({ legalDue: "2026-08-21" });
  });

  it("taken back leaves the time to sue where it was", () => {
    let file = world.take(performingCase(), fileReview("review_body"));
    file = world.take(file, {
      step: "end_review",
      kind: "withdrawn",
      receivedOn: "2026-03-30",
      note: "终止通知书",
    });
    expect(runningClock(file.clocks, "litigation")).toMatchObject({
      startedOn: "2026-03-10",
      legalDue: "2026-09-10",
    });
  });

  it("that revokes the decision stops its collection and publication until that is carried out", () => {
    let file = world.take(performingCase(), { ...fileReview("review_body"), filedOn: "2026-03-24" });
    file = world.take(file, { step: "end_review", kind: "revoked", receivedOn: "2026-03-30" });
    const publish = { step: "decide_publication", publish: true, reason: "社会影响" } as const;
    const defer = { step: "grant_deferral", instalments: [], reason: "困难" } as const;
    const court = { step: "apply_to_court", court: "法院" } as const;
    const code = "remedy.outcome_open";
    world.on("2026-09-11");
    expect(world.refusalOf(file, { step: "mark_overdue" }, "system").code).toBe(code);
    expect(world.refusalOf({ ...file, state: "overdue" }, { step: "urge" }).code).toBe(code);
    expect(world.refusalOf({ ...file, state: "urged" }, court, "leader").code).toBe(code);
    expect(world.refusalOf(file, defer, "leader").code).toBe(code);
    expect(world.refusalOf(file, publish, "publicity-editor").code).toBe("publication.outcome_open");
  });

  it("that revokes what is in public has it withdrawn in three working days, counted once", () => {
    let file = world.take(performingCase({ publication: published }), fileReview("review_body"));
    file = world.take(file, { step: "end_review", kind: "revoked", receivedOn: "2026-03-30" });
    expect(runningClock(file.clocks, "publication_withdrawal")).toMatchObject({ legalDue: "2026-04-02" });
    const change = { ...revoke, by: "review_body" } as const;
    file = world.take(file, change, "leader");
    expect(file.clocks.filter(({ kind }) => kind === "publication_withdrawal")).toHaveLength(1);
  });

  it("that upholds it leaves it in public", () => {
    let file = world.take(performingCase({ publication: published }), fileReview("review_body"));
    file = world.take(file, { step: "end_review", kind: "upheld", receivedOn: "2026-03-30" });
    expect(runningClock(file.clocks, "publication_withdrawal")).toBeUndefined();
  });

  it("cannot be filed tomorrow", () => {
    const step = { ...fileReview("review_body"), filedOn: "2026-03-31" };
    expect(world.refusalOf(performingCase(), step).code).toBe("case.date_in_future");
  });
});

describe("a suit", () => {
  const sue = { step: "file_suit", filedOn: "2026-03-30", court: "法院" } as const;

  it("holds while it runs and ends the time to sue", () => {
    let file = world.take(performingCase(), sue);
    expect(file.overlays).toEqual(["in_litigation"]);
    expect(file.clocks.find(({ kind }) => kind === "litigation")?.state).toBe("met");
    file = world.take(file, { step: "end_suit", kind: "upheld", on: "2026-03-30" });
    expect(file).toMatchObject({ overlays: [], litigations: [{ outcome: { kind: "upheld" } }] });
  });

  it("that voids what is in public has it withdrawn", () => {
    let file = world.take(performingCase({ publication: published }), sue);
    file = world.take(file, { step: "end_suit", kind: "void", on: "2026-03-30" });
    expect(runningClock(file.clocks, "publication_withdrawal")).toMatchObject({ legalDue: "2026-04-02" });
  });

  it("taken back lets the time to sue run again", () => {
    let file = world.take(performingCase(), sue);
    file = world.take(file, { step: "end_suit", kind: "withdrawn", on: "2026-03-30", note: "准许撤诉裁定" });
    expect(runningClock(file.clocks, "litigation")?.legalDue).toBe("2026-09-10");
  });
});

describe("a change of the decision", () => {
  const change = (file: CaseFile, step: ReturnType<typeof lower> | typeof revoke) =>
    world.take(file, step, "leader");

  it("revoked ends the case, whatever was running for its money", () => {
    const file = change(overdueCase(world), revoke);
    expect(file).toMatchObject({ state: "terminated", overlays: ["decision_changed"] });
    const docId = file.changes[0]?.docId ?? "";
    expect(file.clocks.filter(({ state }) => state === "running")).toMatchObject([
      { kind: "service", subject: docId, duty: "agency" },
    ]);
    expect(world.documents).toMatchObject([{ code: "D17", replaces: "doc-decision" }]);
    const told = served(world, file, docId);
    expect(told.state).toBe("terminated");
    expect(runningClock(told.clocks, "service")).toBeUndefined();
  });

  it("has what is in public withdrawn in three working days, over the holiday", () => {
    world.on("2026-04-03");
    const file = change(performingCase({ publication: published }), revoke);
    // 4 to 6 April are off.
    expect(runningClock(file.clocks, "publication_withdrawal")).toMatchObject({
      legalDue: "2026-04-09",
      duty: "agency",
    });
    expect(change(performingCase(), revoke).clocks.map(({ kind }) => kind)).not.toContain(
      "publication_withdrawal",
    );
  });

  it("lowered goes on with the new amount", () => {
    const file = change(performingCase(), lower(40_000));
    expect(file.state).toBe("performing");
    world.on("2026-03-30");
    const pay = {
      step: "record_payment",
      receiptNo: "R-1",
      paidOn: "2026-03-25",
      amountFen: 40_000,
    } as const;
    expect(world.take(file, pay, "system").state).toBe("performed");
  });

  it("lowered to what was paid, or to a warning, is performed", () => {
    const part = { payment: { code: "pay-1", receipts: [receipt(40_000)], deferral: null } };
    expect(change(performingCase(part), lower(40_000)).state).toBe("performed");
    world.matter = matter(streetVendingBasis({ kinds: ["warning", "fine"] }));
    const warning = { ...lower(0), penalty: warningOnly("street_vending.csdl-42") };
    expect(change(performingCase(), warning).state).toBe("performed");
  });

  it("opens a closed case again when the decision is gone", () => {
    const closed: CaseFile = {
      ...performedCase(world),
      state: "closed",
      closing: {
        requestedBy: "officer-a",
        endorsedBy: "unit-head",
        closedBy: "leader-2",
        closedOn: "2026-03-25",
      },
    };
    expect(world.on("2026-03-30").take(closed, revoke, "leader")).toMatchObject({
      state: "terminated",
      closing: null,
    });
  });

  it("leaves a closed case closed when only the amount changes", () => {
    const closed: CaseFile = { ...performedCase(world), state: "closed" };
    expect(change(closed, lower(40_000)).state).toBe("closed");
  });

  it("by a review body carries out its outcome, once", () => {
    const reviews = [
      {
        filedOn: "2026-03-12",
        via: "review_body" as const,
        forwardedOn: null,
        outcome: { kind: "changed" as const, receivedOn: "2026-03-27" },
      },
    ];
    const step = { ...lower(50_000), by: "review_body" } as const;
    const file = world.take(performingCase({ reviews }), step, "leader");
    expect(world.refusalOf(file, step, "leader").code).toBe("change.no_outcome");
  });

  it("is the leader's to decide, never a handler's", () => {
    expect(world.refusalOf(performingCase(paidInFull), revoke, "officer-a").code).toBe(
      "permission.role_required",
    );
  });
});

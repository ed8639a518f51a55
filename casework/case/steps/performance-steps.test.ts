import { beforeEach, describe, expect, it } from "vitest";
import { runningClock } from "../../clocks/due.ts";
import type { CaseFile } from "../case-file.ts";
import { warningOnly } from "../testing/builders.ts";
import { courtCase, overdueCase, urgedCase } from "../testing/overdue-case.ts";
import { performingCase } from "../testing/performing-case.ts";
import { TestWorld } from "../testing/world.ts";

let world: TestWorld;
beforeEach(() => {
  world = new TestWorld().on("2026-03-25");
});
const pay = (
  file: CaseFile,
  amountFen: number,
  paidOn = world.today,
  receiptNo = `R-${paidOn}-${amountFen}`,
) => world.take(file, { step: "record_payment", receiptNo, paidOn, amountFen }, "system");
const order = {
  orderId: "order-1",
  docId: "doc-order",
  what: "撤除摊位",
  dueOn: "2026-01-10",
  servedOn: "2026-01-06",
  recheck: null,
};

describe("paying", () => {
  it("in full makes the case performed and ends the time to pay", () => {
    const file = pay(performingCase(), 100_000);
    expect(file.state).toBe("performed");
    expect(file.clocks.find(({ kind }) => kind === "payment")).toMatchObject({
      state: "met",
      endedOn: "2026-03-25",
    });
    expect(world.documents.map(({ code }) => code)).toEqual(["N24"]);
  });

  it("in part leaves it performing, with the receipt on file", () => {
    const file = pay(performingCase(), 40_000);
    expect(file.state).toBe("performing");
    expect(file.payment?.receipts).toHaveLength(1);
    expect(pay(file, 60_000).state).toBe("performed");
  });

  it("in time costs no surcharge, however late the bank tells", () => {
    const overdue = overdueCase(world);
    world.on("2026-04-01");
    expect(pay(overdue, 100_000, "2026-03-25").state).toBe("performed");
  });

  it("late needs the surcharge of the day too", () => {
    const overdue = overdueCase(world);
    world.on("2026-04-27");
    const paid = pay(overdue, 100_000);
    expect(paid.state).toBe("overdue");
    world.on("2026-05-20");
    expect(pay(paid, 99_000).state).toBe("performed");
  });

  it("before the court still ends the case as performed and stops the court's clocks", () => {
    const file = courtCase(world);
    const paid = pay(file, 200_000);
    expect(paid.state).toBe("performed");
    expect(runningClock(paid.clocks, "court_acceptance")).toBeUndefined();
  });

  it("in full waits for an officer where an order is still to be checked", () => {
    let file = pay(performingCase({ orders: [order] }), 100_000);
    expect(file.state).toBe("performing");
    expect(runningClock(file.clocks, "payment")).toBeUndefined();
    expect(world.refusalOf(file, { step: "confirm_performance", note: "已缴清" }).code).toBe(
      "performance.order_not_rechecked",
    );
    file = world.take(file, { step: "recheck_order", orderId: "order-1", corrected: true, note: "已撤除" });
    expect(world.take(file, { step: "confirm_performance", note: "已缴清并改正" }).state).toBe("performed");
  });

  it("is the bank's to tell: nobody registers a payment by hand", () => {
    const step = { step: "record_payment", receiptNo: "R-1", paidOn: "2026-03-25", amountFen: 1 } as const;
    expect(world.refusalOf(performingCase(), step, "officer-a").code).toBe("case.system_step");
  });
});

describe("a warning alone", () => {
  it("is performed once an officer confirms it", () => {
    const { decision } = performingCase();
    if (decision === null) throw new Error("not decided");
    const file = performingCase({
      decision: { ...decision, penalty: warningOnly(world.basisId) },
      payment: null,
      clocks: [],
    });
    expect(world.take(file, { step: "confirm_performance", note: "已警告并教育" }).state).toBe("performed");
  });
});

describe("a late fine", () => {
  it("is found on day 16, which brings the court window into sight", () => {
    const file = overdueCase(world);
    expect(file.state).toBe("overdue");
    expect(file.clocks.find(({ kind }) => kind === "payment")?.state).toBe("lapsed");
    expect(runningClock(file.clocks, "court_window")).toMatchObject({
      startedOn: "2026-09-10",
      legalDue: "2026-12-10",
      duty: "agency",
    });
  });

  it("is never marked by hand", () => {
    world.on("2026-03-26");
    expect(world.refusalOf(performingCase(), { step: "mark_overdue" }, "officer-a").code).toBe(
      "case.system_step",
    );
  });
});

describe("a deferral", () => {
  const instalments = [
    { dueOn: "2026-04-25", amountFen: 50_000 },
    { dueOn: "2026-10-15", amountFen: 50_000 },
  ];
  const grant = { step: "grant_deferral", reason: "家庭经济确有困难", instalments } as const;

  it("puts the instalments' days in place of the time to pay", () => {
    const file = world.take(performingCase(), grant, "leader");
    expect(file.overlays).toEqual(["deferred_payment"]);
    const running = file.clocks.filter(({ kind, state }) => kind === "payment" && state === "running");
    expect(running.map(({ strictDue, legalDue }) => [strictDue, legalDue])).toEqual([
      ["2026-04-25", "2026-04-27"],
      ["2026-10-15", "2026-10-15"],
    ]);
    expect(world.documents.map(({ code }) => code)).toEqual(["D13"]);
  });

  it("is the leader's to grant, not a handler's", () => {
    expect(world.refusalOf(performingCase(), grant, "officer-a").code).toBe("permission.role_required");
  });

  it("is late when an instalment is, and leaves the others their time", () => {
    let file = world.take(performingCase(), grant, "leader");
    file = world.on("2026-04-28").take(file, { step: "mark_overdue" }, "system");
    const states = file.clocks.filter(({ subject }) => subject.startsWith("instalment"));
    expect(states.map(({ state }) => state)).toEqual(["lapsed", "running"]);
    expect(runningClock(file.clocks, "court_window")).toMatchObject({
      startedOn: "2026-10-15",
      legalDue: "2027-01-15",
    });
    file = world.take(file, { step: "urge" });
    expect(file.urging).toMatchObject({ fineFen: 50_000, surchargeFen: 1_500 });
  });

  it("takes back an urging: whoever pays late again is urged again", () => {
    const urged = urgedCase(world);
    const owed = [{ dueOn: "2026-10-15", amountFen: 200_000 }];
    const file = world.on("2026-08-21").take(urged, { ...grant, instalments: owed }, "leader");
    expect(file).toMatchObject({ state: "performing", urging: null });
    expect(runningClock(file.clocks, "court_window")).toBeUndefined();
    expect(runningClock(file.clocks, "urging")).toBeUndefined();
  });

  it("ends with the last fen", () => {
    let file = world.take(performingCase(), grant, "leader");
    file = pay(file, 50_000);
    expect(file.overlays).toEqual(["deferred_payment"]);
    expect(pay(file, 50_000, world.today, "R-2")).toMatchObject({ state: "performed", overlays: [] });
  });
});

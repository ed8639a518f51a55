import { describe, expect, it } from "vitest";
import { caseTable, stepNames, type TableRow } from "./case-table.ts";
import { person } from "./testing/builders.ts";
import { decidedCase, servedCase } from "./testing/decided-case.ts";
import { serving } from "./testing/noticed-case.ts";
import { TestWorld } from "./testing/world.ts";

/** Any officer of the place writes down what a party brings. */
const OPEN_TO_ALL = ["receive_statement", "ask_recusal"];

describe("an officer of other cases", () => {
  it.each(stepNames.filter((name) => caseTable[name].by === "case.handle"))("%s", (name) => {
    const row: TableRow = caseTable[name];
    expect(row.guards.includes("handler_acts")).toBe(!OPEN_TO_ALL.includes(name));
  });

  it("serves nothing, though two officers of the case are named", () => {
    const world = new TestWorld();
    const file = decidedCase(world);
    const serve = serving(world, file.decision?.docId ?? "");
    expect(world.refusalOf(file, serve, "officer-c").code).toBe("duty.not_handler");
    // A colleague may come along.
    const along = serving(world, file.decision?.docId ?? "", { officers: ["officer-a", "officer-c"] });
    expect(world.take(file, along).services.at(-1)?.officers).toEqual(["officer-a", "officer-c"]);
  });
});

describe("whoever approved the case", () => {
  it("does not go along to serve it", () => {
    const world = new TestWorld();
    const file = decidedCase(world);
    const certificate = { no: "51-1", validFrom: "2024-01-01", validTo: "2029-12-31" };
    world.setPerson(person("leader", ["agency_leader", "officer"], { certificate }));
    const serve = serving(world, file.decision?.docId ?? "", { officers: ["officer-a", "leader"] });
    expect(world.refusalOf(file, serve).code).toBe("duty.approver_handles");
  });
});

describe("a remedy the party withdrew", () => {
  it("is written down with what shows it", () => {
    const world = new TestWorld();
    const served = servedCase(world);
    const filedOn = world.today;
    const reviewed = world.take(served, { step: "file_review", filedOn, via: "review_body" });
    const ended = { step: "end_review", kind: "withdrawn", receivedOn: world.today } as const;
    expect(world.refusalOf(reviewed, ended).code).toBe("remedy.withdrawal_unproved");
    const note = "复议机关终止通知书";
    expect(world.take(reviewed, { ...ended, note }).reviews.at(-1)?.outcome?.kind).toBe("withdrawn");
    const sued = world.take(served, { step: "file_suit", filedOn, court: "武侯区人民法院" });
    const dropped = { step: "end_suit", kind: "withdrawn", on: world.today } as const;
    expect(world.refusalOf(sued, dropped).code).toBe("remedy.withdrawal_unproved");
    expect(world.take(sued, { ...dropped, note }).litigations.at(-1)?.outcome?.kind).toBe("withdrawn");
  });
});

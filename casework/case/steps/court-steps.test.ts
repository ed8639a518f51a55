import { beforeEach, describe, expect, it } from "vitest";
import { runningClock } from "../../clocks/due.ts";
import type { CaseFile, CourtEventKind } from "../case-file.ts";
import { nextCourtEvents } from "../court-events.ts";
import { courtCase, overdueCase, urgedCase } from "../testing/overdue-case.ts";
import { statement } from "../testing/performing-case.ts";
import { TestWorld } from "../testing/world.ts";

let world: TestWorld;
beforeEach(() => {
  world = new TestWorld();
});
const record = (file: CaseFile, kind: CourtEventKind, on: string) =>
  world.on(on).take(file, { step: "record_court", kind, on, note: "法院文书已扫描" });
const apply = { step: "apply_to_court", court: "成都市武侯区人民法院" } as const;

describe("urging", () => {
  it("states the fine and the surcharge of the day", () => {
    const file = world.take(overdueCase(world), { step: "urge" });
    expect(file.urging).toMatchObject({ issuedOn: "2026-03-26", fineFen: 100_000, surchargeFen: 3_000 });
    expect(world.documents[0]).toMatchObject({ code: "D12", fields: { totalFen: 103_000 } });
  });

  it("replaces a letter that nobody received", () => {
    const first = world.take(overdueCase(world), { step: "urge" });
    const second = world.on("2026-04-27").take(first, { step: "urge" });
    expect(second.urging?.surchargeFen).toBe(99_000);
    expect(world.documents[0]?.replaces).toBe(first.urging?.docId);
  });
});

describe("the application to the court", () => {
  it("goes out on the first day of the window with the amount of the day", () => {
    const file = courtCase(world);
    expect(file).toMatchObject({
      state: "court_applied",
      court: { appliedOn: "2026-09-11", amountFen: 200_000, events: [] },
    });
    expect(file.clocks.find(({ kind }) => kind === "court_window")?.state).toBe("met");
    expect(runningClock(file.clocks, "court_acceptance")).toMatchObject({
      legalDue: "2026-09-18",
      duty: "court",
    });
  });

  it.each([
    ["2026-09-10", "court.too_early"],
    ["2026-12-11", "court.too_late"],
  ])("is refused on %s: %s, with both dates", (day, code) => {
    const file = urgedCase(world);
    const refusal = world.on(day).refusalOf(file, apply, "leader");
    expect(refusal.code).toBe(code);
    expect(refusal.messageZh).toContain("2026年9月11日至2026年12月10日");
  });

  it("is refused while the urging runs", () => {
    expect(world.refusalOf(urgedCase(world), apply, "leader").code).toBe("urging.running");
  });

  it("waits for the answer to what the party said about the urging", () => {
    const file = urgedCase(world, { statements: [statement({ about: "urging" })] });
    expect(world.on("2026-09-11").refusalOf(file, apply, "leader").code).toMatch(/^statement/);
  });

  it("is signed by the leader and names its court", () => {
    const file = urgedCase(world);
    world.on("2026-09-11");
    expect(world.refusalOf(file, apply, "officer-a").code).toBe("permission.role_required");
    expect(world.refusalOf(file, { ...apply, court: " " }, "leader").code).toBe("court.name_missing");
  });
});

describe("the court's events", () => {
  it("lead from the acceptance over the ruling to the end of the execution", () => {
    let file = record(courtCase(world), "accepted", "2026-09-14");
    expect(file.state).toBe("court_accepted");
    expect(runningClock(file.clocks, "court_ruling")?.legalDue).toBe("2026-09-22");
    file = record(file, "ruled_enforce", "2026-09-22");
    expect(file.state).toBe("court_ruled");
    file = record(file, "agreement", "2026-09-23");
    expect(file.state).toBe("court_ruled");
    file = record(file, "executed", "2026-10-12");
    expect(file.state).toBe("executed");
    expect(file.clocks.filter(({ kind, state }) => kind.startsWith("court_") && state === "running")).toEqual(
      [],
    );
  });

  it("give fifteen days to object to a refusal, which the upper court may set aside", () => {
    let file = record(courtCase(world), "refused", "2026-09-14");
    expect(file.state).toBe("court_applied");
    expect(runningClock(file.clocks, "court_objection")).toMatchObject({
      legalDue: "2026-09-29",
      duty: "agency",
    });
    file = record(file, "objected", "2026-09-29");
    expect(runningClock(file.clocks, "court_objection")).toBeUndefined();
    expect(record(file, "accepted", "2026-10-12").state).toBe("court_accepted");
  });

  it("end the case when a refusal stays", () => {
    let file = record(courtCase(world), "accepted", "2026-09-14");
    file = record(file, "ruled_refuse", "2026-09-22");
    file = record(file, "objected", "2026-09-28");
    file = record(file, "ruled_refuse", "2026-10-12");
    expect(file.court === null ? [] : nextCourtEvents(file.court)).toEqual(["ended"]);
    file = record(file, "ended", "2026-10-12");
    expect(file.state).toBe("execution_ended");
    expect(runningClock(file.clocks, "court_objection")).toBeUndefined();
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { CaseFile } from "./case-file.ts";
import { servedCase } from "./testing/decided-case.ts";
import { served } from "./testing/noticed-case.ts";
import { TestWorld } from "./testing/world.ts";

/** The last third step by step, on a case that came all the way from its clue: 2 000 yuan, served on 13 January 2026. */
let world: TestWorld;
beforeEach(() => {
  world = new TestWorld();
});

const withhold = { step: "decide_publication", publish: false, reason: "不具有一定社会影响" } as const;

function archived(file: CaseFile): CaseFile {
  let next = world.take(file, { step: "request_closing" });
  next = world.take(next, { step: "endorse_closing" }, "unit-head");
  next = world.take(next, { step: "close" }, "leader");
  // Nobody can sue any more.
  return world.on("2026-12-31").take(next, { step: "archive" }, "archivist");
}

describe("from the service to the archive", () => {
  it("a fine paid in time", () => {
    let file = world.take(servedCase(world), withhold, "publicity-editor");
    world.on("2026-01-28");
    file = world.take(
      file,
      { step: "record_payment", receiptNo: "R-1", paidOn: "2026-01-28", amountFen: 200_000 },
      "system",
    );
    expect(file.state).toBe("performed");
    expect(archived(file).state).toBe("archived");
  });

  it("a fine that the court collects", () => {
    let file = world.take(servedCase(world), withhold, "publicity-editor");
    file = world.on("2026-01-29").take(file, { step: "mark_overdue" }, "system");
    file = world.take(file, { step: "urge" });
    file = served(world, file, file.urging?.docId ?? "");
    expect(file.state).toBe("urged");
    const apply = { step: "apply_to_court", court: world.agency.court } as const;
    // 13 January and six months: 13 July.
    expect(world.on("2026-07-13").refusalOf(file, apply, "leader").code).toBe("court.too_early");
    file = world.on("2026-07-14").take(file, apply, "leader");
    expect(file.court?.amountFen).toBe(400_000);
    for (const kind of ["accepted", "ruled_enforce", "executed"] as const) {
      file = world.take(file, { step: "record_court", kind, on: "2026-07-14", note: "法院文书已扫描" });
    }
    expect(file.state).toBe("executed");
    expect(archived(file).state).toBe("archived");
  });

  it("a fine lowered by the agency itself, with a new time to pay from the service of the change", () => {
    let file = world.take(servedCase(world), withhold, "publicity-editor");
    file = world.on("2026-01-29").take(file, { step: "mark_overdue" }, "system");
    const penalty = {
      kinds: ["fine"] as const,
      fineFen: 100_000,
      confiscation: null,
      basisId: world.basisId,
    };
    file = world.take(
      file,
      { step: "change_decision", by: "agency", kind: "changed", reason: "减轻", penalty },
      "leader",
    );
    file = served(world, file, file.changes[0]?.docId ?? "");
    expect(file.state).toBe("performing");
    // 29 January and fifteen days: 13 February; no surcharge from before.
    world.on("2026-02-13");
    const pay = {
      step: "record_payment",
      receiptNo: "R-1",
      paidOn: "2026-02-13",
      amountFen: 100_000,
    } as const;
    expect(world.take(file, pay, "system").state).toBe("performed");
  });
});

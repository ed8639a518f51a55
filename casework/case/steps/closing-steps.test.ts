import { beforeEach, describe, expect, it } from "vitest";
import { runningClock, startClock } from "../../clocks/due.ts";
import { fixtureCalendar } from "../../clocks/testing/fixture-calendar.ts";
import type { CaseFile } from "../case-file.ts";
import { fine } from "../testing/builders.ts";
import { served } from "../testing/noticed-case.ts";
import { performedCase } from "../testing/overdue-case.ts";
import { performingCase } from "../testing/performing-case.ts";
import { TestWorld } from "../testing/world.ts";

let world: TestWorld;
beforeEach(() => {
  world = new TestWorld();
});
const reason = "具有一定社会影响";
const publish = { step: "decide_publication", publish: true, reason } as const;
const revoke = {
  step: "change_decision",
  by: "agency",
  kind: "revoked",
  reason: "证据不足",
  penalty: null,
} as const;
const publicationClock = startClock(
  {
    kind: "publication",
    subject: "case",
    startedOn: "2026-03-06",
    period: { count: 7, unit: "WD" },
    basis: "publication.decide",
    duty: "agency",
  },
  fixtureCalendar,
);

function closed(file: CaseFile): CaseFile {
  const requested = world.take(file, { step: "request_closing" });
  const endorsed = world.take(requested, { step: "endorse_closing" }, "unit-head");
  return world.take(endorsed, { step: "close" }, "leader");
}

/** On the first day on which the party can no longer sue. */
function archived(): CaseFile {
  const file = closed(performedCase(world));
  return world.on("2026-09-11").take(file, { step: "archive" }, "archivist");
}

describe("publication", () => {
  it("is decided by a person, with the reason, and ends its clock", () => {
    world.on("2026-03-11");
    const file = world.take(performingCase({ clocks: [publicationClock] }), publish, "publicity-editor");
    expect(file.publication).toMatchObject({
      publish: true,
      reason,
      by: "publicity-editor",
      withdrawn: null,
    });
    expect(runningClock(file.clocks, "publication")).toBeUndefined();
    expect(world.documents.map(({ code }) => code)).toEqual(["N18"]);
    expect(world.refusalOf(performingCase(), { ...publish, reason: " " }, "publicity-editor").code).toMatch(
      /reason/,
    );
    expect(world.refusalOf(performingCase(), publish, "officer-a").code).toBe("permission.role_required");
  });

  it("of a revoked decision is withdrawn before the case can be closed", () => {
    let file = world.on("2026-03-11").take(performingCase(), publish, "publicity-editor");
    file = world.on("2026-03-12").take(file, revoke, "leader");
    expect(world.refusalOf(file, { step: "request_closing" }).code).toBe("publication.not_withdrawn");
    file = world.take(file, { step: "withdraw_publication", reason: "决定已撤销" }, "publicity-editor");
    expect(file.publication?.withdrawn).toMatchObject({ on: "2026-03-12", reason: "决定已撤销" });
    expect(runningClock(file.clocks, "publication_withdrawal")).toBeUndefined();
    file = served(world, file, file.changes[0]?.docId ?? "");
    expect(closed(file).state).toBe("closed");
  });

  it("of the changed decision follows its service, once the old one is withdrawn", () => {
    let file = world.on("2026-03-11").take(performingCase(), publish, "publicity-editor");
    file = world.take(file, { ...revoke, kind: "changed", penalty: fine(world.basisId, 40_000) }, "leader");
    file = world.take(file, { step: "withdraw_publication", reason: "决定已变更" }, "publicity-editor");
    expect(world.refusalOf(file, publish, "publicity-editor").code).toBe("publication.not_served");
    file = served(world, file, file.changes[0]?.docId ?? "");
    file = world.take(file, publish, "publicity-editor");
    // All on one day: the withdrawal's clock tells that nothing is left to withdraw, the dates do not.
    const paid = world.take(
      file,
      { step: "record_payment", receiptNo: "R-1", paidOn: "2026-03-11", amountFen: 40_000 },
      "system",
    );
    expect(closed(paid).state).toBe("closed");
  });
});

describe("closing and archiving", () => {
  it("takes a request, an endorsement and an approval by three people", () => {
    const file = closed(performedCase(world));
    expect(file.closing).toEqual({
      requestedBy: "officer-a",
      endorsedBy: "unit-head",
      closedBy: "leader",
      closedOn: "2026-03-25",
    });
    expect(world.documents).toMatchObject([{ code: "N16", fields: { outcome: "performed" } }]);
    expect(runningClock(file.clocks, "archive")).toMatchObject({
      // The party can sue until 10 September; the archivist's thirty days begin then.
      startedOn: "2026-09-10",
      strictDue: "2026-10-10",
    });
  });

  it("keeps what has nothing to challenge from the archive no longer than the archivist", () => {
    const file = closed({ ...performedCase(world), decision: null, services: [] });
    expect(runningClock(file.clocks, "archive")).toMatchObject({ strictDue: "2026-04-24" });
    expect(world.take(file, { step: "archive" }, "archivist").state).toBe("archived");
  });

  it("leaves the party its review and its suit, and the archive waits for both", () => {
    const archive = { step: "archive" } as const;
    let file = closed(performedCase(world));
    const filing = { step: "file_review", filedOn: "2026-05-06", via: "this_agency" } as const;
    file = world.on("2026-05-06").take(file, filing, "party");
    expect(runningClock(file.clocks, "archive")).toBeUndefined();
    file = world.take(file, { step: "forward_review" });
    expect(world.on("2026-09-14").refusalOf(file, archive, "archivist").code).toBe("closing.remedy_open");
    file = world
      .on("2026-06-15")
      .take(file, { step: "end_review", kind: "upheld", receivedOn: "2026-06-15" });
    // Fifteen days to sue.
    expect(runningClock(file.clocks, "archive")?.startedOn).toBe("2026-06-30");
    expect(world.on("2026-06-30").refusalOf(file, archive, "archivist").code).toBe("archive.remedies_open");
    const sue = { step: "file_suit", filedOn: "2026-06-30", court: "法院" } as const;
    expect(world.take(file, sue).overlays).toEqual(["in_litigation"]);
    expect(world.on("2026-07-01").take(file, archive, "archivist").state).toBe("archived");
  });

  it("serves a change made after the closing, and nothing else then", () => {
    let file = closed(performedCase(world));
    const lowered = { ...revoke, kind: "changed", penalty: fine(world.basisId, 40_000) } as const;
    file = world.on("2026-09-14").take(file, lowered, "leader");
    const docId = file.changes[0]?.docId ?? "";
    expect(runningClock(file.clocks, "service", docId)).toMatchObject({ legalDue: "2026-09-22" });
    expect(world.refusalOf(file, { step: "archive" }, "archivist").code).toBe("closing.deadline_open");
    file = served(world, file, docId);
    expect(file.state).toBe("closed");
    expect(runningClock(file.clocks, "service")).toBeUndefined();
    // It can be challenged anew.
    expect(world.refusalOf(file, { step: "archive" }, "archivist").code).toBe("archive.remedies_open");
  });

  it("is not approved before it was asked for and endorsed", () => {
    const file = performedCase(world);
    expect(world.refusalOf(file, { step: "endorse_closing" }, "unit-head").code).toBe(
      "closing.not_requested",
    );
    expect(world.refusalOf(file, { step: "close" }, "leader").code).toBe("approval.not_endorsed");
  });

  it("looks again at the approval: a review filed in between stops it", () => {
    let file = world.take(performedCase(world), { step: "request_closing" });
    file = world.take(file, { step: "endorse_closing" }, "unit-head");
    file = world.take(file, { step: "file_review", filedOn: "2026-03-25", via: "review_body" }, "party");
    expect(world.refusalOf(file, { step: "close" }, "leader").code).toBe("closing.remedy_open");
  });

  it("archives with the list of documents and ends the last clock", () => {
    const file = archived();
    expect(file).toMatchObject({ state: "archived", archive: { by: "archivist", on: "2026-09-11" } });
    expect(runningClock(file.clocks, "archive")).toBeUndefined();
    const [list] = world.documents;
    expect(list?.code).toBe("N17");
    expect(list?.fields.documents).toMatchObject([{ code: "N24" }, { code: "N16" }]);
  });

  it("is read-only afterwards", () => {
    const file = archived();
    expect(world.refusalOf(file, revoke, "leader").code).toBe("case.illegal_move");
  });
});

import { describe, expect, it } from "vitest";
import { fine, matter, vehicleSidewalkBasis, warningOnly } from "../testing/builders.ts";
import { onTheSpot } from "../testing/on-the-spot.ts";
import { TestWorld } from "../testing/world.ts";

describe("decide_on_the_spot", () => {
  it("decides, hands over and starts the time to pay, all on the same day", () => {
    const world = new TestWorld();
    const decided = world.take(world.verifiedClue(), onTheSpot(world));
    expect(decided).toMatchObject({
      state: "performing",
      procedure: "simplified",
      decision: { on: "2026-01-05", by: "officer-a", simplified: true, surchargeAnnounced: true },
      payment: { receipts: [], deferral: null },
      computation: { fineFen: 20_000 },
    });
    expect(world.documents.map(({ code }) => code)).toEqual(["D03"]);
    expect(decided.services).toMatchObject([
      {
        docId: decided.decision?.docId,
        code: "D03",
        method: "direct",
        servedOn: "2026-01-05",
        officers: ["officer-a", "officer-b"],
      },
    ]);
    expect(decided.decision?.reasons).toContain("200.00元");
    const dates = Object.fromEntries(
      decided.clocks.map(({ kind, state, strictDue }) => [kind, { state, strictDue }]),
    );
    expect(dates).toEqual({
      clue_verification: { state: "met", strictDue: "2026-01-20" },
      publication: { state: "running", strictDue: "2026-01-14" },
      payment: { state: "running", strictDue: "2026-01-20" },
      litigation: { state: "running", strictDue: "2026-07-05" },
    });
  });

  it("is done at once with a warning", () => {
    const world = new TestWorld();
    world.matter = matter(vehicleSidewalkBasis({ minFen: 0 }));
    const findings = world.findings({ fractionPermille: 0 });
    const warned = world.take(
      world.verifiedClue(),
      onTheSpot(world, { penalty: warningOnly(world.basisId), findings }),
    );
    expect(warned.state).toBe("performed");
    expect(warned.payment).toBeNull();
    expect(warned.clocks.map(({ kind }) => kind)).not.toContain("payment");
  });

  it("lets money be taken on the spot only up to the small fine's limit, or for the law's other reasons", () => {
    const world = new TestWorld();
    const clue = world.verifiedClue();
    const small = onTheSpot(world, {
      penalty: fine(world.basisId, 10_000),
      findings: world.findings({ fractionPermille: 5 }),
      collectedOnSpot: "small_fine",
    });
    const collected = world.take(clue, small);
    expect(collected.state).toBe("performing");
    expect(collected.clocks.find(({ kind }) => kind === "cash_handover")).toMatchObject({
      strictDue: "2026-01-07",
      duty: "agency",
    });
    expect(collected.clocks.map(({ kind }) => kind)).not.toContain("payment");
    const larger = onTheSpot(world, { collectedOnSpot: "small_fine" });
    expect(world.refusalOf(clue, larger).code).toBe("simple.cash_above_limit");
    for (const collectedOnSpot of ["hard_to_collect", "remote_area"] as const) {
      const bare = { ...larger, collectedOnSpot };
      expect(world.refusalOf(clue, bare).code).toBe("simple.collection_reason_required");
      expect(world.take(clue, { ...bare, collectionReason: "外地流动摊贩" }).state).toBe("performing");
    }
  });

  it("collects nothing where nothing is due", () => {
    const world = new TestWorld();
    world.matter = matter(vehicleSidewalkBasis({ minFen: 0 }));
    const warning = onTheSpot(world, {
      penalty: warningOnly(world.basisId),
      findings: world.findings({ fractionPermille: 0 }),
      collectedOnSpot: "remote_area",
    });
    expect(world.refusalOf(world.verifiedClue(), warning).code).toBe("simple.nothing_to_collect");
  });

  it("waits for the answer to what the party has said, and is no second case of one act", () => {
    const world = new TestWorld();
    const stated = world.take(
      world.verifiedClue(),
      { step: "receive_statement", about: "record", text: "车不是我的", via: "portal" },
      "party",
    );
    expect(world.refusalOf(stated, onTheSpot(world)).code).toBe("statement.not_reviewed");
    world.earlierDecisions = [
      {
        ...{ caseId: "case-0", decidedOn: "2026-01-05", fineFen: 0, letOff: false, incidentIds: [] },
        ...{ place: "某路与某街交叉口", actStartedAt: stated.act.startedAt, actEndedAt: stated.act.endedAt },
      },
    ];
    expect(world.refusalOf(world.verifiedClue(), onTheSpot(world)).code).toBe("case.same_act_decided");
  });

  it("needs the evidence that any penalty needs", () => {
    const world = new TestWorld();
    const file = world.verifiedClue();
    const cameraOnly = { ...file, evidence: file.evidence.filter(({ kind }) => kind === "camera_record") };
    expect(world.refusalOf(cameraOnly, onTheSpot(world)).code).toBe("evidence.sole_camera");
  });
});

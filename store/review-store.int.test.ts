import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  allYes,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  type TestUser,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findIncident } from "./incident-read-model.ts";
import { moveIncident } from "./incident-store.ts";
import { createPool, withTx } from "./pool.ts";
import { claimIncident, confirmIncident, rejectIncident, releaseIncident } from "./review-store.ts";

describe("review", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let cameraId: string;
  let ann: TestUser;
  let bo: TestUser;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    cameraId = await makeCamera(pool);
    ann = await makeUser(pool, ["content_reviewer"]);
    bo = await makeUser(pool, ["content_reviewer"]);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const claimFor = (user: TestUser, incidentId: string, at = testDay) =>
    withTx(pool, (tx) => claimIncident(tx, userAct(user, at), incidentId));
  const stateOf = async (incidentId: string) => (await findIncident(pool, "every", incidentId))?.state;

  it("confirms what the claimant answered with four yes, and says who did what", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    await withTx(pool, (tx) => confirmIncident(tx, userAct(ann), id, allYes));
    const incident = await findIncident(pool, "every", id);
    expect(incident).toMatchObject({
      state: "confirmed",
      claimedBy: null,
      reviews: [{ reviewer: ann.userId, verdict: "confirmed", tests: allYes }],
    });
    expect(incident?.timeline.map(({ seq, action, from, to }) => [seq, action, from, to])).toEqual([
      [1, "detect", null, "detected"],
      [2, "fix_evidence", "detected", "evidence_fixed"],
      [3, "queue_review", "evidence_fixed", "review_pending"],
      [4, "claim", "review_pending", "review_pending"],
      [5, "confirm", "review_pending", "confirmed"],
    ]);
    expect(incident?.timeline.at(-1)).toMatchObject({ actorKind: "user", actorId: ann.userId });
  });

  it("lets exactly one of ten simultaneous confirmations through", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => withTx(pool, (tx) => confirmIncident(tx, userAct(ann), id, allYes))),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({ code: "incident.illegal_move" });
    }
    expect((await findIncident(pool, "every", id))?.reviews).toHaveLength(1);
  });

  it("gives an incident to one of two who reach for it, until the claim lapses", async () => {
    const id = await makeIncident(pool, cameraId);
    const both = await Promise.allSettled([claimFor(ann, id), claimFor(bo, id)]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    const [winner, loser] = both[0]?.status === "fulfilled" ? [ann, bo] : [bo, ann];
    await expect(withTx(pool, (tx) => confirmIncident(tx, userAct(loser), id, allYes))).rejects.toMatchObject(
      { code: "incident.not_claimed_by_you" },
    );
    const later = testDay + 15 * 60_000;
    await claimFor(loser, id, later);
    await expect(
      withTx(pool, (tx) => confirmIncident(tx, userAct(winner, later), id, allYes)),
    ).rejects.toMatchObject({ code: "incident.not_claimed_by_you" });
  });

  it("lets the next one in after a release", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    await expect(withTx(pool, (tx) => releaseIncident(tx, userAct(bo), id))).rejects.toMatchObject({
      code: "incident.not_claimed_by_you",
    });
    await withTx(pool, (tx) => releaseIncident(tx, userAct(ann), id));
    await expect(claimFor(bo, id)).resolves.toMatchObject({ claimedUntil: "2026-03-10T01:15:00.000Z" });
  });

  it("keeps a refused step out of the record altogether", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    const before = await findIncident(pool, "every", id);
    const { accurate: _, ...three } = allYes;
    await expect(withTx(pool, (tx) => confirmIncident(tx, userAct(ann), id, three))).rejects.toMatchObject({
      code: "review.four_tests_required",
    });
    await expect(withTx(pool, (tx) => confirmIncident(tx, systemAct(), id, allYes))).rejects.toMatchObject({
      code: "permission.person_required",
    });
    expect(await findIncident(pool, "every", id)).toEqual(before);
  });

  it("rejects with a reason and the failed tests", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    const tests = { ...allYes, clear: { answer: "no", reason: "逆光" } } as const;
    await withTx(pool, (tx) =>
      rejectIncident(tx, userAct(ann), id, { reason: "unclear_picture", text: null, tests }),
    );
    expect(await findIncident(pool, "every", id)).toMatchObject({
      state: "rejected",
      reviews: [{ verdict: "rejected", reason: "unclear_picture", tests }],
    });
  });

  it("does not let anybody reach an incident outside their regions", async () => {
    const id = await makeIncident(pool, cameraId);
    for (const regions of [[], ["510108"], ["520000"], ["000000"], ["%"]]) {
      const outsider = await makeUser(pool, ["content_reviewer", "officer"], regions);
      expect(await findIncident(pool, regions, id)).toBeUndefined();
      await expect(claimFor(outsider, id)).rejects.toMatchObject({ code: "store.not_found" });
      await expect(
        withTx(pool, (tx) =>
          moveIncident(tx, userAct(outsider), id, { action: "transfer", target: "交警支队" }),
        ),
      ).rejects.toMatchObject({ code: "store.not_found" });
    }
    for (const regions of [["510107"], ["510100"], ["510000"]]) {
      const insider = await makeUser(pool, ["content_reviewer"], regions);
      await claimFor(insider, id);
      await withTx(pool, (tx) => releaseIncident(tx, userAct(insider), id));
    }
    expect(await stateOf(id)).toBe("review_pending");
  });

  it("refuses to change or erase what is on record", async () => {
    const id = await makeIncident(pool, cameraId);
    await claimFor(ann, id);
    await withTx(pool, (tx) => confirmIncident(tx, userAct(ann), id, allYes));
    for (const statement of [
      "update timeline_entries set why = 'x'",
      "delete from timeline_entries",
      "truncate timeline_entries",
      "update reviews set verdict = 'rejected', reason = 'other'",
      "delete from reviews",
      "delete from camera_versions",
    ]) {
      await expect(pool.query(statement)).rejects.toThrow(/append-only/);
    }
  });
});

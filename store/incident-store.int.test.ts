import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  county,
  incidentOf,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { countIncidents, findIncident, listIncidents } from "./incident-read-model.ts";
import { moveIncident, type NewIncident, recordIncident } from "./incident-store.ts";
import { createPool, withTx } from "./pool.ts";
import { claimIncident } from "./review-store.ts";

describe("incidents", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const record = (input: NewIncident) => withTx(pool, (tx) => recordIncident(tx, systemAct(), input));

  it("keeps one incident however often and however simultaneously the bundle arrives", async () => {
    const input = incidentOf(await makeCamera(pool));
    const results = await Promise.all(Array.from({ length: 10 }, () => record(input)));
    expect(results.filter((result) => result.created)).toHaveLength(1);
    expect(new Set(results.map((result) => result.incidentId)).size).toBe(1);
    const incident = await findIncident(pool, "every", results[0]?.incidentId ?? "");
    expect(incident).toMatchObject({
      candidateId: input.candidateId,
      cameraVersion: 1,
      cameraName: "人民南路二段 12 号门前",
      place: "人民南路二段",
      region: county,
      facts: { label: "car", score: 0.83 },
      triggeredAt: "2026-03-10T00:58:20.000Z",
      endedAt: null,
      evidence: input.evidence,
    });
    expect(incident?.timeline).toHaveLength(3);
  });

  it("leaves nothing behind when it fails halfway", async () => {
    const input = incidentOf(await makeCamera(pool));
    const item = input.evidence[0];
    if (item === undefined) throw new Error("the builder makes one item");
    const twice = { ...input, evidence: [item, item] };
    await expect(record(twice)).rejects.toThrow(/evidence_items_pkey/);
    expect(await record(input)).toMatchObject({ created: true });
  });

  it("refuses a bundle of a camera it does not know", async () => {
    await expect(record(incidentOf("cam_unknown"))).rejects.toMatchObject({ code: "store.not_found" });
  });

  it("gives no version to a record from before the camera was set up", async () => {
    const camera = await makeCamera(pool);
    const id = await makeIncident(pool, camera, { triggeredAt: testDay - 3 * 86_400_000 });
    expect(await findIncident(pool, "every", id)).toMatchObject({ cameraVersion: null });
  });

  it("lets only the system expire an incident, and only when it is due", async () => {
    const id = await makeIncident(pool, await makeCamera(pool), { reviewDue: testDay + 1000 });
    const expire = (act = systemAct(testDay + 1000)) =>
      withTx(pool, (tx) => moveIncident(tx, act, id, { action: "expire" }));
    const person = await makeUser(pool, ["content_reviewer", "officer"]);
    await expect(expire(userAct(person, testDay + 1000))).rejects.toMatchObject({
      code: "incident.system_step",
    });
    await expect(expire(systemAct(testDay))).rejects.toMatchObject({ code: "incident.review_not_due" });
    expect(await expire()).toEqual({ state: "expired" });
  });

  it("says in the evidence log that it went to another authority, in nobody's words", async () => {
    const input = incidentOf(await makeCamera(pool));
    const { incidentId } = await record(input);
    const person = await makeUser(pool, ["content_reviewer", "officer"]);
    await withTx(pool, (tx) => claimIncident(tx, userAct(person), incidentId));
    const transfer = (target: string) =>
      withTx(pool, (tx) => moveIncident(tx, userAct(person), incidentId, { action: "transfer", target }));
    await expect(transfer(" ")).rejects.toMatchObject({ code: "incident.target_required" });
    expect(await transfer("交警支队张三")).toEqual({ state: "transferred" });
    const { rows } = await pool.query(
      "select convert_from(entry, 'UTF8') as entry from evidence_log where bundle_id = $1",
      [input.candidateId],
    );
    expect(rows.map(({ entry }) => JSON.parse(entry))).toMatchObject([
      {
        kind: "transferred",
        actor: { kind: "user", id: person.userId },
        manifestSha256: input.manifestSha256,
        why: "other_agency",
        detail: { incidentId, from: "review_pending" },
      },
    ]);
    expect(rows[0].entry).not.toContain("张三");
  });

  it("pages through the queue, longest waiting first, each once, within the regions", async () => {
    const region = "510181";
    const camera = await makeCamera(pool, { region });
    const ids: string[] = [];
    // Pairs share an instant: the id decides between them.
    for (const minute of [3, 1, 2, 1, 3]) {
      ids.push(await makeIncident(pool, camera, { triggeredAt: testDay - minute * 60_000 }));
    }
    const query = { scope: [region], states: ["review_pending" as const], limit: 2 };
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await listIncidents(pool, { ...query, cursor });
      pages.push(page.items.map((item) => item.incidentId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const [a = "", b = "", c = "", d = "", e = ""] = ids;
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual([...[a, e].sort(), c, ...[b, d].sort()]);

    const seenFrom = async (scope: readonly string[]) =>
      (await listIncidents(pool, { scope, states: [], limit: 100, cursor: null })).items.filter(
        (item) => item.region === region,
      ).length;
    expect([await seenFrom([]), await seenFrom(["510107"]), await seenFrom(["510100"])]).toEqual([0, 0, 5]);
    expect(await countIncidents(pool, [region])).toEqual({ review_pending: 5 });
    expect(await countIncidents(pool, [])).toEqual({});
  });

  it("refuses a cursor it did not make", async () => {
    for (const cursor of ["", "x", Buffer.from("2026-03-10 a b").toString("base64url")]) {
      await expect(
        listIncidents(pool, { scope: "every", states: [], limit: 1, cursor }),
      ).rejects.toMatchObject({ code: "input.invalid" });
    }
  });
});

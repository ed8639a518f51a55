import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { makeAgency } from "../../test-fixtures/casework-builders.ts";
import { confirmedIncident, signedInCertified } from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

const HOUR = 3_600_000;
const ask = { purpose: "case_investigation", reason: "核对车牌首位字符" };

describe("grants to see originals", () => {
  let api: TestApi;
  let lawyer: ApiClient & { userId: string };
  let privacy: ApiClient & { userId: string };
  let incidentId: string;
  beforeAll(async () => {
    api = await startTestApi();
    lawyer = await api.signedIn(["legal_reviewer"]);
    privacy = await api.signedIn(["privacy_officer"]);
  });
  afterAll(() => api.close());

  const request = async (client: ApiClient = lawyer, body: object = ask) => {
    incidentId = await waitingIncident(api);
    return client.post(`/incidents/${incidentId}/access-requests`, body);
  };
  const access = async (client: ApiClient = lawyer) =>
    (await client.get(`/incidents/${incidentId}/access`)).body;

  it("are asked for by one and approved by another, and run for a day unless another time was asked for", async () => {
    const { grantId } = (await request()).body;
    expect(await access()).toMatchObject({
      ground: null,
      grants: [{ grantId, state: "pending", hours: 24 }],
    });
    const waiting = (await privacy.get("/access-requests")).body.items;
    expect(waiting.at(-1)).toMatchObject({ grantId, requestedBy: lawyer.userId, ...ask });
    const approved = await privacy.post(`/access-requests/${grantId}/approve`);
    const until = new Date(api.clock.at + 24 * HOUR).toISOString();
    expect([approved.status, approved.body.expiresAt]).toEqual([200, until]);
    expect(await access()).toMatchObject({ ground: { kind: "grant", grantId, until } });
    expect(await access(await api.signedIn(["legal_reviewer"]))).toMatchObject({ ground: null, grants: [] });
    api.clock.at += 24 * HOUR;
    expect((await access()).ground).toBeNull();
  });

  it("stand on the incident's timeline and in the evidence log", async () => {
    const { grantId } = (await request()).body;
    await privacy.post(`/access-requests/${grantId}/approve`);
    await lawyer.post(`/access-requests/${grantId}/revoke`, { note: "已核对完毕" });
    const { timeline } = (await lawyer.get(`/incidents/${incidentId}`)).body;
    expect(timeline.slice(-3).map((entry: { action: string }) => entry.action)).toEqual([
      "request_original",
      "grant_original",
      "revoke_original",
    ]);
    const { rows } = await api.pool.query(
      `select convert_from(entry, 'UTF8')::jsonb as entry from evidence_log
       where convert_from(entry, 'UTF8')::jsonb -> 'detail' ->> 'grantId' = $1 order by "index"`,
      [grantId],
    );
    expect(rows.map(({ entry }) => [entry.kind, entry.why, entry.actor.id, entry.detail.to])).toEqual([
      ["access_granted", "case_investigation", privacy.userId, lawyer.userId],
      ["access_revoked", "case_investigation", lawyer.userId, lawyer.userId],
    ]);
    for (const words of [ask.reason, "已核对完毕"])
      expect(JSON.stringify([rows, timeline])).not.toContain(words);
  });

  it("keep everybody's own words off the timeline, which outlives the evidence", async () => {
    const { grantId } = (await request()).body;
    await privacy.post(`/access-requests/${grantId}/decline`, { note: "遮挡副本已足够" });
    const { rows } = await api.pool.query(
      "select action, why, detail from timeline_entries where subject_id = $1 order by seq desc limit 2",
      [incidentId],
    );
    expect(rows).toEqual([
      { action: "decline_original", why: null, detail: { grantId, to: lawyer.userId } },
      {
        action: "request_original",
        why: null,
        detail: { grantId, purpose: ask.purpose, hours: 24, caseId: null },
      },
    ]);
  });

  it("are never approved by whoever asked", async () => {
    const leader = await api.signedIn(["agency_leader"]);
    const { grantId } = (await request(leader)).body;
    for (const [step, body] of [
      ["approve", {}],
      ["decline", { note: "不" }],
    ] as const)
      expect(await leader.post(`/access-requests/${grantId}/${step}`, body)).toMatchObject({
        status: 409,
        body: { code: "grant.own_request" },
      });
    await expect(
      api.pool.query(
        `update evidence_grants set state = 'approved', decided_by = requested_by, decided_at = requested_at,
           expires_at = requested_at where id = $1`,
        [grantId],
      ),
    ).rejects.toThrow(/check constraint/);
  });

  it("are decided once, also when two decide at the same moment", async () => {
    const { grantId } = (await request()).body;
    const leader = await api.signedIn(["agency_leader"]);
    const replies = await Promise.all([
      privacy.post(`/access-requests/${grantId}/approve`),
      leader.post(`/access-requests/${grantId}/decline`, { note: "遮挡副本已足够" }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("tell whoever asked why not", async () => {
    const { grantId } = (await request()).body;
    await privacy.post(`/access-requests/${grantId}/decline`, { note: "遮挡副本已足够" });
    expect(await access()).toMatchObject({
      ground: null,
      grants: [{ state: "declined", decisionNote: "遮挡副本已足够" }],
    });
  });

  it("are asked for once while one waits, and again after it was decided", async () => {
    const first = (await request()).body.grantId;
    const again = () => lawyer.post(`/incidents/${incidentId}/access-requests`, ask);
    expect((await again()).body.grantId).toBe(first);
    await privacy.post(`/access-requests/${first}/decline`, { note: "请说明必要性" });
    expect((await again()).body.grantId).not.toBe(first);
  });

  it.each([
    ["no reason", { ...ask, reason: " " }, 409],
    ["a purpose that is none", { ...ask, purpose: "curiosity" }, 400],
    ["more than a week", { ...ask, hours: 169 }, 400],
    ["no time at all", { ...ask, hours: 0 }, 400],
    ["a case that is not this incident's", { ...ask, caseId: "cas_other" }, 404],
  ])("are refused for %s", async (_, body, status) => {
    expect((await request(lawyer, body)).status).toBe(status);
  });

  it("stay inside the region", async () => {
    const { grantId } = (await request()).body;
    const elsewhere = await api.signedIn(["privacy_officer", "legal_reviewer"], ["510108"]);
    expect((await elsewhere.get("/access-requests")).body.items).toEqual([]);
    expect((await elsewhere.post(`/access-requests/${grantId}/approve`)).status).toBe(404);
    expect((await elsewhere.post(`/access-requests/${grantId}/revoke`, { note: "x" })).status).toBe(404);
    expect((await elsewhere.post(`/incidents/${incidentId}/access-requests`, ask)).status).toBe(404);
    expect((await elsewhere.get(`/incidents/${incidentId}/access`)).status).toBe(404);
  });
});

describe("holds", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it("are placed and released by persons, with reasons, and stay on record", async () => {
    const incidentId = await waitingIncident(api);
    const officer = await api.signedIn(["officer"]);
    const lawyer = await api.signedIn(["legal_reviewer"]);
    const placed = await officer.post(`/incidents/${incidentId}/holds`, { reason: "当事人申请复议" });
    const { holdId } = placed.body;
    expect(placed.status).toBe(201);
    expect((await officer.post(`/holds/${holdId}/release`, { reason: "x" })).status).toBe(403);
    expect((await lawyer.post(`/holds/${holdId}/release`, { reason: " " })).body.code).toBe(
      "hold.reason_required",
    );
    expect((await lawyer.post(`/holds/${holdId}/release`, { reason: "复议终结" })).status).toBe(200);
    expect((await lawyer.post(`/holds/${holdId}/release`, { reason: "复议终结" })).body.code).toBe(
      "hold.already_released",
    );
    expect((await officer.get(`/incidents/${incidentId}/holds`)).body).toMatchObject({
      heldByCase: false,
      items: [{ holdId, reason: "当事人申请复议", releaseReason: "复议终结" }],
    });
    const { timeline } = (await officer.get(`/incidents/${incidentId}`)).body;
    expect(
      timeline.slice(-2).map(({ action, why }: { action: string; why: string | null }) => [action, why]),
    ).toEqual([
      ["place_hold", null],
      ["release_hold", null],
    ]);
    await expect(api.pool.query("delete from evidence_holds where id = $1", [holdId])).rejects.toThrow(
      /append-only/,
    );
    await expect(
      api.pool.query("update evidence_holds set reason = 'x' where id = $1", [holdId]),
    ).rejects.toThrow(/nothing else/);
  });

  it("can be placed on a case, which holds the evidence by itself too", async () => {
    await makeAgency(api.pool);
    const officer = await signedInCertified(api, ["officer", "content_reviewer"]);
    const incidentId = await confirmedIncident(api, officer);
    const { caseId } = (
      await officer.post(`/incidents/${incidentId}/case`, { ground: "harm", note: "堵住盲道" })
    ).body;
    expect((await officer.post(`/cases/${caseId}/holds`, { reason: "法院调取" })).status).toBe(201);
    expect((await officer.get(`/incidents/${incidentId}/holds`)).body).toMatchObject({
      heldByCase: true,
      items: [{ caseId, reason: "法院调取" }],
    });
    const elsewhere = await api.signedIn(["officer"], ["510108"]);
    expect((await elsewhere.post(`/cases/${caseId}/holds`, { reason: "x" })).status).toBe(404);
    expect((await elsewhere.post(`/incidents/${incidentId}/holds`, { reason: "x" })).status).toBe(404);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoleId } from "../../casework/roles.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { allYes } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

describe("from an incident to a filed case, over HTTP", () => {
  let api: TestApi;
  let officer: ApiClient & { userId: string };
  let colleague: ApiClient & { userId: string };
  let head: ApiClient;
  let leader: ApiClient;
  beforeAll(async () => {
    api = await startTestApi();
    officer = await api.signedIn(["content_reviewer", "officer"]);
    colleague = await api.signedIn(["officer"]);
    head = await api.signedIn(["unit_head"]);
    leader = await api.signedIn(["agency_leader"]);
  });
  afterAll(() => api.close());

  const refused = (code: string, status = 409) => ({ status, body: { code } });
  const officerRecord = "现场检查：该车停放在人行道上，已拍照。";
  const both = () => [officer.userId, colleague.userId];

  async function confirmed(): Promise<string> {
    const id = await waitingIncident(api);
    await officer.post(`/incidents/${id}/claim`);
    await officer.post(`/incidents/${id}/confirm`, { tests: allYes });
    return id;
  }

  async function opened(handler = officer): Promise<string> {
    const reply = await handler.post(`/incidents/${await confirmed()}/case`, {
      ground: "harm",
      note: "堵住盲道",
    });
    expect(reply.status).toBe(201);
    return `/cases/${reply.body.caseId}`;
  }

  async function submitted(): Promise<string> {
    const path = await opened();
    const reply = await officer.post(`${path}/submit-filing`, { officers: both(), officerRecord });
    expect(reply).toMatchObject({ status: 200, body: { state: "filing_pending" } });
    return path;
  }

  it("opens one case per incident, only of a confirmed one, with a ground and a note", async () => {
    const pending = await waitingIncident(api);
    const ask = { ground: "harm", note: "堵住盲道" };
    expect(await officer.post(`/incidents/${pending}/case`, ask)).toMatchObject(
      refused("incident.illegal_move"),
    );
    const id = await confirmed();
    const open = (body: object) => officer.post(`/incidents/${id}/case`, body);
    expect(await open({ ...ask, note: "  " })).toMatchObject(refused("incident.note_required"));
    expect(await open({ ...ask, ground: "not_corrected" })).toMatchObject(refused("incident.not_warned_yet"));
    expect(await open({ ...ask, ground: "whim" })).toMatchObject(refused("input.invalid", 400));
    const twice = await Promise.all([open(ask), open(ask)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await open(ask)).toMatchObject(refused("incident.illegal_move"));
    expect((await officer.get(`/incidents/${id}`)).body).toMatchObject({
      state: "escalated",
      case: { state: "clue_verification", caseNo: null },
    });
  });

  it("wants two officers, and their own record where the camera is only a lead", async () => {
    const path = await opened();
    const submit = (officers: string[], record: string | null) =>
      officer.post(`${path}/submit-filing`, { officers, officerRecord: record });
    const reviewer = await api.signedIn(["content_reviewer"]);
    const elsewhere = await api.signedIn(["officer"], ["510108"]);
    for (const officers of [
      [officer.userId],
      [officer.userId, officer.userId],
      [officer.userId, reviewer.userId],
      [officer.userId, elsewhere.userId],
      [officer.userId, "usr_nobody"],
    ])
      expect((await submit(officers, officerRecord)).body.code).toBe("filing.two_officers_required");
    for (const record of [null, "", "  "])
      expect(await submit(both(), record)).toMatchObject({
        ...refused("filing.officer_record_required"),
        body: { code: "filing.officer_record_required", article: "xzcf:41(1)" },
      });
    expect(
      await colleague.post(`${path}/submit-filing`, { officers: [officer.userId], officerRecord }),
    ).toMatchObject(refused("filing.not_handler"));
    expect((await officer.get(path)).body).toMatchObject({ state: "clue_verification" });
    expect(await submit(both(), officerRecord)).toMatchObject({
      status: 200,
      body: { state: "filing_pending" },
    });
    expect(await submit(both(), officerRecord)).toMatchObject(refused("case.illegal_move"));
  });

  it("offers the colleagues who may handle it, and tells of them no more than the name", async () => {
    const path = await opened();
    const { colleagues } = (await officer.get(path)).body;
    expect(colleagues.map((person: { userId: string }) => person.userId)).toEqual(
      expect.arrayContaining(both()),
    );
    for (const person of colleagues) expect(Object.keys(person).sort()).toEqual(["displayName", "userId"]);
  });

  it("files after the head and then the leader, and numbers the cases one after the other", async () => {
    const paths = [await submitted(), await submitted()];
    const numbers: string[] = [];
    for (const path of paths) {
      expect(await leader.post(`${path}/approve-filing`)).toMatchObject(refused("filing.not_endorsed"));
      expect(await head.post(`${path}/endorse-filing`)).toMatchObject({
        status: 200,
        body: { state: "filing_pending" },
      });
      expect(await head.post(`${path}/endorse-filing`)).toMatchObject(refused("case.illegal_move"));
      const atOnce = await Promise.all([
        leader.post(`${path}/approve-filing`),
        leader.post(`${path}/approve-filing`),
      ]);
      expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 409]);
      const filed = (await leader.get(path)).body;
      expect(filed).toMatchObject({
        state: "filed",
        actions: [],
        caseNo: expect.stringMatching(/^51010701-2026-\d+$/),
      });
      expect(filed.timeline.map((entry: { action: string }) => entry.action)).toEqual([
        "open",
        "submit_filing",
        "endorse_filing",
        "approve_filing",
      ]);
      numbers.push(filed.caseNo);
      expect(await leader.post(`${path}/decline-filing`, { reason: "太晚" })).toMatchObject(
        refused("case.illegal_move"),
      );
    }
    const [first = "", second = ""] = numbers.map((number) => number.split("-").at(-1));
    expect(Number(second)).toBe(Number(first) + 1);
  });

  it("lets nobody approve a case of their own, nor both levels come from one person", async () => {
    const everything: RoleId[] = ["content_reviewer", "officer", "unit_head", "agency_leader"];
    const chief = await api.signedIn(everything);
    const path = await opened(chief);
    await chief.post(`${path}/submit-filing`, { officers: [chief.userId, colleague.userId], officerRecord });
    expect(await chief.post(`${path}/endorse-filing`)).toMatchObject(
      refused("duty.handler_approves_own_case"),
    );
    await head.post(`${path}/endorse-filing`);
    expect(await chief.post(`${path}/approve-filing`)).toMatchObject(
      refused("duty.handler_approves_own_case"),
    );
    expect(await chief.post(`${path}/decline-filing`, { reason: "不立" })).toMatchObject(
      refused("duty.handler_approves_own_case"),
    );
    const other = await submitted();
    await chief.post(`${other}/endorse-filing`);
    expect(await chief.post(`${other}/approve-filing`)).toMatchObject(refused("duty.two_levels_one_person"));
    expect((await leader.post(`${other}/approve-filing`)).body.state).toBe("filed");
  });

  it("declines with a reason", async () => {
    const path = await submitted();
    expect(await leader.post(`${path}/decline-filing`, { reason: " " })).toMatchObject(
      refused("filing.reason_required"),
    );
    expect(await leader.post(`${path}/decline-filing`, { reason: "情节轻微并已改正" })).toMatchObject({
      status: 200,
      body: { state: "not_filed", notFiledReason: "情节轻微并已改正", caseNo: null },
    });
  });

  it("files nothing more than two years after the act", async () => {
    const path = await submitted();
    const now = api.clock.at;
    api.clock.at += 2 * 366 * 86_400_000;
    expect(await head.post(`${path}/endorse-filing`)).toMatchObject(refused("filing.time_barred"));
    api.clock.at = now;
  });

  it("lists the cases of one state", async () => {
    const path = await opened();
    const ids = (await officer.get("/cases?state=clue_verification")).body.items.map(
      (item: { caseId: string }) => `/cases/${item.caseId}`,
    );
    expect(ids).toContain(path);
    expect((await officer.get("/cases?state=archived")).body).toEqual({ items: [], nextCursor: null });
  });
});

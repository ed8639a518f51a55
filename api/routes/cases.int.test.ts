import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoleId } from "../../casework/roles.ts";
import {
  type CasePeople,
  casePeople,
  confirmedIncident,
  done,
  openedCase,
  preparedCase,
  signedInCertified,
} from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

describe("from an incident to a filed case, over HTTP", () => {
  let api: TestApi;
  let people: CasePeople;
  beforeAll(async () => {
    api = await startTestApi();
    people = await casePeople(api);
  });
  afterAll(() => api.close());

  const refused = (code: string, status = 409) => ({ status, body: { code } });

  async function submitted(): Promise<string> {
    const path = await preparedCase(api, people);
    await done(people.officer, path, { step: "submit_filing", summary: "建议立案" });
    return path;
  }

  it("opens one case per incident, only of a confirmed one, with a ground and a note", async () => {
    const { officer } = people;
    const pending = await waitingIncident(api);
    const ask = { ground: "harm", note: "堵住盲道" };
    expect(await officer.post(`/incidents/${pending}/case`, ask)).toMatchObject(
      refused("incident.illegal_move"),
    );
    const id = await confirmedIncident(api, officer);
    const open = (body: object) => officer.post(`/incidents/${id}/case`, body);
    expect(await open({ ...ask, note: "  " })).toMatchObject(refused("incident.note_required"));
    expect(await open({ ...ask, ground: "not_corrected" })).toMatchObject(refused("incident.not_warned_yet"));
    expect(await open({ ...ask, ground: "whim" })).toMatchObject(refused("input.invalid", 400));
    const twice = await Promise.all([open(ask), open(ask)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await officer.get(`/incidents/${id}`)).body).toMatchObject({
      state: "escalated",
      case: { state: "clue_verification", caseNo: null },
    });
  });

  it("registers a clue that no camera saw", async () => {
    const clue = {
      source: "complaint",
      region: "510107",
      violation: "street_vending",
      note: "市民反映夜间占道经营",
      startedAt: "2026-03-09T20:00:00+08:00",
      endedAt: "2026-03-09T21:00:00+08:00",
      place: "人民南路二段 12 号",
    };
    const reply = await people.officer.post("/cases", clue);
    expect(reply).toMatchObject({ status: 201, body: { state: "clue_verification" } });
    expect(reply.body.documents).toMatchObject([{ code: "N01", number: null }]);
    expect(await people.officer.post("/cases", { ...clue, source: "video" })).toMatchObject(
      refused("input.invalid", 400),
    );
    expect(await people.officer.post("/cases", { ...clue, region: "510300" })).toMatchObject({ status: 403 });
    expect((await people.head.post("/cases", clue)).status).toBe(403);
  });

  it("shows the end of a long timeline, and the rest in pages", async () => {
    const { officer } = people;
    const path = await openedCase(api, officer);
    expect((await officer.get(path)).body.timelineTruncated).toBe(false);
    const caseId = path.split("/").at(-1);
    await api.pool.query(
      `insert into timeline_entries (id, subject_kind, subject_id, seq, at, actor_kind, action, detail)
       select $1 || number, 'case', $1, number, now(), 'party', 'said', '{}' from generate_series(101, 700) as number`,
      [caseId],
    );
    const { body } = await officer.get(path);
    expect([body.timeline.length, body.timeline[0].seq, body.timeline.at(-1).seq]).toEqual([500, 201, 700]);
    expect(body.timelineTruncated).toBe(true);
    const page = async (cursor: string) => (await officer.get(`${path}/timeline?limit=99${cursor}`)).body;
    const second = await page("&cursor=201");
    expect([second.items[0].seq, second.items.at(-1).seq, second.nextCursor]).toEqual([102, 200, 102]);
    const last = await page("&cursor=102");
    expect([last.items.at(-1).seq, last.items[0].seq, last.nextCursor]).toEqual([101, 1, null]);
    expect((await page("")).items.at(-1).seq).toBe(700);
    expect((await officer.get("/cases/cas_unknown/timeline")).status).toBe(404);
  });

  it("shows the file, who may handle it and which steps are open, each person their own", async () => {
    const { officer, colleague, leader } = people;
    const path = await openedCase(api, officer);
    const { body, headers } = await officer.get(path);
    expect(headers.get("etag")).toBe(`"${body.version}"`);
    expect(body).toMatchObject({ file: { state: "clue_verification", handlers: [officer.userId] } });
    expect(body.steps).toEqual(expect.arrayContaining(["submit_filing", "assign_officers", "set_party"]));
    expect((await leader.get(path)).body.steps).toEqual(
      expect.arrayContaining(["decline_filing", "terminate"]),
    );
    expect(body.colleagues.map((person: { userId: string }) => person.userId)).toEqual(
      expect.arrayContaining([officer.userId, colleague.userId]),
    );
    for (const person of body.colleagues)
      expect(Object.keys(person).sort()).toEqual(["displayName", "roles", "userId"]);
    expect(body.colleagues).toContainEqual(
      expect.objectContaining({ userId: people.host.userId, roles: ["hearing_host"] }),
    );
    expect(body.colleagues).toContainEqual(expect.objectContaining({ userId: leader.userId }));
    // Fifteen days to verify a clue, in the list as in the file.
    const next = {
      kind: "clue_verification",
      strictDue: "2026-03-25",
      legalDue: "2026-03-25",
      duty: "agency",
    };
    expect(body.nextClock).toEqual(next);
    const { items } = (await officer.get("/cases?state=clue_verification&limit=100")).body;
    const listed = items.find(({ caseId }: { caseId: string }) => `/cases/${caseId}` === path);
    expect(listed.nextClock).toEqual(next);
    const meet = (duty: string) =>
      api.pool.query("update case_clocks set state = 'met' where case_id = $1 and duty = $2", [
        body.caseId,
        duty,
      ]);
    const nextOf = async () => (await officer.get(path)).body.nextClock?.kind ?? null;
    await api.pool.query(
      `insert into case_clocks (case_id, kind, subject, started_on, strict_due, legal_due, basis, duty, state)
       values ($1, 'statement', 'doc', '2026-03-10', '2026-03-11', null, 'x', 'party', 'running'),
              ($1, 'decision', 'case', '2026-03-10', '2026-03-24', null, 'x', 'agency', 'running')`,
      [body.caseId],
    );
    expect(await nextOf()).toBe("decision");
    await meet("agency");
    expect(await nextOf()).toBe("statement");
    await meet("party");
    expect(await nextOf()).toBeNull();
  });

  it("files after the head and then the leader, and numbers the cases one after the other", async () => {
    const { head, leader } = people;
    const numbers: string[] = [];
    for (const path of [await submitted(), await submitted()]) {
      const step = (client: typeof head, name: string) => client.post(`${path}/steps`, { step: name });
      expect(await step(leader, "approve_filing")).toMatchObject(refused("approval.not_endorsed"));
      expect(await step(head, "endorse_filing")).toMatchObject({
        status: 200,
        body: { state: "filing_pending" },
      });
      expect((await step(head, "approve_filing")).body.code).toBe("permission.role_required");
      const atOnce = await Promise.all([step(leader, "approve_filing"), step(leader, "approve_filing")]);
      expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 409]);
      const filed = (await leader.get(path)).body;
      expect(filed).toMatchObject({
        state: "filed",
        caseNo: expect.stringMatching(/^51010701-2026-\d+$/),
        file: { clocks: expect.arrayContaining([expect.objectContaining({ kind: "decision" })]) },
      });
      numbers.push(filed.caseNo);
    }
    const [first = "", second = ""] = numbers.map((number) => number.split("-").at(-1));
    expect(Number(second)).toBe(Number(first) + 1);
  });

  it("says everything that stands in the way at once, with article and Chinese sentence", async () => {
    const { officer } = people;
    const path = await openedCase(api, officer);
    const { status, headers, body } = await officer.post(`${path}/steps`, {
      step: "submit_filing",
      summary: "建议立案",
    });
    expect([status, headers.get("content-type")]).toEqual([
      409,
      expect.stringContaining("application/problem+json"),
    ]);
    expect(body).toMatchObject({ code: "duty.two_officers_required", article: "xzcf:42" });
    expect(body.titleZh).toMatch(/两名/);
    expect(body.also.map(({ code }: { code: string }) => code)).toContain("filing.initial_evidence_required");
    expect((await officer.get(path)).body.state).toBe("clue_verification");
  });

  it("takes a step only on the version that was seen, where one is given", async () => {
    const { officer, colleague } = people;
    const path = await openedCase(api, officer);
    const { version } = (await officer.get(path)).body;
    const assign = (tag: string) =>
      officer.post(
        `${path}/steps`,
        { step: "assign_officers", officers: [officer.userId, colleague.userId] },
        { headers: { "if-match": tag } },
      );
    expect(await assign(`"${version}"`)).toMatchObject({ status: 200 });
    expect(await assign(`"${version}"`)).toMatchObject(refused("store.stale_version", 412));
    expect(await assign("W/whatever")).toMatchObject(refused("input.invalid", 400));
  });

  it("lets nobody approve a case of their own, nor both levels come from one person", async () => {
    const everything: RoleId[] = ["content_reviewer", "officer", "unit_head", "agency_leader"];
    const chief = await signedInCertified(api, everything);
    const path = await preparedCase(api, { ...people, officer: chief });
    await done(chief, path, { step: "submit_filing", summary: "建议立案" });
    const step = (client: typeof chief, at: string, name: string, more: object = {}) =>
      client.post(`${at}/steps`, { step: name, ...more });
    expect(await step(chief, path, "endorse_filing")).toMatchObject(
      refused("duty.handler_approves_own_case"),
    );
    await step(people.head, path, "endorse_filing");
    expect(await step(chief, path, "approve_filing")).toMatchObject(
      refused("duty.handler_approves_own_case"),
    );
    const other = await submitted();
    await step(chief, other, "endorse_filing");
    expect(await step(chief, other, "approve_filing")).toMatchObject(refused("duty.two_levels_one_person"));
    expect((await step(people.leader, other, "approve_filing")).body.state).toBe("filed");
  });

  it("reads no file for somebody who cannot take the step anyway", async () => {
    const path = await submitted();
    const { objects } = api.context.casework;
    const read = objects.read;
    let reads = 0;
    objects.read = (...asked) => {
      reads += 1;
      return read.apply(objects, asked);
    };
    try {
      expect((await people.officer.post(`${path}/steps`, { step: "endorse_filing" })).status).toBe(409);
      expect((await people.head.post(`${path}/steps`, { step: "close" })).status).toBe(409);
      expect(reads).toBe(0);
      expect((await people.head.post(`${path}/steps`, { step: "endorse_filing" })).status).toBe(200);
      expect(reads).toBeGreaterThan(0);
    } finally {
      objects.read = read;
    }
  });

  it("issues documents that can be read as PDF and as data, by those who may read the case", async () => {
    const path = await submitted();
    const { items } = (await people.officer.get(`${path}/documents`)).body;
    expect(items.map(({ code }: { code: string }) => code)).toEqual(["N01", "N07", "N05", "N02"]);
    const [, , , filing] = items;
    const data = (await people.officer.get(`/documents/${filing.docId}`)).body;
    expect(data).toMatchObject({ number: filing.number, pdfSha256: filing.pdfSha256 });
    const file = await people.officer.get(`/documents/${filing.docId}/file`);
    expect(file.headers.get("content-type")).toBe("application/pdf");
    expect(file.bytes.subarray(0, 5).toString()).toBe("%PDF-");
    const stranger = await signedInCertified(api, ["officer"], ["510300"]);
    for (const what of [`${path}/documents`, `/documents/${filing.docId}`, `/documents/${filing.docId}/file`])
      expect((await stranger.get(what)).status).toBe(404);
    expect((await api.client().get(`/documents/${filing.docId}/file`)).status).toBe(401);
  });

  it("freezes a case whose document is not the one that was issued any more", async () => {
    const path = await submitted();
    const { items } = (await people.officer.get(`${path}/documents`)).body;
    await api.context.casework.objects.destroy(items[0].docId);
    expect(await people.head.post(`${path}/steps`, { step: "endorse_filing" })).toMatchObject(
      refused("evidence.hash_mismatch"),
    );
  });

  it("declines with a reason", async () => {
    const path = await submitted();
    const decline = (reason: string) =>
      people.leader.post(`${path}/steps`, { step: "decline_filing", reason, complaintAnswer: null });
    expect((await decline(" ")).body.code).toBe("step.reason_required");
    expect(await decline("情节轻微并已改正")).toMatchObject({ status: 200, body: { state: "not_filed" } });
    expect((await people.leader.get(path)).body).toMatchObject({
      caseNo: null,
      file: { exit: { reason: "情节轻微并已改正" } },
    });
  });

  it("files nothing more than two years after the act", async () => {
    const path = await submitted();
    const now = api.clock.at;
    api.clock.at += 2 * 366 * 86_400_000;
    const late = await people.head.post(`${path}/steps`, { step: "endorse_filing" });
    api.clock.at = now;
    expect(late.status).toBe(409);
    expect([late.body.code, ...late.body.also.map(({ code }: { code: string }) => code)]).toContain(
      "filing.time_barred",
    );
  });

  it("lists the cases of one state, and shows none of another region", async () => {
    const path = await openedCase(api, people.officer);
    const ids = (await people.officer.get("/cases?state=clue_verification&limit=100")).body.items.map(
      (item: { caseId: string }) => `/cases/${item.caseId}`,
    );
    expect(ids).toContain(path);
    const elsewhere = await signedInCertified(api, ["officer"], ["510300"]);
    expect((await elsewhere.get("/cases")).body.items).toEqual([]);
    expect((await elsewhere.get(path)).status).toBe(404);
    expect((await elsewhere.post(`${path}/steps`, { step: "revoke_address" })).status).toBe(404);
  });

  it("lets supervisors read and never alter", async () => {
    const path = await openedCase(api, people.officer);
    const supervisor = await api.signedIn(["city_supervisor"], ["510100"]);
    const seen = await supervisor.get(path);
    expect([seen.status, seen.body.steps]).toEqual([200, []]);
    const taken = await supervisor.post(`${path}/steps`, { step: "terminate", reason: "不办了" });
    expect(taken).toMatchObject(refused("permission.role_required"));
  });
});

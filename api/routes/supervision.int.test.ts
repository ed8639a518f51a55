import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stepNames } from "../../casework/case/case-table.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { systemAct } from "../../test-fixtures/store-builders.ts";
import { routes } from "../app.ts";
import { type CasePeople, type Client, casePeople, openedCase } from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

describe("supervision over HTTP", () => {
  let api: TestApi;
  let people: CasePeople;
  let city: Client;
  let province: Client;
  beforeAll(async () => {
    api = await startTestApi();
    people = await casePeople(api);
    city = await api.signedIn(["city_supervisor"], ["510100"]);
    province = await api.signedIn(["province_supervisor"], ["510000"]);
  });
  afterAll(() => api.close());

  const idOf = (path: string) => path.replace("/cases/", "");
  const raised = async (by: Client, path: string, body: object = {}) => {
    const reply = await by.post("/supervision", {
      caseId: idOf(path),
      finding: "询问笔录没有两名执法人员签名。",
      references: ["evd_1"],
      ...body,
    });
    expect(reply.status).toBe(201);
    return reply.body;
  };

  it("raises, answers and closes an item, each by whoever it is for", async () => {
    const path = await openedCase(api, people.officer);
    const item = await raised(province, path);
    expect(item).toMatchObject({
      ...{ state: "open", checkCode: "manual", check: null, owner: people.officer.userId },
      // Seven working days after 10 March.
      ...{
        dueOn: "2026-03-19",
        overdue: false,
        raisedBy: province.userId,
        evidence: { references: ["evd_1"] },
      },
    });
    expect((await people.officer.get(path)).body.overlays).toEqual(["supervised"]);
    const listed = (await people.officer.get(`${path}/documents`)).body.items;
    const letter = listed.find(({ code }: { code: string }) => code === "N20");
    expect((await people.officer.get(`/documents/${letter.docId}`)).body).toMatchObject({
      number: expect.stringContaining("督字"),
      data: { finding: "询问笔录没有两名执法人员签名。", supervisor: expect.stringContaining("province") },
    });
    const at = `/supervision/${item.itemId}`;
    const close = { outcome: "corrected", note: "已补签" };
    expect((await province.post(`${at}/close`, close)).body.code).toBe("supervision.not_answered");
    const answer = { reply: "已由两名执法人员重新询问并签名。" };
    expect((await people.colleague.post(`${at}/reply`, answer)).body.code).toBe("supervision.not_handler");
    expect((await people.officer.post(`${at}/reply`, answer)).body).toMatchObject({
      state: "answered",
      ...answer,
    });
    expect((await people.head.post(`${at}/reply`, answer)).body.repliedBy).toBe(people.head.userId);
    expect((await city.post(`${at}/close`, close)).body.code).toBe("supervision.not_raiser");
    expect((await province.post(`${at}/close`, close)).body).toMatchObject({
      ...{ state: "closed", outcome: "corrected", outcomeNote: "已补签", closedBy: province.userId },
    });
    expect((await province.post(`${at}/close`, close)).body.code).toBe("supervision.closed");
    expect((await people.officer.get(path)).body.overlays).toEqual([]);
    const actions = (await people.officer.get(path)).body.timeline.map(
      ({ action }: { action: string }) => action,
    );
    expect(actions).toEqual(
      expect.arrayContaining(["supervision_raise", "supervision_answer", "supervision_close"]),
    );
  });

  it("lists by state, code and case, page by page, with what is overdue", async () => {
    const path = await openedCase(api, people.officer);
    const first = await raised(city, path, { dueOn: "2026-03-12" });
    const second = await raised(city, path, { dueOn: "2026-03-20" });
    const ask = `/supervision?caseId=${idOf(path)}`;
    const ids = async (query = "") =>
      (await city.get(`${ask}${query}`)).body.items.map(({ itemId }: { itemId: string }) => itemId);
    expect((await ids()).sort()).toEqual([first.itemId, second.itemId].sort());
    expect(await ids("&code=SP05")).toEqual([]);
    expect(await ids("&state=closed")).toEqual([]);
    expect(await ids("&state=open&code=manual")).toHaveLength(2);
    const page = (await city.get(`${ask}&limit=1`)).body;
    const next = (await city.get(`${ask}&limit=1&cursor=${page.nextCursor}`)).body;
    expect([page.items[0].itemId, next.items[0].itemId].sort()).toEqual([first.itemId, second.itemId].sort());
    expect((await city.get(`${ask}&state=gone`)).status).toBe(400);
    expect((await city.get(`${ask}&code=SP99`)).status).toBe(400);
    const now = api.clock.at;
    api.clock.at = Date.parse("2026-03-10T06:00:00Z") + 3 * 86_400_000;
    const later = await api.signedIn(["city_supervisor"], ["510100"]);
    expect((await later.get(`/supervision/${first.itemId}`)).body.overdue).toBe(true);
    expect((await later.get(`/supervision/${second.itemId}`)).body.overdue).toBe(false);
    api.clock.at = now;
  });

  it("refuses a day that is over, and words that say nothing", async () => {
    const path = await openedCase(api, people.officer);
    const caseId = idOf(path);
    const finding = "没有告知听证权利。";
    expect((await city.post("/supervision", { caseId, finding, dueOn: "2026-03-10" })).status).toBe(400);
    expect((await city.post("/supervision", { caseId, finding: " " })).status).toBe(400);
  });

  it("is for the regions and the roles that it is for", async () => {
    const path = await openedCase(api, people.officer);
    const { itemId } = await raised(city, path);
    const elsewhere = await api.signedIn(["city_supervisor"], ["510700"]);
    expect((await elsewhere.get(`/supervision/${itemId}`)).body.code).toBe("store.not_found");
    expect((await elsewhere.get(`/supervision?caseId=${idOf(path)}`)).body.items).toEqual([]);
    expect((await elsewhere.post("/supervision", { caseId: idOf(path), finding: "程序有误。" })).status).toBe(
      404,
    );
    const close = { outcome: "unfounded", note: "不成立" };
    expect((await elsewhere.post(`/supervision/${itemId}/close`, close)).status).toBe(404);
    for (const denied of [
      await people.officer.post("/supervision", { caseId: idOf(path), finding: "程序有误。" }),
      await people.officer.post(`/supervision/${itemId}/close`, close),
      await city.post(`/supervision/${itemId}/reply`, { reply: "已经整改完毕" }),
      await (await api.signedIn(["system_admin"])).get("/supervision"),
    ])
      expect([denied.status, denied.body.code]).toEqual([403, "auth.forbidden"]);
  });

  it("lets supervisors read every case of their regions and take no step in any", async () => {
    const path = await openedCase(api, people.officer);
    const before = await readCaseRecord(api.pool, systemAct(), idOf(path));
    for (const supervisor of [city, province]) {
      const seen = await supervisor.get(path);
      expect([seen.status, seen.body.steps]).toEqual([200, []]);
      for (const step of stepNames) {
        const { status } = await supervisor.post(`${path}/steps`, { step, reason: "督办" });
        expect([step, status]).not.toEqual([step, 200]);
      }
      const clue = {
        source: "patrol",
        region: "510107",
        violation: "street_vending",
        note: "巡查发现",
        place: "某路",
      };
      const times = { startedAt: "2026-03-10T00:00:00Z", endedAt: "2026-03-10T00:10:00Z" };
      expect((await supervisor.post("/cases", { ...clue, ...times })).body.code).toBe("auth.forbidden");
    }
    expect(await readCaseRecord(api.pool, systemAct(), idOf(path))).toEqual(before);
  });

  it("opens no other way to write to a case", async () => {
    const path = await openedCase(api, people.officer);
    const writes = routes.filter(
      (route) =>
        route.method === "post" && route.path.startsWith("/cases") && route.path !== "/cases/{id}/steps",
    );
    expect(writes).not.toEqual([]);
    for (const { path: route } of writes) {
      const at = route.replace("{id}", idOf(path)).replaceAll(/\{\w+\}/g, "none");
      for (const supervisor of [city, province])
        expect([route, (await supervisor.post(at, {})).body.code]).toEqual([route, "auth.forbidden"]);
    }
  });

  it("refuses their well-formed steps for want of the role, and not for their form", async () => {
    const path = await openedCase(api, people.officer);
    for (const step of [
      { step: "assign_officers", officers: [city.userId, province.userId] },
      { step: "submit_filing", summary: "建议立案" },
      { step: "decline_filing", reason: "不立案", complaintAnswer: null },
      { step: "terminate", reason: "不办了" },
      { step: "add_evidence", kind: "photo", title: "照片", incidentId: null, sha256: null },
      { step: "receive_statement", about: "record", text: "不服", via: "window" },
    ])
      for (const supervisor of [city, province])
        expect((await supervisor.post(`${path}/steps`, step)).body.code).toBe("permission.role_required");
  });
});

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDay } from "../../test-fixtures/store-builders.ts";
import { sealedIncident } from "../testing/test-incidents.ts";
import { cameraEvidence, confirmRecord } from "./testing/portal-case.ts";
import { openPortalDesk, type PortalDesk } from "./testing/portal-desk.ts";

describe("a link for the party", () => {
  let desk: PortalDesk;
  let api: PortalDesk["api"];
  let app: PortalDesk["app"];
  let officer: PortalDesk["officer"];
  let stored: PortalDesk["stored"];
  let asOfficer: PortalDesk["asOfficer"];
  let linkOf: PortalDesk["linkOf"];
  let open: PortalDesk["open"];
  let inside: PortalDesk["inside"];
  let timelineOf: PortalDesk["timelineOf"];
  let fileNow: PortalDesk["fileNow"];
  beforeAll(async () => {
    desk = await openPortalDesk();
    ({ api, app, officer, stored, asOfficer, linkOf, open, inside, timelineOf, fileNow } = desk);
  });
  afterAll(() => desk.close());

  it("is given by an officer of the case, said once, and kept only as a hash", async () => {
    const { caseId } = await stored();
    const outsider = (await api.person(["officer"])).userId;
    expect(await asOfficer("POST", `/cases/${caseId}/party-links`, {}, outsider)).toMatchObject({
      status: 409,
      body: { code: "portal.not_handler" },
    });
    const head = (await api.person(["unit_head"])).userId;
    expect((await asOfficer("POST", `/cases/${caseId}/party-links`, {}, head)).status).toBe(403);
    expect((await asOfficer("POST", `/cases/${caseId}/party-links`, { factor: "plate" })).body.code).toBe(
      "portal.no_factor",
    );
    const { linkId, token } = await linkOf(caseId);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const { rows } = await api.pool.query("select * from party_links where id = $1", [linkId]);
    const text = JSON.stringify(rows);
    expect(text).toContain(createHash("sha256").update(token).digest("hex"));
    expect(text).not.toContain(token);
    expect(text).not.toContain('0000"');
    expect((await asOfficer("GET", `/cases/${caseId}/party-links`)).body.items).toMatchObject([
      { linkId, standing: "open", factorKind: "phone", createdBy: officer },
    ]);
  });

  it("comes with a notice of the record that names the link and not its token", async () => {
    const { incidentId } = await sealedIncident(api);
    await confirmRecord(api, incidentId);
    const { caseId } = await stored(() => ({ evidence: [cameraEvidence(incidentId)] }));
    const give = async () => (await asOfficer("POST", `/cases/${caseId}/party-links`, {})).body;
    const first = await give();
    const second = await give();
    const notices = (await fileNow(caseId))?.documents.filter(({ code }) => code === "D16");
    expect(notices).toMatchObject([
      { docId: first.notice.docId, number: first.notice.number, replaces: null, issuedOn: "2026-03-10" },
      { docId: second.notice.docId, number: second.notice.number, replaces: first.notice.docId },
    ]);
    expect(second.notice.number).toMatch(/监告字〔2026〕第\d+号$/);
    const { rows } = await api.pool.query("select data from documents where id = $1", [second.notice.docId]);
    expect(rows[0].data).toMatchObject({
      queryCode: second.linkId,
      queryUrl: expect.stringMatching(/\/portal$/),
      cameraName: expect.any(String),
    });
    expect(JSON.stringify(rows)).not.toContain(second.url.split("#")[1]);
    // Nothing was recorded by a camera here.
    expect(
      (await asOfficer("POST", `/cases/${(await stored()).caseId}/party-links`, {})).body.notice,
    ).toBeNull();
  });

  it("of a record that is no case gets its notice too, without the number it asks for", async () => {
    const { incidentId } = await sealedIncident(api);
    await confirmRecord(api, incidentId);
    const body = { factor: "phone", number: "13812345678" };
    const reply = await asOfficer("POST", `/incidents/${incidentId}/party-links`, body);
    expect(reply.body.notice).toMatchObject({ number: expect.stringContaining("监告") });
    const { rows } = await api.pool.query("select code, data from documents where incident_id = $1", [
      incidentId,
    ]);
    expect(rows).toMatchObject([
      { code: "D16", data: { queryCode: reply.body.linkId, partyName: "当事人" } },
    ]);
    for (const secret of [reply.body.url.split("#")[1], body.number, "5678"])
      expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it("opens with the second factor, for fifteen minutes", async () => {
    const { token } = await linkOf((await stored()).caseId);
    const { status, body, headers } = await open(token);
    expect([status, body.opens, headers.get("cache-control")]).toEqual([200, "case", "private, no-store"]);
    expect((await app.portal(body.bearer, "GET", "/case")).status).toBe(200);
    api.clock.at += 15 * 60_000;
    expect(await app.portal(body.bearer, "GET", "/case")).toMatchObject({
      status: 401,
      body: { code: "portal.session_ended" },
    });
    api.clock.at = testDay;
  });

  it("is locked by the fifth wrong answer, also when they come all at once, and somebody is told", async () => {
    const { caseId } = await stored();
    const { token } = await linkOf(caseId);
    expect((await open(token, "12345")).body.code).toBe("portal.factor_wrong");
    expect((await open(token)).status).toBe(200);
    const wrong = await Promise.all(Array.from({ length: 8 }, () => open(token, "9999")));
    expect(wrong.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 423, 423, 423, 423]);
    expect(await open(token)).toMatchObject({ status: 423, body: { code: "portal.link_locked" } });
    expect((await timelineOf(caseId)).map(({ action }) => action)).toContain("party_link_locked");
    expect(api.log.join("")).toContain("wrong second factor at the portal");
    expect(api.log.join("")).not.toContain(token);
  });

  it("once revoked opens nothing, and whoever is in by it is out at once", async () => {
    const { linkId, token, bearer } = await inside();
    const revoke = (user: string) =>
      asOfficer("POST", `/party-links/${linkId}/revoke`, { reason: "发错人" }, user);
    const elsewhere = (await api.person(["officer"], { regions: ["510108"] })).userId;
    expect((await revoke(elsewhere)).status).toBe(404);
    expect((await app.portal(bearer, "GET", "/case")).status).toBe(200);
    expect((await revoke(officer)).body).toEqual({ revoked: true });
    expect((await app.portal(bearer, "GET", "/case")).status).toBe(401);
    expect((await open(token)).body.code).toBe("portal.link_invalid");
  });

  it("ends, and answers a wrong one like one that ended", async () => {
    const { token } = await linkOf((await stored((file) => ({ clocks: file.clocks.slice(0, 0) }))).caseId, {
      days: 1,
    });
    api.clock.at += 86_400_000;
    const ended = await open(token);
    api.clock.at = testDay;
    const unknown = await open("x".repeat(43));
    expect([ended.status, unknown.status]).toEqual([404, 404]);
    expect(ended.body).toEqual(unknown.body);
  });

  it("is slowed down however the answers are", async () => {
    const { token } = await linkOf((await stored()).caseId);
    const statuses: number[] = [];
    for (let guess = 0; guess < 31; guess += 1) statuses.push((await open(token, "9999")).status);
    expect(statuses).toEqual([...Array(4).fill(401), ...Array(26).fill(423), 429]);
  });

  it("says beforehand which number it asks for, and nothing else", async () => {
    const { token } = await linkOf((await stored()).caseId);
    const ask = (link: string) => app.portal(null, "POST", "/session/question", { body: { token: link } });
    expect((await ask(token)).body).toEqual({
      factorKind: "phone",
      asksZh: "手机号码后四位",
      asksEn: "last four digits of the phone number",
      length: 4,
    });
    expect((await ask("z".repeat(43))).body.code).toBe("portal.link_invalid");
  });

  it("still opens from an address where somebody guesses links", async () => {
    const { token } = await linkOf((await stored()).caseId);
    const statuses: number[] = [];
    for (let guess = 0; guess < 101; guess += 1)
      statuses.push((await open(String(guess).padStart(43, "x"))).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([404, 429]);
    expect((await open(token)).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAgency } from "../../test-fixtures/casework-builders.ts";
import { county, makeCamera } from "../../test-fixtures/store-builders.ts";
import { goodLegalReview, goodTechnicalReview } from "../../test-fixtures/usable-camera.ts";
import { type Client, confirmedIncident, signedInCertified } from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

/** No agency is on record for it. */
const elsewhere = "511423";

describe("documents outside the steps of a case", () => {
  let api: TestApi;
  let officer: Client;
  let lawyer: Client;
  let privacy: Client;
  let colleague: string;
  beforeAll(async () => {
    api = await startTestApi();
    await makeAgency(api.pool);
    const regions = [county, elsewhere];
    officer = await signedInCertified(api, ["content_reviewer", "officer"], regions);
    colleague = (await signedInCertified(api, ["officer"])).userId;
    lawyer = await signedInCertified(api, ["legal_reviewer"], regions);
    privacy = await api.signedIn(["privacy_officer"], regions);
  });
  afterAll(() => api.close());

  const confirmed = (camera: object = {}) =>
    confirmedIncident(api, officer, {}, { region: county, ...camera });
  const documents = async (path: string) => (await officer.get(`${path}/documents`)).body.items;
  const codes = async (path: string) => (await documents(path)).map(({ code }: { code: string }) => code);
  const dataOf = async (docId: string) => (await lawyer.get(`/documents/${docId}`)).body.data;
  const ok = async (reply: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await reply;
    expect([status < 300, body]).toEqual([true, body]);
  };
  const logged = (code: string) =>
    api.log.filter((line) => line.includes("no agency on record") && line.includes(code));

  async function orderedInWriting(id: string): Promise<void> {
    await ok(officer.post(`/incidents/${id}/warning`, {}));
    api.clock.at += 700_000;
    await ok(officer.post(`/incidents/${id}/not-corrected`, { note: "仍停放" }));
    await ok(
      officer.post(`/incidents/${id}/warning`, {
        ...{ level: 1, reason: "劝导后未改正", colleague, channels: ["log"] },
        audience: { kind: "vehicle_owner", plate: "川A12345" },
      }),
    );
  }

  it("record each warning once, when its incident ends, and are of its case later", async () => {
    const id = await confirmed();
    await orderedInWriting(id);
    expect(await codes(`/incidents/${id}`)).toEqual(["W01", "D02"]);
    api.clock.at += 700_000;
    await ok(officer.post(`/incidents/${id}/not-corrected`, { note: "仍停放" }));
    const [first, order, second] = await documents(`/incidents/${id}`);
    expect([first.code, order.code, second.code]).toEqual(["W01", "D02", "W01"]);
    expect(first).toMatchObject({ incidentId: id, caseId: null, cameraId: null });
    expect(await dataOf(first.docId)).toMatchObject({ result: "未改正", said: expect.any(String) });
    expect(await dataOf(second.docId)).toMatchObject({ said: expect.stringContaining("责令改正") });
    const opened = await officer.post(`/incidents/${id}/case`, { ground: "harm", note: "堵住盲道" });
    expect(opened.body.documents.map(({ code }: { code: string }) => code)).toEqual(["N01", "N07"]);
    expect(await codes(`/cases/${opened.body.caseId}`)).toEqual(["W01", "D02", "W01", "N01", "N07"]);
    expect((await officer.get(`/documents/${order.docId}/file`)).bytes.subarray(0, 4).toString()).toBe(
      "%PDF",
    );
  });

  it("hold up no end of an incident where no agency is on record; its case records the warning instead", async () => {
    const id = await confirmed({ region: elsewhere });
    await ok(officer.post(`/incidents/${id}/warning`, {}));
    api.clock.at += 700_000;
    await ok(officer.post(`/incidents/${id}/not-corrected`, { note: "仍停放" }));
    expect(await codes(`/incidents/${id}`)).toEqual([]);
    expect(logged("W01")).toHaveLength(1);
    await makeAgency(api.pool, { agency: `${elsewhere}01`, region: elsewhere });
    const opened = await officer.post(`/incidents/${id}/case`, { ground: "harm", note: "堵住盲道" });
    expect(opened.body.documents.map(({ code }: { code: string }) => code)).toEqual(["N01", "N07", "W01"]);
  });

  it("are shown in their regions alone", async () => {
    const id = await confirmed();
    const other = await api.signedIn(["officer"], ["510108"]);
    expect((await other.get(`/incidents/${id}/documents`)).status).toBe(404);
    const camera = `/cameras/${await makeCamera(api.pool)}`;
    const reply = await lawyer.post(`${camera}/reviews`, { ...goodLegalReview, ...spell });
    expect((await lawyer.get(`/documents/${reply.body.docId}`)).status).toBe(200);
    expect((await other.get(`/documents/${reply.body.docId}`)).status).toBe(404);
    expect((await other.get(`${camera}/documents`)).status).toBe(404);
  });

  it("say who looks at originals, and why", async () => {
    const id = await confirmed();
    const ask = { purpose: "case_investigation", reason: "核对车牌首位字符" };
    const { grantId } = (await officer.post(`/incidents/${id}/access-requests`, ask)).body;
    expect(await codes(`/incidents/${id}`)).toEqual([]);
    await ok(privacy.post(`/access-requests/${grantId}/approve`));
    const [form] = await documents(`/incidents/${id}`);
    expect(form.code).toBe("N23");
    expect(await dataOf(form.docId)).toMatchObject({
      purpose: "案件调查取证：核对车牌首位字符",
      unit: "成都市武侯区综合行政执法局",
      approvedBy: expect.stringContaining("privacy_officer"),
      requestedBy: expect.stringContaining("officer"),
      content: expect.stringContaining(id),
    });
  });

  const spell = { validFrom: "2026-03-10", validTo: "2026-12-31" };

  it("lay down how a camera was reviewed", async () => {
    const engineer = await signedInCertified(api, ["equipment_reviewer"]);
    const camera = `/cameras/${await makeCamera(api.pool)}`;
    const law = await lawyer.post(`${camera}/reviews`, { ...goodLegalReview, ...spell });
    await ok(engineer.post(`${camera}/reviews`, { ...goodTechnicalReview, ...spell }));
    expect(await codes(camera)).toEqual(["N21", "N22"]);
    const { body } = await lawyer.get(`/documents/${law.body.docId}`);
    expect(body).toMatchObject({ caseId: null, incidentId: null, code: "N21", number: null });
    expect(body.cameraId).toBe(camera.replace("/cameras/", ""));
    expect(body.data).toMatchObject({ useAuthority: "仅作线索", validUntil: spell.validTo });
  });

  it("are left out of a review where no agency is on record", async () => {
    const camera = `/cameras/${await makeCamera(api.pool, { region: "511424" })}`;
    const far = await signedInCertified(api, ["equipment_reviewer"], ["511424"]);
    const reply = await far.post(`${camera}/reviews`, { ...goodTechnicalReview, ...spell });
    expect(reply).toMatchObject({ status: 201, body: { passed: true, docId: null } });
    expect(logged(reply.body.reviewId)).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordLegalQualification } from "../../store/certificate-store.ts";
import { withTx } from "../../store/pool.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { makeCamera, systemAct, testDay } from "../../test-fixtures/store-builders.ts";
import { goodLegalReview, goodListing, goodTechnicalReview } from "../../test-fixtures/usable-camera.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

const day = 86_400_000;
const on = { validFrom: "2026-03-10", validTo: "2026-12-31" };
const listing = { ...goodListing, publishedOn: "2026-03-10", useFrom: "2026-04-01" };
const sign = { kind: "sign", passed: true, doneOn: "2026-03-10", note: "清晰", fileSha256: "c".repeat(64) };
const maintenance = {
  kind: "maintenance",
  passed: true,
  doneOn: "2026-03-10",
  nextDue: "2026-09-10",
  note: "正常",
};

describe("a camera's compliance over HTTP", () => {
  let api: TestApi;
  let lawyer: ApiClient & { userId: string };
  let engineer: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    lawyer = await api.signedIn(["legal_reviewer"]);
    engineer = await api.signedIn(["equipment_reviewer"]);
    await withTx(api.pool, (tx) => recordLegalQualification(tx, systemAct(), lawyer.userId, true));
  });
  afterAll(() => api.close());

  const faultyRules = async (path: string) => {
    const { body } = await engineer.get(path);
    return body.rules.filter(({ ok }: { ok: boolean }) => !ok).map(({ rule }: { rule: string }) => rule);
  };

  it("is made step by step, each by whom the law names, and then said of a day", async () => {
    const camera = `/cameras/${await makeCamera(api.pool)}`;
    expect(await faultyRules(`${camera}/compliance`)).toEqual(["B-01", "B-02", "B-03", "B-04", "C-09"]);
    for (const [client, path, body, status] of [
      [engineer, "reviews", { ...goodLegalReview, ...on }, 409],
      [lawyer, "reviews", { ...goodLegalReview, ...on }, 201],
      [lawyer, "reviews", { ...goodTechnicalReview, ...on }, 409],
      [engineer, "reviews", { ...goodTechnicalReview, ...on }, 201],
      [lawyer, "listings", listing, 403],
      [engineer, "listings", listing, 201],
      [engineer, "inspections", { ...sign, fileSha256: undefined }, 409],
      [engineer, "inspections", sign, 201],
      [engineer, "inspections", maintenance, 201],
    ] as const)
      expect([path, (await client.post(`${camera}/${path}`, body)).status]).toEqual([path, status]);
    expect(await faultyRules(`${camera}/compliance`)).toEqual(["B-02", "C-09"]);
    const shown = await lawyer.get(`${camera}/compliance?on=2026-04-09`);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        on: "2026-04-09",
        usable: true,
        useAuthority: "lead_only",
        reviews: [{ kind: "legal", passed: true, findings: { ground: { ok: true } } }, { kind: "technical" }],
        listings: [{ listed: true, proof: null }],
        inspections: [{ kind: "sign" }, { kind: "maintenance", nextDue: "2026-09-10" }],
      },
    });
    expect(await faultyRules(`${camera}/compliance?on=2026-03-09`)).toHaveLength(5);
  });

  it("answers a review that leaves a point out with what is missing", async () => {
    const camera = `/cameras/${await makeCamera(api.pool)}`;
    const { sign: _, ...findings } = goodLegalReview.findings as Record<string, unknown>;
    const reply = await lawyer.post(`${camera}/reviews`, { ...goodLegalReview, ...on, findings });
    expect(reply).toMatchObject({ status: 400, body: { faults: [{ path: "findings.sign" }] } });
  });

  it("lets only a qualified legal reviewer with a verified law make records more than a clue", async () => {
    const id = await makeCamera(api.pool);
    const grant = {
      authority: "corroborative",
      citation: { law: "djaq", article: "114" },
      reason: "依法使用",
      ...on,
    };
    const give = (client: ApiClient, other: object = {}) =>
      client.post(`/cameras/${id}/authorities`, { ...grant, ...other });
    const admin = await api.signedIn(["system_admin"]);
    const unqualified = await api.signedIn(["legal_reviewer"]);
    expect((await give(admin)).status).toBe(403);
    expect((await give(engineer)).status).toBe(403);
    expect((await give(unqualified)).body.code).toBe("camera.legal_qualification_required");
    // A ministry's rules, and a text nobody has read in full.
    for (const law of ["zj34", "xf", "nosuch"])
      expect((await give(lawyer, { citation: { law, article: "1" } })).body.code).toBe(
        "camera.citation_unfit",
      );
    expect((await give(lawyer)).status).toBe(201);
    expect((await lawyer.get(`/cameras/${id}`)).body.useAuthority).toBe("corroborative");
    const { body } = await lawyer.get(`/cameras/${id}/compliance`);
    expect(body.authorities).toMatchObject([{ citation: { law: "djaq", zh: "《道路交通安全法》第114条" } }]);
    api.clock.at = Date.parse("2027-01-01T01:00:00Z");
    const late = await api.signedIn(["legal_reviewer"]);
    expect((await late.get(`/cameras/${id}`)).body.useAuthority).toBe("lead_only");
    api.clock.at = testDay;
  });

  it("shows the public list to anybody, page by page", async () => {
    const ids = [await makeCamera(api.pool), await makeCamera(api.pool)].sort();
    for (const id of ids) await engineer.post(`/cameras/${id}/listings`, listing);
    const stranger = api.client();
    const seen: string[] = [];
    let path = "/public/cameras?region=510107&limit=1";
    for (let page = 0; page < 20; page += 1) {
      const { status, body } = await stranger.get(path);
      expect(status).toBe(200);
      seen.push(...body.items.map(({ cameraId }: { cameraId: string }) => cameraId));
      if (body.nextCursor === null) break;
      path = `/public/cameras?region=510107&limit=1&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(expect.arrayContaining(ids));
    expect(seen).toEqual([...new Set(seen)].sort());
    expect((await stranger.get("/public/cameras?region=510108")).body.items).toEqual([]);
    const shown = (await stranger.get("/public/cameras?limit=200")).bytes.toString("utf8");
    expect(shown).not.toMatch(/rtsp|hush|polygon|lat/);
  });

  it("lists abnormal cameras for those who may see cameras", async () => {
    api.clock.at = testDay + day;
    const { status, body } = await (await api.signedIn(["equipment_reviewer"])).get("/cameras/abnormal");
    expect([status, body]).toEqual([200, { days: 30, times: 3, items: [] }]);
    expect((await api.client().get("/cameras/abnormal")).status).toBe(401);
    api.clock.at = testDay;
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAgency, testAgency } from "../../test-fixtures/casework-builders.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

describe("what an administrator of one region can set", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await makeAgency(api.pool);
  });
  afterAll(() => api.close());

  const valid = { validFrom: "2026-01-01", validTo: "2027-12-31" };

  it("is no certificate of somebody elsewhere, and none of their own", async () => {
    const admin = await api.signedIn(["system_admin"]);
    const officer = (await api.person(["officer"])).userId;
    const elsewhere = (await api.person(["officer"], { regions: ["510107", "510104"] })).userId;
    const record = (userId: string) =>
      admin.post(`/users/${userId}/certificates`, { no: "A-1", ...valid }).then(({ status }) => status);
    expect(await record(officer)).toBe(201);
    expect(await record(elsewhere)).toBe(404);
    expect(await record(admin.userId)).toBe(409);
    const qualify = (userId: string) =>
      admin.post(`/users/${userId}/legal-qualification`, { holds: true }).then(({ status }) => status);
    expect([await qualify(officer), await qualify(elsewhere), await qualify(admin.userId)]).toEqual([
      200, 404, 409,
    ]);
  });

  it("is no number and no words that count for an agency elsewhere", async () => {
    const [lawyer, head] = [await api.signedIn(["legal_reviewer"]), await api.signedIn(["unit_head"])];
    const confirm = () =>
      lawyer.post("/parameters/hearing.threshold.person/settings", {
        ...{ value: 500_000, source: "川府发〔2020〕1号", validFrom: "2026-01-01" },
      });
    const words = {
      ...{ violation: "vehicle_sidewalk", channel: "speaker_http", audience: "place" },
      ...{ textZh: "{{place}}请{{request}}", textEn: "{{place}}: {{request}}" },
    };
    let version = 0;
    const say = () => {
      const headers = version === 0 ? {} : { "if-match": `"${version}"` };
      version += 1;
      return head.call("PUT", "/warning-templates", { raw: JSON.stringify(words), headers });
    };
    expect([(await confirm()).status, (await say()).status]).toEqual([201, 200]);
    await makeAgency(api.pool, { agency: "51010401", region: "510104" });
    expect((await confirm()).body).toMatchObject({ status: 403, code: "auth.forbidden" });
    expect((await say()).body).toMatchObject({ status: 403, code: "auth.forbidden" });
  });

  it("of an agency is on record: which fields, and who is paid or hears appeals", async () => {
    await makeAgency(api.pool, { payee: "另一收款账户", phone: "028-00000001" });
    const { rows } = await api.pool.query(
      `select action, detail from timeline_entries
       where subject_kind = 'agency' and subject_id = $1 order by seq desc limit 1`,
      [testAgency.agency],
    );
    expect(rows).toEqual([
      {
        action: "change",
        detail: {
          fields: expect.arrayContaining(["payee", "phone"]),
          values: { payee: { from: testAgency.payee, to: "另一收款账户" } },
        },
      },
    ]);
  });

  it("is no loudspeaker of another region", async () => {
    const [ours, theirs] = [await api.signedIn(["unit_head"]), await api.signedIn(["unit_head"], ["510104"])];
    const cameraId = await makeCamera(api.pool);
    const camera = await makeCamera(api.pool, { region: "510104" });
    const speaker = { cameraId, transport: "mqtt", address: "horn_of-1" };
    expect((await ours.post("/speakers", speaker)).status).toBe(201);
    expect(await theirs.post("/speakers", { ...speaker, cameraId: camera })).toMatchObject({
      status: 409,
      body: { code: "store.already_exists" },
    });
    expect((await ours.post("/speakers", { ...speaker, address: "horn.1" })).status).toBe(400);
  });
});

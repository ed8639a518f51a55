import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noVehicleRegistry, type VehicleRegistry } from "../../runtime/vehicle-registry.ts";
import { makeAgency } from "../../test-fixtures/casework-builders.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { signedInCertified } from "../testing/case-api.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

const yes = { answer: "yes" } as const;
const tests = { true: yes, clear: yes, complete: yes, accurate: yes };
const day = 86_400_000;

describe("warning, looking again, deciding", () => {
  let api: TestApi;
  let desk: Awaited<ReturnType<TestApi["signedIn"]>>;
  let head: Awaited<ReturnType<TestApi["signedIn"]>>;
  let colleague: string;
  let registry: VehicleRegistry = noVehicleRegistry;

  beforeAll(async () => {
    api = await startTestApi();
    Object.assign(api.context, {
      vehicleRegistry: { findOwner: (plate: string) => registry.findOwner(plate) } satisfies VehicleRegistry,
    });
    await makeAgency(api.pool);
    desk = await signedInCertified(api, ["officer", "content_reviewer"]);
    colleague = (await signedInCertified(api, ["officer"])).userId;
    head = await api.signedIn(["unit_head"]);
  });
  afterAll(() => api.close());

  async function confirmed(overrides: object = {}): Promise<string> {
    const id = await waitingIncident(api, overrides);
    await desk.post(`/incidents/${id}/claim`);
    expect((await desk.post(`/incidents/${id}/confirm`, { tests })).status).toBe(200);
    return id;
  }
  const cameraOf = async (id: string) => (await desk.get(`/incidents/${id}`)).body.cameraId as string;
  const warn = (id: string, body: object = {}) => desk.post(`/incidents/${id}/warning`, body);
  const saidOf = async (id: string) =>
    (
      await api.pool.query(
        `select delivery.channel, delivery.address, delivery.text from warning_deliveries as delivery
         join warnings on warnings.id = delivery.warning_id where warnings.incident_id = $1
         order by warnings.level, delivery.channel`,
        [id],
      )
    ).rows;
  const refused = (code: string) => ({ status: 409, body: { code, titleZh: expect.stringMatching(/。$/) } });
  const speak = async (cameraId: string, changes: object = {}) =>
    (await head.post("/speakers", { cameraId, transport: "mqtt", address: "horn-1", ...changes })).body;

  it("speaks to a place over its own loudspeaker, naming nobody", async () => {
    const id = await confirmed();
    const cameraId = await cameraOf(id);
    await speak(cameraId);
    await speak(cameraId, { address: "horn-of-the-zone", zoneId: "pavement" });
    await speak(cameraId, { address: "off", zoneId: "pavement", transport: "http", enabled: false });
    expect(await warn(id)).toMatchObject({ status: 201, body: { channels: ["speaker_mqtt"], owner: null } });
    const [said] = await saidOf(id);
    expect(said).toMatchObject({ channel: "speaker_mqtt", address: "horn-of-the-zone" });
    expect(said.text).toContain("人民南路二段");
    expect(said.text).toContain("请您");
    expect(said.text).not.toMatch(/\{\{|川/);
    const [job] = await api.context.producer.queue("rechecks").getJobs();
    expect(job?.data).toEqual({ recheckId: expect.stringMatching(/^rck_/) });
  });

  it("tells a registered shop by message, and says where there is no way to it", async () => {
    const id = await confirmed({ violation: "store_overflow" });
    const party = {
      cameraId: await cameraOf(id),
      zoneId: "pavement",
      kind: "shop",
      name: "老张面馆",
      phone: "13800000000",
      validFrom: "2026-01-01",
    };
    expect((await head.post("/responsible-parties", { ...party, zoneId: "nowhere" })).status).toBe(404);
    expect((await head.post("/responsible-parties", { ...party, phone: "call me" })).status).toBe(400);
    const made = await head.post("/responsible-parties", party);
    expect(made).toMatchObject({ status: 201, body: { name: "老张面馆", version: 1, region: "510107" } });
    const { partyId } = made.body;
    expect((await desk.get(`/incidents/${id}/ladder`)).body).toMatchObject({
      next: "persuade",
      level: 0,
      parties: [{ partyId, name: "老张面馆" }],
      alone: { allowed: false, reviewed: 1, confirmed: 1 },
    });
    const audience = { kind: "responsible_party", partyId };
    expect(await warn(id, { audience, channels: ["email"] })).toMatchObject(refused("warning.no_address"));
    expect(await warn(id, { audience })).toMatchObject({ status: 201, body: { channels: ["sms"] } });
    const [said] = await saidOf(id);
    expect(said).toMatchObject({ channel: "sms", address: "13800000000" });
    expect(said.text).toMatch(/老张面馆.*\{\{link\}\}/);
    // Nobody outside the region reads or changes the registry.
    const other = await api.signedIn(["unit_head"], ["510104"]);
    expect((await other.get(`/responsible-parties/${partyId}`)).status).toBe(404);
    expect((await other.get("/responsible-parties")).body.items).toEqual([]);
    const ended = { ...party, validTo: "2026-03-09" };
    const put = (client: typeof head, headers = {}) =>
      client.call("PUT", `/responsible-parties/${partyId}`, { raw: JSON.stringify(ended), headers });
    const seen = await head.get(`/responsible-parties/${partyId}`);
    const match = { "if-match": seen.headers.get("etag") };
    expect((await put(other, match)).status).toBe(404);
    expect(await put(head)).toMatchObject({ status: 428, body: { code: "http.precondition_required" } });
    const changed = await put(head, match);
    expect(changed).toMatchObject({ status: 200, body: { version: 2, validTo: "2026-03-09" } });
    expect(changed.headers.get("etag")).toBe('"2"');
    expect(await put(head, match)).toMatchObject({ status: 412, body: { code: "store.stale_version" } });
    const later = await confirmed({ violation: "store_overflow", cameraId: party.cameraId });
    expect((await desk.get(`/incidents/${later}/ladder`)).body.parties).toEqual([]);
  });

  it("asks the registry for an owner only where the officer may warn, and keeps no plate", async () => {
    const asked: string[] = [];
    registry = {
      findOwner: (plate) => {
        asked.push(plate);
        return Promise.resolve({ name: "李四", phone: "13900000000", address: null });
      },
    };
    const audience = { kind: "vehicle_owner", plate: "川a·12345" };
    const waiting = await waitingIncident(api);
    expect(await warn(waiting, { audience })).toMatchObject(refused("incident.illegal_move"));
    expect(asked).toEqual([]);
    const id = await confirmed();
    expect(await warn(id, { audience, text: "川A12345请驶离" })).toMatchObject(
      refused("warning.plate_in_text"),
    );
    expect(await warn(id, { audience })).toMatchObject({ status: 201, body: { owner: "found" } });
    expect(asked).toEqual(["川A12345"]);
    const [said] = await saidOf(id);
    expect(said).toMatchObject({ channel: "sms", address: "13900000000" });
    expect(said.text).toContain("345");
    const { rows } = await api.pool.query("select row_to_json(warnings) as row from warnings");
    expect(JSON.stringify(rows)).not.toMatch(/12345|李四/);
    expect(api.log.join()).not.toMatch(/A12345|13900000000/);
  });

  it("asks about the plate on the record, or says why another, and puts that on record before it asks", async () => {
    const seen: unknown[] = [];
    const noted = async (id: string) =>
      (
        await api.pool.query(
          "select why, detail from timeline_entries where subject_id = $1 and action = 'owner_asked'",
          [id],
        )
      ).rows;
    const id = await confirmed();
    await api.pool.query(
      `update incidents set facts = jsonb_set(facts, '{plate}', '{"text": "川AC0001", "confidence": 0.9}') where id = $1`,
      [id],
    );
    registry = {
      findOwner: async () => {
        seen.push(...(await noted(id)));
        return null;
      },
    };
    const other = { kind: "vehicle_owner", plate: "川AC0002" };
    expect(await warn(id, { audience: other })).toMatchObject(refused("warning.other_plate"));
    const reason = "识别有误，现场照片末位为2";
    const audience = { ...other, otherPlateReason: reason };
    expect(await warn(id, { audience, channels: ["email"] })).toMatchObject(refused("warning.no_address"));
    expect(seen).toEqual([]);
    expect(await noted(id)).toEqual([]);
    expect((await warn(id, { audience })).status).toBe(201);
    const subject = { subjectKey: expect.stringMatching(/^[0-9a-f]{64}$/), otherPlate: true };
    expect(seen).toEqual([{ why: reason, detail: subject }]);
    registry = noVehicleRegistry;
  });

  it("speaks to no shop that did not answer for the place", async () => {
    const id = await confirmed({ violation: "store_overflow" });
    const made = await head.post("/responsible-parties", {
      ...{ cameraId: await makeCamera(api.pool), zoneId: "pavement", kind: "shop", name: "别处的店" },
      ...{ phone: "13800000001", validFrom: "2026-01-01" },
    });
    const audience = { kind: "responsible_party", partyId: made.body.partyId };
    expect(await warn(id, { audience })).toMatchObject(refused("warning.party_not_answerable"));
  });

  it("goes on when the registry cannot say: an officer hands the letter over", async () => {
    registry = { findOwner: () => Promise.reject(new Error("down")) };
    const id = await confirmed();
    const audience = { kind: "vehicle_owner", plate: "川A67890", otherPlateReason: "现场核对" };
    expect(await warn(id, { audience })).toMatchObject({
      status: 201,
      body: { owner: "unavailable", channels: ["log"] },
    });
    registry = noVehicleRegistry;
  });

  it("rises at the third time inside the window, and not for somebody else", async () => {
    const audience = { kind: "vehicle_owner", plate: "川AA0001", otherPlateReason: "现场核对" };
    const at = (daysAgo: number) => ({ occurredAt: api.clock.at - daysAgo * day });
    for (const daysAgo of [40, 10, 5])
      expect((await warn(await confirmed(at(daysAgo)), { audience })).status).toBe(201);
    const third = await confirmed(at(0));
    expect(await warn(third, { audience })).toMatchObject(refused("warning.repeat_limit"));
    const order = { audience, level: 1, channels: ["log"], colleague };
    expect(await warn(third, order)).toMatchObject(refused("incident.note_required"));
    expect(
      await warn(third, { ...order, reason: "三十日内第三次", audience: { kind: "place" } }),
    ).toMatchObject(refused("order.addressee_required"));
    expect(await warn(third, { ...order, reason: "三十日内第三次" })).toMatchObject({
      status: 201,
      body: {},
    });
    const [ordered] = (await desk.get(`/incidents/${third}`)).body.warnings;
    expect(ordered).toMatchObject({ level: 1, audience: "vehicle_owner", result: null });
    const { rows: orders } = await api.pool.query(
      "select code, number, data ->> 'partyName' as party from documents where incident_id = $1",
      [third],
    );
    expect(orders).toEqual([
      {
        code: "D02",
        number: expect.stringMatching(/责改字〔2026〕第\d+号$/),
        party: expect.stringContaining("001"),
      },
    ]);
    const { rows } = await api.pool.query(
      "select letter_zh ->> 'title' as title, reason from warnings where incident_id = $1",
      [third],
    );
    expect(rows).toEqual([{ title: "责令改正通知", reason: "三十日内第三次" }]);
    expect(
      (await warn(await confirmed(at(0)), { audience: { ...audience, plate: "川AA0002" } })).status,
    ).toBe(201);
  });

  it("climbs from asking to ordering to a case's ground, each step by an officer", async () => {
    const id = await confirmed();
    await warn(id);
    const steps = async () => (await desk.get(`/incidents/${id}/ladder`)).body.next;
    expect(await steps()).toBe("look_again");
    const note = { note: "车辆仍停放" };
    expect(await desk.post(`/incidents/${id}/not-corrected`, note)).toMatchObject(
      refused("incident.grace_running"),
    );
    api.clock.at += 700_000;
    expect(await desk.post(`/incidents/${id}/not-corrected`, { note: " " })).toMatchObject(
      refused("incident.note_required"),
    );
    expect(await desk.post(`/incidents/${id}/not-corrected`, note)).toMatchObject({
      status: 200,
      body: {
        state: "not_corrected",
        warnings: [{ result: "not_corrected" }],
        recheck: { state: "cancelled" },
      },
    });
    expect(await steps()).toBe("written_order");
    const audience = { kind: "vehicle_owner", plate: "川AB0001", otherPlateReason: "现场核对" };
    const dueAt = new Date(api.clock.at - 1).toISOString();
    const order = { level: 1, audience, reason: "劝导后未改正", colleague };
    expect((await warn(id, { ...order, dueAt })).status).toBe(400);
    expect(await warn(id, { ...order, dueAt: new Date(api.clock.at + day).toISOString() })).toMatchObject({
      status: 201,
      body: {},
    });
    expect((await warn(id, order)).status).toBe(409);
    api.clock.at += day;
    await desk.post(`/incidents/${id}/not-corrected`, note);
    expect((await desk.get(`/incidents/${id}/ladder`)).body).toMatchObject({
      next: "case",
      ground: "not_corrected",
    });
    expect((await desk.get(`/incidents/${id}/ladder?harm=true`)).body).toMatchObject({ ground: "harm" });
  });

  it("looks now when asked, shows what it proposes, and takes a contradiction only as the officer's own", async () => {
    const id = await confirmed();
    expect(await desk.post(`/incidents/${id}/recheck`)).toMatchObject(refused("recheck.not_persuading"));
    await warn(id);
    const { recheckId } = (await desk.post(`/incidents/${id}/recheck`)).body;
    expect((await desk.get(`/incidents/${id}`)).body.recheck).toMatchObject({
      recheckId,
      state: "pending",
      proposes: null,
    });
    expect((await desk.get(`/rechecks/${recheckId}/after`)).status).toBe(404);
    await api.pool.query(
      `update rechecks set state = 'done', result = 'gone', done_at = now(), seen_at = now(),
         after_still = '{"bundlePath": "x", "original": {"path": "originals/after.jpg", "sha256": "a"},
           "masked": {"path": "masked/after.jpg", "sha256": "b"}}' where id = $1`,
      [recheckId],
    );
    expect((await desk.get(`/incidents/${id}`)).body.recheck).toMatchObject({
      result: "gone",
      proposes: "corrected",
    });
    expect((await desk.get(`/incidents/${id}/rechecks`)).body.items).toMatchObject([
      {
        recheckId,
        before: null,
        after: `/api/v1/rechecks/${recheckId}/after`,
        askedByName: expect.any(String),
      },
    ]);
    const other = await api.signedIn(["officer"], ["510104"]);
    expect((await other.get(`/rechecks/${recheckId}/after`)).status).toBe(404);
    api.clock.at += 700_000;
    expect(await desk.post(`/incidents/${id}/not-corrected`, { note: "仍在", recheckId })).toMatchObject(
      refused("incident.recheck_contradicts"),
    );
    const reader = await api.signedIn(["content_reviewer"]);
    expect((await reader.post(`/incidents/${id}/corrected`, { note: "已驶离", recheckId })).status).toBe(403);
    expect(
      await desk.post(`/incidents/${id}/corrected`, { note: "已驶离，已口头教育", recheckId }),
    ).toMatchObject({
      status: 200,
      body: { state: "corrected", warnings: [{ result: "corrected" }] },
    });
    const { timeline } = (await desk.get(`/incidents/${id}`)).body;
    expect(timeline.at(-1)).toMatchObject({ action: "mark_corrected", why: "已驶离，已口头教育" });
  });

  it("lets a dispatched incident end as the officer found it on the spot", async () => {
    const ids = [await confirmed(), await confirmed()] as const;
    for (const id of ids)
      expect((await desk.post(`/incidents/${id}/dispatch`, { note: "请到场" })).body.state).toBe(
        "dispatched",
      );
    expect(
      (await desk.post(`/incidents/${ids[0]}/corrected`, { note: "到场时已驶离，已教育" })).body.state,
    ).toBe("corrected");
    expect((await desk.post(`/incidents/${ids[1]}/transfer`, { target: "交警支队" })).body.state).toBe(
      "transferred",
    );
    const work = await confirmed();
    expect(await desk.post(`/incidents/${work}/work-order`, { target: " " })).toMatchObject(
      refused("incident.target_required"),
    );
    expect((await desk.post(`/incidents/${work}/work-order`, { target: "环卫所" })).body.state).toBe(
      "work_order",
    );
  });

  it("takes new words for a matter, names every fault, and says them from then on", async () => {
    const put = (body: object, headers: Record<string, string> = {}) =>
      head.call("PUT", "/warning-templates", { raw: JSON.stringify(body), headers });
    const words = {
      violation: "vehicle_sidewalk",
      channel: "speaker_http",
      audience: "place",
      textZh: "{{place}}的车主，请{{request}}！",
      textEn: "At {{place}}: {{request}}!",
    };
    expect(await put({ ...words, textZh: "{{shop}}请{{request}}" })).toMatchObject({
      status: 400,
      body: {
        code: "input.invalid",
        faults: [
          { path: "textZh", message: expect.stringContaining("{{place}} is missing") },
          { path: "textZh", message: expect.stringContaining("{{shop}} names somebody") },
        ],
      },
    });
    expect((await put({ ...words, violation: "jaywalking" })).status).toBe(400);
    expect((await put(words)).status).toBe(200);
    const future = { ...words, textZh: "{{place}}{{request}}，下月起", validFrom: "2027-01-01" };
    expect((await put(future, { "if-match": '"1"' })).status).toBe(200);
    expect((await put(words, { "if-match": '"1"' })).body.code).toBe("store.stale_version");
    const id = await confirmed();
    await speak(await cameraOf(id), { transport: "http", address: "horn-9" });
    await warn(id);
    expect((await saidOf(id))[0].text).toBe("人民南路二段的车主，请将车辆驶离人行道！");
    const officer = await api.signedIn(["officer"]);
    expect((await officer.get("/warning-templates")).body.items.length).toBeGreaterThan(8);
    expect((await officer.call("PUT", "/warning-templates", { raw: JSON.stringify(words) })).status).toBe(
      403,
    );
  });

  it("counts how asking worked, and nothing about fines", async () => {
    const cameraId = await makeCamera(api.pool);
    const ids = await Promise.all([0, 1, 2].map(() => confirmed({ cameraId })));
    const made = async (id: string) => {
      await api.pool.query("update incidents set camera_id = $2 where id = $1", [id, cameraId]);
      await warn(id);
    };
    for (const id of ids) await made(id);
    const [cured = "", ignored = "", open = ""] = ids;
    api.clock.at += 900_000;
    await desk.post(`/incidents/${cured}/corrected`, { note: "已驶离" });
    await desk.post(`/incidents/${ignored}/not-corrected`, { note: "仍在" });
    await api.pool.query(
      `update warning_deliveries set state = 'failed', dead_at = now(), dead_reason = 'permanent'
       where warning_id in (select id from warnings where incident_id = $1)`,
      [open],
    );
    const boss = await api.signedIn(["agency_leader"]);
    const today = new Date(api.clock.at + 8 * 3_600_000).toISOString().slice(0, 10);
    const { body } = await boss.get(`/statistics/cure?from=${today}&to=${today}&cameraId=${cameraId}`);
    expect(body.items).toEqual([
      {
        violation: "vehicle_sidewalk",
        violationName: expect.anything(),
        cameraId,
        cameraName: expect.any(String),
        warnings: 3,
        corrected: 1,
        notCorrected: 1,
        open: 1,
        curePermille: 500,
        medianSecondsToCure: 900,
        deliveryFailures: 1,
      },
    ]);
    expect((await boss.get("/statistics/cure?from=2026-01-01&to=2026-01-02")).body.items).toEqual([]);
    const elsewhere = await api.signedIn(["agency_leader"], ["510104"]);
    expect((await elsewhere.get(`/statistics/cure?from=${today}&to=${today}`)).body.items).toEqual([]);
  });
});

import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeWarning } from "../casework/warning/warning.ts";
import {
  allYes,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  type TestUser,
  testDay,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../test-fixtures/test-database.ts";
import { findDelivery, listPendingDeliveries } from "./delivery-read-model.ts";
import { recordDelivery } from "./delivery-store.ts";
import { findIncident } from "./incident-read-model.ts";
import { createPool, withTx } from "./pool.ts";
import { decideCorrection } from "./recheck-store.ts";
import { claimIncident, confirmIncident } from "./review-store.ts";
import { readTimeline } from "./timeline-store.ts";
import { findWarningByTokenHash } from "./warning-read-model.ts";
import {
  createWarning,
  markWarningOpened,
  type NewWarning,
  type WarningHooks,
  type WrittenOrder,
} from "./warning-store.ts";

const graceUntil = testDay + 600_000;
const letters = composeWarning({
  place: "人民南路二段",
  occurredAt: testDay - 400_000,
  violationZh: "机动车乱停放",
  violationEn: "vehicle parked on the pavement",
  requestZh: "将车辆移开",
  requestEn: "move the vehicle",
  basisZh: "《道路交通安全法》第五十六条",
  basisEn: "Road Traffic Safety Law, Art. 56",
  agencyZh: "城市管理局",
  agencyEn: "City Management Bureau",
  graceUntil,
  writtenAt: testDay,
});
const party = { ...systemAct(testDay + 60_000), actor: { kind: "party" } as const, scope: [] };

describe("warnings", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let cameraId: string;
  let both: TestUser;
  let hashes = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    cameraId = await makeCamera(pool);
    both = await makeUser(pool, ["content_reviewer", "officer"]);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function confirmed(): Promise<string> {
    const id = await makeIncident(pool, cameraId);
    await withTx(pool, (tx) => claimIncident(tx, userAct(both), id));
    await withTx(pool, (tx) => confirmIncident(tx, userAct(both), id, allYes));
    return id;
  }
  function warningFor(incidentId: string, overrides: Partial<NewWarning> = {}): NewWarning {
    const linkTokenHash = (++hashes).toString(16).padStart(64, "0");
    return {
      incidentId,
      letters,
      linkTokenHash,
      graceUntil,
      channels: ["log", "webhook"],
      minorFirst: true,
      namesSomeone: false,
      ...overrides,
    };
  }
  const warn = (input: NewWarning, act = userAct(both)) =>
    withTx(pool, (tx) => createWarning(tx, act, input));

  it("carries a warning from its letter to the party's eyes", async () => {
    const input = warningFor(await confirmed());
    const { warningId, deliveryIds } = await warn(input);
    expect(await findIncident(pool, "every", input.incidentId)).toMatchObject({
      state: "persuading",
      graceUntil: "2026-03-10T01:10:00.000Z",
      warnings: [{ warningId, level: 0, state: "draft", letterZh: letters.zh }],
    });
    const [log = "", webhook = ""] = deliveryIds;
    expect(await findDelivery(pool, webhook)).toMatchObject({ channel: "webhook", letterEn: letters.en });
    const states: string[] = [];
    for (const [deliveryId, state] of [
      [log, "sent"],
      [webhook, "pending"],
      [webhook, "failed"],
      [log, "delivered"],
    ] as const) {
      const outcome = { deliveryId, state, detail: { try: states.length } };
      states.push((await withTx(pool, (tx) => recordDelivery(tx, systemAct(), outcome))).state);
    }
    expect(states).toEqual(["sent", "sent", "sent", "delivered"]);
    expect(await findDelivery(pool, webhook)).toMatchObject({ state: "failed", attempts: 2 });

    const open = () => withTx(pool, (tx) => markWarningOpened(tx, party, input.linkTokenHash));
    expect([await open(), await open()]).toEqual([
      { warningId, first: true },
      { warningId, first: false },
    ]);
    expect(await findWarningByTokenHash(pool, input.linkTokenHash)).toMatchObject({
      warningId,
      state: "opened",
      openedAt: "2026-03-10T01:01:00.000Z",
    });
    const timeline = await readTimeline(pool, "warning", warningId);
    expect(timeline.map((entry) => entry.to)).toEqual([
      "draft",
      "sent",
      "sent",
      "sent",
      "delivered",
      "opened",
    ]);
    expect(timeline.at(-1)).toMatchObject({ actorKind: "party", actorId: null });
  });

  it("lists what still has to be sent, for a queue that forgot", async () => {
    const { deliveryIds } = await warn(warningFor(await confirmed(), { channels: ["log"] }));
    const [deliveryId = ""] = deliveryIds;
    const pending = async () =>
      (await listPendingDeliveries(pool, 100)).filter((task) => task.deliveryId === deliveryId).length;
    expect(await pending()).toBe(1);
    await withTx(pool, (tx) =>
      recordDelivery(tx, systemAct(), { deliveryId, state: "delivered", detail: {} }),
    );
    expect(await pending()).toBe(0);
  });

  it("sends one of ten simultaneous warnings", async () => {
    const incidentId = await confirmed();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => warn(warningFor(incidentId))));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect((await findIncident(pool, "every", incidentId))?.warnings).toHaveLength(1);
  });

  it("refuses a warning nobody may send, and keeps no trace of it", async () => {
    const incidentId = await confirmed();
    const reviewer = await makeUser(pool, ["content_reviewer"]);
    await expect(warn(warningFor(incidentId), userAct(reviewer))).rejects.toMatchObject({
      code: "permission.role_required",
    });
    await expect(warn(warningFor(incidentId, { minorFirst: false }))).rejects.toMatchObject({
      code: "warning.not_minor_first",
    });
    await expect(warn(warningFor(incidentId, { namesSomeone: true }), systemAct())).rejects.toMatchObject({
      code: "warning.person_required",
    });
    const pending = await makeIncident(pool, cameraId);
    await expect(warn(warningFor(pending))).rejects.toMatchObject({ code: "incident.illegal_move" });
    expect(await findIncident(pool, "every", incidentId)).toMatchObject({ state: "confirmed", warnings: [] });
  });

  it("knows nothing behind a wrong token", async () => {
    expect(await findWarningByTokenHash(pool, "f".repeat(64))).toBeUndefined();
    await expect(withTx(pool, (tx) => markWarningOpened(tx, party, "f".repeat(64)))).rejects.toMatchObject({
      code: "store.not_found",
    });
  });

  it("calls nothing uncorrected before the grace has run out", async () => {
    const { incidentId } = warningFor(await confirmed());
    await warn(warningFor(incidentId));
    const look = (at: number) =>
      withTx(pool, (tx) =>
        decideCorrection(tx, userAct(both, at), incidentId, {
          result: "not_corrected",
          note: "车辆仍停放在人行道上",
          recheckId: null,
        }),
      );
    await expect(look(graceUntil - 1)).rejects.toMatchObject({ code: "incident.grace_running" });
    await look(graceUntil);
    expect(await findIncident(pool, "every", incidentId)).toMatchObject({
      state: "not_corrected",
      warnings: [{ result: "not_corrected" }],
      recheck: { state: "cancelled" },
    });
  });

  it("orders in writing what was not heeded, with the document in the same transaction", async () => {
    const { incidentId } = warningFor(await confirmed());
    await warn(warningFor(incidentId));
    await withTx(pool, (tx) =>
      decideCorrection(tx, userAct(both, graceUntil), incidentId, {
        result: "not_corrected",
        note: "仍停放",
        recheckId: null,
      }),
    );
    const subjectKey = "a".repeat(64);
    const order = warningFor(incidentId, {
      level: 1,
      reason: "劝导后未改正",
      addressee: "老张面馆",
      channels: [{ channel: "sms", address: "13800000000", text: null }],
      audience: { kind: "vehicle_owner", subjectKey, partyId: null, plateTail: "345" },
    });
    const failing = () => Promise.reject(new Error("no number left"));
    const make = (issueOrder: WarningHooks["issueOrder"] & object) =>
      withTx(pool, (tx) => createWarning(tx, userAct(both), order, { issueOrder }));
    await expect(make(failing)).rejects.toThrow("no number left");
    expect(await findIncident(pool, "every", incidentId)).toMatchObject({ state: "not_corrected" });
    const issued: WrittenOrder[] = [];
    const { warningId } = await make((_tx, _act, written) => Promise.resolve(void issued.push(written)));
    expect(issued).toMatchObject([{ warningId, incidentId, addressee: "老张面馆", reason: "劝导后未改正" }]);
    expect(await findIncident(pool, "every", incidentId)).toMatchObject({
      state: "persuading",
      warnings: [
        { level: 0, result: "not_corrected" },
        { level: 1, result: null, audience: "vehicle_owner" },
      ],
      recheck: { state: "pending" },
    });
    await expect(make(failing)).rejects.toMatchObject({ code: "incident.illegal_move" });
  });

  it("leaves what names somebody to a person, also in the table itself", async () => {
    await expect(
      pool.query(
        `insert into warnings (id, incident_id, level, link_token_hash, letter_zh, letter_en, state, grace_until,
           created_at, audience, subject_key)
         values ('w', $1, 0, $2, '{}', '{}', 'draft', now(), now(), 'vehicle_owner', $2)`,
        [await confirmed(), "f".repeat(64)],
      ),
    ).rejects.toThrow(/check constraint/);
  });
});

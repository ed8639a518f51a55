import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withTx } from "../store/pool.ts";
import { claimIncident, confirmIncident, rejectIncident } from "../store/review-store.ts";
import { addSpeaker, type SpeakerFields } from "../store/speaker-store.ts";
import { readReviewedRecord } from "../store/warning-read-model.ts";
import {
  allYes,
  makeCamera,
  makeIncident,
  makeUser,
  type TestUser,
  userAct,
} from "../test-fixtures/store-builders.ts";
import { broadcastAlone } from "./broadcast.ts";
import { startTestWorker, type TestWorker } from "./testing/test-worker.ts";

const facts = {
  label: "car",
  score: 0.8,
  box: [0.4, 0.5, 0.6, 0.8],
  location: { lat: 30.6, lon: 104.1, place: "人民南路二段" },
  zone: { id: "pavement", polygon: [[0.1, 0.5]] },
  rule: { id: "parking", dwellSeconds: 60, graceSeconds: 600 },
  startedAt: "2026-03-10T00:53:20.000Z",
  dwellMs: 60_000,
  unobservedMs: 0,
  ledger: [],
  model: { id: "default", sha256: "c".repeat(64) },
};

describe("a loudspeaker that may speak by itself", () => {
  let worker: TestWorker;
  let person: TestUser;
  let at: number;
  beforeAll(async () => {
    worker = await startTestWorker();
    person = await makeUser(worker.context.pool, ["content_reviewer", "officer"]);
    at = worker.context.clock.now();
    // Two hundred reviews would take a minute to make.
    await worker.context.pool.query(
      `insert into parameter_settings (id, key, value, source, valid_from, valid_to, confirmed_by, confirmed_at)
       values ('par_1', 'broadcast.minReviewed', '5', 'test', '2020-01-01', null, $1, now())`,
      [person.userId],
    );
  });
  afterAll(() => worker.close());

  async function camera(speaker: Partial<SpeakerFields> = {}): Promise<string> {
    const { pool } = worker.context;
    const cameraId = await makeCamera(pool);
    const fields = {
      zoneId: null,
      transport: "mqtt",
      address: cameraId,
      alone: true,
      enabled: true,
    } as const;
    await withTx(pool, (tx) => addSpeaker(tx, userAct(person, at), { cameraId, ...fields, ...speaker }));
    return cameraId;
  }
  async function reviewed(cameraId: string, verdict: "confirm" | "reject", violation = "vehicle_sidewalk") {
    const { pool } = worker.context;
    const id = await makeIncident(pool, cameraId, { facts, violation });
    await withTx(pool, async (tx) => {
      const act = userAct(person, at);
      await claimIncident(tx, act, id);
      if (verdict === "confirm") await confirmIncident(tx, act, id, allYes);
      else await rejectIncident(tx, act, id, { reason: "false_detection", text: null, tests: {} });
    });
    return id;
  }
  const review = async (cameraId: string, confirms: number, rejects: number) => {
    for (let made = 0; made < rejects; made++) await reviewed(cameraId, "reject");
    for (let made = 0; made < confirms; made++) await reviewed(cameraId, "confirm");
  };

  it("asks a place, once, and names nobody, where the detector was right often enough", async () => {
    const { pool } = worker.context;
    const cameraId = await camera();
    await review(cameraId, 5, 0);
    const spoken = await broadcastAlone(worker.context);
    expect(spoken).toHaveLength(5);
    expect(await broadcastAlone(worker.context)).toEqual([]);
    const { rows } = await pool.query(
      `select warnings.audience, warnings.created_by, delivery.channel, delivery.address, delivery.text
       from warnings join warning_deliveries as delivery on delivery.warning_id = warnings.id
       where warnings.incident_id = $1`,
      [spoken[0]],
    );
    expect(rows).toEqual([
      {
        audience: "place",
        created_by: null,
        channel: "speaker_mqtt",
        address: cameraId,
        text: expect.stringContaining("请您"),
      },
    ]);
  });

  it("is silent below the measure, for want of reviews, where it is not let, and in matters of another kind", async () => {
    const wrongOften = await camera();
    await review(wrongOften, 5, 0);
    await reviewed(wrongOften, "reject");
    const hardlyKnown = await camera();
    await review(hardlyKnown, 4, 0);
    const notLet = await camera({ alone: false });
    await review(notLet, 5, 0);
    const other = await camera();
    await review(other, 4, 0);
    await reviewed(other, "confirm", "waste_pile");
    expect(await broadcastAlone(worker.context)).toEqual([]);
    expect(
      await readReviewedRecord(worker.context.pool, {
        cameraId: wrongOften,
        violation: "vehicle_sidewalk",
        limit: 200,
      }),
    ).toEqual({
      reviewed: 6,
      confirmed: 5,
    });
  });

  it("is measured by the latest reviews only", async () => {
    const cameraId = await camera();
    at -= 3_600_000;
    await review(cameraId, 0, 3);
    at += 3_600_000;
    await review(cameraId, 5, 0);
    expect(await broadcastAlone(worker.context)).toHaveLength(5);
  });
});

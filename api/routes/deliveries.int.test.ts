import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordDelivery } from "../../store/delivery-store.ts";
import { withTx } from "../../store/pool.ts";
import { claimIncident, confirmIncident } from "../../store/review-store.ts";
import type { ApiClient } from "../../test-fixtures/api-client.ts";
import { allYes, makeUser, systemAct, userAct } from "../../test-fixtures/store-builders.ts";
import { startTestApi, type TestApi } from "../testing/test-api.ts";
import { waitingIncident } from "../testing/test-incidents.ts";

const patience = { timeout: 10_000, interval: 50 };

describe("dead letters", () => {
  let api: TestApi;
  let officer: ApiClient & { userId: string };
  beforeAll(async () => {
    api = await startTestApi();
    officer = await api.signedIn(["officer"]);
  });
  afterAll(() => api.close());

  /** A warning whose text message was given up. */
  async function deadLetter(): Promise<{ deliveryId: string; incidentId: string }> {
    const incidentId = await waitingIncident(api);
    const reviewer = userAct(await makeUser(api.pool, ["content_reviewer"]));
    await withTx(api.pool, (tx) => claimIncident(tx, reviewer, incidentId));
    await withTx(api.pool, (tx) => confirmIncident(tx, reviewer, incidentId, allYes));
    const { warningId } = (await officer.post(`/incidents/${incidentId}/warning`)).body;
    const { rows } = await api.pool.query(
      `update warning_deliveries set channel = 'sms', address = '13812345678'
       where warning_id = $1 returning id`,
      [warningId],
    );
    const deliveryId: string = rows[0].id;
    await withTx(api.pool, (tx) =>
      recordDelivery(tx, systemAct(), {
        deliveryId,
        state: "failed",
        deadReason: "unknown_outcome",
        detail: { fault: "the SMS gateway did not answer in time" },
      }),
    );
    return { deliveryId, incidentId };
  }

  it("are listed with what became of them, and with a hint of where they were to go", async () => {
    const { deliveryId, incidentId } = await deadLetter();
    const { items } = (await officer.get("/deliveries")).body;
    const item = items.find((each: { deliveryId: string }) => each.deliveryId === deliveryId);
    expect(item).toMatchObject({
      incidentId,
      level: 0,
      place: "人民南路二段",
      channel: "sms",
      addressMasked: "138****5678",
      state: "failed",
      deadReason: "unknown_outcome",
      fault: "the SMS gateway did not answer in time",
    });
    expect(item.violationName.zh).toEqual(expect.any(String));
    expect(JSON.stringify(items)).not.toContain("13812345678");
    expect((await officer.get("/deliveries?state=sent")).body.items).toEqual([]);
  });

  it("come page by page", async () => {
    await deadLetter();
    await deadLetter();
    const first = (await officer.get("/deliveries?limit=1")).body;
    const second = (await officer.get(`/deliveries?limit=1&cursor=${first.nextCursor}`)).body;
    expect(first.items[0].deliveryId).not.toBe(second.items[0].deliveryId);
    expect((await officer.get("/deliveries?cursor=guess")).status).toBe(400);
    expect((await officer.get("/deliveries?state=lost")).status).toBe(400);
  });

  it("are sent again once, by a person who is named on the timeline", async () => {
    const { deliveryId } = await deadLetter();
    const retried = await officer.post(`/deliveries/${deliveryId}/retry`);
    expect([retried.status, retried.body.state, retried.body.deadReason]).toEqual([200, "pending", null]);
    const job = () => api.context.producer.queue("notices").getJob(deliveryId);
    await expect.poll(async () => (await job())?.data, patience).toEqual({ deliveryId });
    const again = await officer.post(`/deliveries/${deliveryId}/retry`);
    expect([again.status, again.body.code]).toEqual([409, "delivery.not_failed"]);
    const { rows } = await api.pool.query(
      "select actor_id, detail from timeline_entries where action = 'delivery_retry'",
    );
    expect(rows).toMatchObject([{ actor_id: officer.userId, detail: { channel: "sms" } }]);
  });

  it("are nobody else's business", async () => {
    const { deliveryId } = await deadLetter();
    const elsewhere = await api.signedIn(["officer"], ["510108"]);
    expect((await elsewhere.get("/deliveries")).body).toEqual({ items: [], nextCursor: null });
    expect((await elsewhere.post(`/deliveries/${deliveryId}/retry`)).body.code).toBe("store.not_found");
    const administrator = await api.signedIn(["system_admin"]);
    expect((await administrator.get("/deliveries")).body.code).toBe("auth.forbidden");
    expect((await administrator.post(`/deliveries/${deliveryId}/retry`)).body.code).toBe("auth.forbidden");
  });
});

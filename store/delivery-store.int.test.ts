import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeUser, systemAct, testDay, userAct } from "../test-fixtures/store-builders.ts";
import { startTestWorker, type TestWorker } from "../workers/testing/test-worker.ts";
import { delayDelivery } from "./delivery-delay.ts";
import {
  findDelivery,
  findDeliveryItem,
  listDeliveries,
  listPendingDeliveries,
} from "./delivery-read-model.ts";
import { recordReceipt } from "./delivery-receipt.ts";
import { retryDelivery } from "./delivery-retry.ts";
import { claimDelivery, type DeliveryOutcome, recordDelivery } from "./delivery-store.ts";
import { withTx } from "./pool.ts";
import { readTimeline } from "./timeline-store.ts";

const minute = 60_000;

describe("deliveries", () => {
  let worker: TestWorker;
  let pool: pg.Pool;
  let deliveryId: string;
  let warningId: string;
  beforeAll(async () => {
    worker = await startTestWorker();
    pool = worker.context.pool;
  });
  afterAll(() => worker.close());
  beforeEach(async () => {
    const warned = await worker.warn(["speaker_mqtt"]);
    warningId = warned.warningId;
    deliveryId = warned.deliveryIds[0] ?? "";
    await pool.query("update warning_deliveries set address = 'spk-1' where id = $1", [deliveryId]);
  });

  const claim = (by = "worker-1", at = testDay) => claimDelivery(pool, { deliveryId, by, at });
  const record = (outcome: Omit<DeliveryOutcome, "deliveryId" | "detail">, at = testDay) =>
    withTx(pool, (tx) => recordDelivery(tx, systemAct(at), { deliveryId, detail: {}, ...outcome }));
  const hear = (played: boolean, address = "spk-1") =>
    withTx(pool, (tx) => recordReceipt(tx, systemAct(), { deliveryId, address, played }));
  const found = () => findDeliveryItem(pool, "every", deliveryId);
  const actions = async () =>
    (await readTimeline(pool, "warning", warningId)).map((entry) => entry.action).slice(1);

  it("are taken by one of ten at once, and not again while an attempt is under way", async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, (_, index) => claim(`worker-${index}`)));
    expect(claims.filter((attempt) => attempt !== null)).toEqual([1]);
    expect(await found()).toMatchObject({ state: "sending", attempts: 1 });
    await record({ state: "pending", attempt: 1 });
    expect(await claim()).toBe(2);
    await record({ state: "sent", attempt: 2 });
    expect(await claim()).toBeNull();
    expect(await found()).toMatchObject({ state: "sent", attempts: 2, deadAt: null });
  });

  it("believe a worker taken for dead that it did send, not that it failed", async () => {
    await claim();
    await record({ state: "pending", attempt: 1 });
    await claim("worker-2");
    await record({ state: "failed", attempt: 1 });
    expect(await found()).toMatchObject({ state: "sending", attempts: 2 });
    await record({ state: "sent", attempt: 1 });
    await record({ state: "failed", attempt: 2 });
    expect(await found()).toMatchObject({ state: "sent", attempts: 2 });
    expect(await actions()).toEqual(["delivery_pending", "delivery_sent"]);
  });

  it("keep why they were given up, and forget it when a person has them sent again", async () => {
    await claim();
    await record({ state: "failed", attempt: 1, deadReason: "unknown_outcome" }, testDay + minute);
    expect(await found()).toMatchObject({
      state: "failed",
      deadReason: "unknown_outcome",
      deadAt: "2026-03-10T01:01:00.000Z",
    });
    const officer = await makeUser(pool, ["officer"]);
    await withTx(pool, (tx) => retryDelivery(tx, userAct(officer), deliveryId));
    expect(await found()).toMatchObject({ state: "pending", deadReason: null, deadAt: null, attempts: 1 });
    const last = (await readTimeline(pool, "warning", warningId)).at(-1);
    expect(last).toMatchObject({
      action: "delivery_retry",
      actorId: officer.userId,
      from: "failed",
      to: "draft",
    });
    await expect(withTx(pool, (tx) => retryDelivery(tx, userAct(officer), deliveryId))).rejects.toMatchObject(
      {
        code: "delivery.not_failed",
      },
    );
  });

  it("are sent again by whoever may, where they may", async () => {
    await record({ state: "failed" });
    const reviewer = await makeUser(pool, ["content_reviewer"]);
    const elsewhere = await makeUser(pool, ["officer"], ["510108"]);
    const retry = (act: ReturnType<typeof systemAct>) =>
      withTx(pool, (tx) => retryDelivery(tx, act, deliveryId));
    await expect(retry(userAct(reviewer))).rejects.toMatchObject({ code: "permission.role_required" });
    await expect(retry(systemAct())).rejects.toMatchObject({ code: "permission.person_required" });
    await expect(retry(userAct(elsewhere))).rejects.toMatchObject({ code: "store.not_found" });
    expect(await found()).toMatchObject({ state: "failed" });
  });

  it("wait until a moment that is written down once", async () => {
    const until = testDay + 60 * minute;
    const wait = () =>
      withTx(pool, (tx) => delayDelivery(tx, systemAct(), { deliveryId, until, why: "quiet_hours" }));
    await wait();
    await wait();
    expect(await found()).toMatchObject({
      state: "pending",
      notBefore: "2026-03-10T02:00:00.000Z",
      attempts: 0,
    });
    expect(await actions()).toEqual(["delivery_delayed"]);
    // What waits longest comes last, so that it keeps nothing else from being queued again.
    const { deliveryIds } = await worker.warn(["log"]);
    const order = (await listPendingDeliveries(pool, 1_000)).map((task) => task.deliveryId);
    expect(order.indexOf(deliveryId)).toBeGreaterThan(order.indexOf(deliveryIds[0] ?? ""));
  });

  it("are delivered when the loudspeaker says so, whichever word comes first", async () => {
    await claim();
    expect(await hear(true)).toBe(true);
    expect(await found()).toMatchObject({ state: "sending" });
    await record({ state: "sent", attempt: 1 });
    expect(await found()).toMatchObject({ state: "delivered" });
    expect(await hear(true)).toBe(false);
    expect(await actions()).toEqual(["delivery_delivered"]);
  });

  it("end as a dead letter when it says that it could not", async () => {
    await claim();
    await record({ state: "sent", attempt: 1 });
    await hear(false);
    expect(await found()).toMatchObject({
      state: "failed",
      deadReason: "permanent",
      fault: expect.any(String),
    });
    expect(await actions()).toEqual(["delivery_sent", "delivery_failed"]);
  });

  it("that may have been sent are settled by the loudspeaker's word", async () => {
    await claim();
    await record({ state: "failed", attempt: 1, deadReason: "unknown_outcome" });
    expect(await hear(true)).toBe(true);
    expect(await found()).toMatchObject({ state: "delivered", deadReason: null });
  });

  it("hear neither another loudspeaker nor one that was told nothing", async () => {
    expect(await hear(true)).toBe(false);
    await claim();
    await record({ state: "sent", attempt: 1 });
    expect(await hear(true, "spk-2")).toBe(false);
    expect(await found()).toMatchObject({ state: "sent" });
  });

  it("go once to each loudspeaker of a warning", async () => {
    const add = (address: string | null) =>
      pool.query(
        `insert into warning_deliveries (id, warning_id, channel, address, state, updated_at)
         values ($1, $2, 'speaker_mqtt', $3, 'pending', now())`,
        [`dlv_${warningId}_${address}`, warningId, address],
      );
    await add("spk-2");
    await expect(add("spk-1")).rejects.toMatchObject({ code: "23505" });
    await add(null);
    await expect(pool.query("delete from warning_deliveries where address is null")).rejects.toThrow(
      /append-only/,
    );
    await pool.query(
      "update warning_deliveries set state = 'sent' where warning_id = $1 and address is null",
      [warningId],
    );
  });

  it("are listed by state, longest waiting first, page by page, in scope only", async () => {
    await record({ state: "failed" }, testDay + 5 * minute);
    const ids = [deliveryId];
    for (const at of [3, 4]) {
      const [id = ""] = (await worker.warn(["sms"])).deliveryIds;
      ids.push(id);
      await pool.query("update warning_deliveries set address = '13812345678' where id = $1", [id]);
      await withTx(pool, (tx) =>
        recordDelivery(tx, systemAct(testDay + at * minute), { deliveryId: id, state: "failed", detail: {} }),
      );
    }
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listDeliveries(pool, { scope: ["510107"], state: "failed", limit: 1, cursor });
      listed.push(...page.items.map((item) => item.deliveryId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const [first, second, third] = ids;
    expect(listed.filter((id) => ids.includes(id))).toEqual([second, third, first]);
    expect(new Set(listed).size).toBe(listed.length);
    expect((await findDeliveryItem(pool, "every", second ?? ""))?.addressMasked).toBe("138****5678");
    expect((await findDelivery(pool, second ?? ""))?.address).toBe("13812345678");
    const elsewhere = await listDeliveries(pool, {
      scope: ["510108"],
      state: "failed",
      limit: 9,
      cursor: null,
    });
    expect(elsewhere).toEqual({ items: [], nextCursor: null });
    expect(await findDeliveryItem(pool, ["510108"], deliveryId)).toBeUndefined();
  });
});

import type { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findDeliveryItem } from "../../store/delivery-read-model.ts";
import { retryDelivery } from "../../store/delivery-retry.ts";
import { claimDelivery } from "../../store/delivery-store.ts";
import { confirmParameter } from "../../store/parameter-store.ts";
import { withTx } from "../../store/pool.ts";
import { type JsonGateway, startJsonGateway } from "../../test-fixtures/json-gateway.ts";
import { startTestMailServer, type TestMailServer } from "../../test-fixtures/mail-server.ts";
import { startTestBroker, type TestBroker } from "../../test-fixtures/mqtt-broker.ts";
import { makeUser, testDay, userAct } from "../../test-fixtures/store-builders.ts";
import type { WorkerContext } from "../context.ts";
import { startRole } from "../start-role.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import { CLAIM_MS } from "./notice-claim.ts";

const phone = "13812345678";
const patience = { timeout: 20_000, interval: 50 };

describe("deliveries", () => {
  let worker: TestWorker;
  let pool: Pool;
  let sms: JsonGateway;
  let speakers: JsonGateway;
  let broker: TestBroker;
  let mail: TestMailServer;
  const clock = { at: testDay, now: () => clock.at };
  /** While it is set, nothing can be written down: the moment at which a worker dies. */
  let cutOff = false;

  beforeAll(async () => {
    [sms, speakers, broker, mail] = await Promise.all([
      startJsonGateway(),
      startJsonGateway(),
      startTestBroker(),
      startTestMailServer(),
    ]);
    worker = await startTestWorker({
      FOREWARN_SMS_URL: sms.url,
      FOREWARN_SPEAKER_URL: speakers.url,
      FOREWARN_MQTT_URL: broker.url,
      FOREWARN_SMTP_URL: mail.url,
      FOREWARN_SMTP_REQUIRE_TLS: "false",
      FOREWARN_MAIL_FROM: "notice@example.gov.cn",
    });
    pool = worker.context.pool;
    const context: WorkerContext = { ...worker.context, clock, pool: cuttable(pool) };
    startRole(context, "notice", worker.lifecycle);
  });
  afterAll(async () => {
    await worker.close();
    await Promise.all([sms.close(), speakers.close(), broker.stop(), mail.close()]);
  });
  beforeEach(() => {
    clock.at = testDay;
    cutOff = false;
    for (const gateway of [sms, speakers]) {
      gateway.received.length = 0;
      gateway.answers = [{ status: 200, body: { messageId: "m-1" } }];
      gateway.onReceived = () => undefined;
    }
    broker.said.length = 0;
    broker.confirms = true;
    broker.onSaid = () => undefined;
    mail.mails.length = 0;
  });

  /** The same pool, out of reach while `cutOff` is set. */
  function cuttable(real: Pool): Pool {
    return new Proxy(real, {
      get(target, name) {
        if (cutOff && (name === "connect" || name === "query"))
          return () => Promise.reject(new Error("the worker is dying"));
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  async function delivery(channel: string, address: string, text = "请您将车移走 {{link}}"): Promise<string> {
    const [id = ""] = (await worker.warn([channel])).deliveryIds;
    await pool.query("update warning_deliveries set address = $2, text = $3 where id = $1", [
      id,
      address,
      text,
    ]);
    return id;
  }
  /** Like the producer, with patience for a test: three tries, a moment apart. */
  async function queueQuickly(id: string): Promise<void> {
    const options = { jobId: id, attempts: 3, backoff: { type: "fixed", delay: 20 } };
    await worker.context.producer.queue("notices").add("notices", { deliveryId: id }, options);
  }
  const item = async (id: string) => findDeliveryItem(pool, "every", id);
  const jobState = async (id: string) =>
    (await worker.context.producer.queue("notices").getJob(id))?.getState();
  const becomes = (id: string, state: string) =>
    expect.poll(async () => (await item(id))?.state, patience).toBe(state);
  const idsAt = ({ received }: JsonGateway) => received.map(({ body }) => JSON.parse(body).id);

  it("carry their own words, with the link that is filled in only when they leave", async () => {
    const id = await delivery("sms", phone);
    await queueQuickly(id);
    await becomes(id, "sent");
    const { to, text } = JSON.parse(sms.received[0]?.body ?? "");
    expect(to).toBe(phone);
    expect(text).toMatch(/^请您将车移走 http:\/\/.+\/w\/[\w-]{43}$/);
  });

  it("are tried again with the same id until the gateway takes them", async () => {
    sms.answers = [{ status: 503 }, { status: 200, body: { messageId: "m-9" } }];
    const id = await delivery("sms", phone);
    await queueQuickly(id);
    await becomes(id, "sent");
    expect(idsAt(sms)).toEqual([id, id]);
    expect(await item(id)).toMatchObject({ attempts: 2, fault: null });
  });

  it("are dead letters at once when the gateway refuses them, and after the last try otherwise", async () => {
    sms.answers = [{ status: 400 }];
    const refused = await delivery("sms", phone);
    await queueQuickly(refused);
    await becomes(refused, "failed");
    expect(await item(refused)).toMatchObject({ attempts: 1, deadReason: "permanent" });
    await expect.poll(() => jobState(refused), patience).toBe("failed");
    expect(sms.received).toHaveLength(1);

    sms.answers = [{ status: 500 }];
    const tired = await delivery("sms", phone);
    await queueQuickly(tired);
    await becomes(tired, "failed");
    expect(await item(tired)).toMatchObject({ attempts: 3, deadReason: "exhausted" });
  });

  it("go out again when a person says so, and not before", async () => {
    sms.answers = [{ status: 400 }];
    const id = await delivery("sms", phone);
    await queueQuickly(id);
    await expect.poll(() => jobState(id), patience).toBe("failed");
    sms.answers = [{ status: 200 }];
    await worker.context.producer.sendNotice(id);
    await expect
      .poll(async () => (await worker.context.producer.queue("notices").getJob(id))?.attemptsMade, patience)
      .toBe(1);
    await expect.poll(() => jobState(id), patience).toBe("failed");
    expect(sms.received).toHaveLength(1);

    const officer = await makeUser(pool, ["officer"]);
    await withTx(pool, (tx) => retryDelivery(tx, userAct(officer), id));
    await worker.context.producer.sendNotice(id);
    await becomes(id, "sent");
    expect(idsAt(sms)).toEqual([id, id]);
  });

  it("are not said into the night: loudspeakers wait for the morning, messages go out", async () => {
    clock.at = Date.parse("2026-03-10T23:30:00+08:00");
    const spoken = await delivery("speaker_http", "spk-1");
    const written = await delivery("sms", phone);
    await Promise.all([spoken, written].map(queueQuickly));
    await becomes(written, "sent");
    await expect.poll(() => jobState(spoken), patience).toBe("delayed");
    expect(await item(spoken)).toMatchObject({
      state: "pending",
      attempts: 0,
      notBefore: "2026-03-10T23:00:00.000Z",
    });
    const job = await worker.context.producer.queue("notices").getJob(spoken);
    expect((job?.delay ?? 0) / 60_000).toBeCloseTo(450, 0);

    // A queue that was lost and armed again knows nothing of the wait; the delivery does.
    clock.at = Date.parse("2026-03-11T06:59:59+08:00");
    await job?.promote();
    await expect
      .poll(async () => (await item(spoken))?.state === "pending" && (await jobState(spoken)), patience)
      .toBe("delayed");
    expect(speakers.received).toEqual([]);
    clock.at = Date.parse("2026-03-11T07:00:00+08:00");
    await job?.promote();
    await becomes(spoken, "sent");
    expect(idsAt(speakers)).toEqual([spoken]);
    expect(JSON.parse(speakers.received[0]?.body ?? "").text).toBe("请您将车移走");
    expect(await item(spoken)).toMatchObject({ attempts: 1, notBefore: null });
  });

  it("keep the quiet hours that the agency has set", async () => {
    const reviewer = await makeUser(pool, ["legal_reviewer"]);
    await withTx(pool, (tx) =>
      confirmParameter(tx, userAct(reviewer), {
        key: "speaker.quietHours",
        value: "12:00–14:30",
        source: "本局公告",
        validFrom: "2026-04-01",
        validTo: null,
      }),
    );
    clock.at = Date.parse("2026-04-02T13:00:00+08:00");
    const id = await delivery("speaker_http", "spk-1");
    await queueQuickly(id);
    await expect.poll(() => jobState(id), patience).toBe("delayed");
    expect(await item(id)).toMatchObject({ notBefore: "2026-04-02T06:30:00.000Z" });
    clock.at = Date.parse("2026-04-02T23:00:00+08:00");
    const late = await delivery("speaker_http", "spk-1");
    await queueQuickly(late);
    await becomes(late, "sent");
  });

  it("wait for a broker that is away, and reach the loudspeaker once", async () => {
    await broker.stop();
    const id = await delivery("speaker_mqtt", "spk-1");
    await queueQuickly(id);
    await expect.poll(async () => (await item(id))?.fault, patience).toMatch(/broker cannot be reached/);
    await becomes(id, "failed");
    await broker.start();
    const officer = await makeUser(pool, ["officer"]);
    await withTx(pool, (tx) => retryDelivery(tx, userAct(officer), id));
    await worker.context.producer.sendNotice(id);
    await becomes(id, "sent");
    expect(broker.said.map(({ payload }) => JSON.parse(payload).deliveryId)).toEqual([id]);
  });

  it("are delivered when the loudspeaker has played them, also when it is quicker than the broker", async () => {
    const slow = await delivery("speaker_mqtt", "spk-1");
    await queueQuickly(slow);
    await becomes(slow, "sent");
    await broker.report("spk-9", { deliveryId: slow, state: "played" });
    await broker.report("spk-1", "not even JSON");
    await broker.report("spk-1", { deliveryId: "dlv_unknown" });
    await broker.report("spk-1", { deliveryId: slow, state: "played" });
    await becomes(slow, "delivered");

    const quick = await delivery("speaker_mqtt", "spk-2");
    broker.onSaid = async () => {
      await broker.report("spk-2", { deliveryId: quick });
      await expect
        .poll(async () => {
          const { rows } = await pool.query("select receipt from warning_deliveries where id = $1", [quick]);
          return rows[0]?.receipt;
        }, patience)
        .toMatchObject({ played: true });
    };
    await queueQuickly(quick);
    await becomes(quick, "delivered");

    broker.onSaid = () => undefined;
    const broken = await delivery("speaker_mqtt", "spk-3");
    await queueQuickly(broken);
    await becomes(broken, "sent");
    await broker.report("spk-3", { deliveryId: broken, state: "failed" });
    await becomes(broken, "failed");
  });

  it("that a dying worker has sent go out again with the same id where receivers drop repeats", async () => {
    sms.onReceived = () => {
      cutOff = sms.received.length === 1;
      setTimeout(() => {
        cutOff = false;
      }, 30).unref();
    };
    const id = await delivery("sms", phone);
    await worker.context.producer
      .queue("notices")
      .add("notices", { deliveryId: id }, { jobId: id, attempts: 50, backoff: { type: "fixed", delay: 20 } });
    await becomes(id, "sent");
    expect(idsAt(sms)).toEqual([id, id]);
    expect(await item(id)).toMatchObject({ attempts: 2 });
  });

  it("are left to a person where nobody drops repeats: the street is not told twice", async () => {
    speakers.onReceived = () => {
      cutOff = true;
      setTimeout(() => {
        cutOff = false;
      }, 30).unref();
    };
    const id = await delivery("speaker_http", "spk-1");
    await worker.context.producer
      .queue("notices")
      .add("notices", { deliveryId: id }, { jobId: id, attempts: 50, backoff: { type: "fixed", delay: 20 } });
    await becomes(id, "failed");
    expect(await item(id)).toMatchObject({ attempts: 1, deadReason: "unknown_outcome" });
    await expect.poll(() => jobState(id), patience).toBe("failed");
    expect(idsAt(speakers)).toEqual([id]);
  });

  it("may have been said when no answer comes, and then a person decides, too", async () => {
    speakers.answers = ["hang up"];
    const id = await delivery("speaker_http", "spk-1");
    await queueQuickly(id);
    await becomes(id, "failed");
    expect(await item(id)).toMatchObject({ deadReason: "unknown_outcome", attempts: 1 });
    broker.confirms = false;
    const other = await delivery("speaker_mqtt", "spk-1");
    await queueQuickly(other);
    await becomes(other, "failed");
    expect(await item(other)).toMatchObject({ deadReason: "unknown_outcome", attempts: 1 });
    expect([speakers.received.length, broker.said.length]).toEqual([1, 1]);
  });

  it("of another worker are its own until it cannot be at it any more", async () => {
    const id = await delivery("speaker_http", "spk-1");
    await claimDelivery(pool, { deliveryId: id, by: "another worker", at: clock.at });
    await queueQuickly(id);
    await expect.poll(() => jobState(id), patience).toBe("delayed");
    expect(await item(id)).toMatchObject({ state: "sending", attempts: 1 });
    clock.at += CLAIM_MS;
    await (await worker.context.producer.queue("notices").getJob(id))?.promote();
    await becomes(id, "failed");
    expect(await item(id)).toMatchObject({ deadReason: "unknown_outcome" });
    expect(speakers.received).toEqual([]);
  });

  it("leave no phone number, no mail address and no key in the log or on the timeline", async () => {
    sms.answers = [{ status: 200, body: { error: `${phone} is blocked` } }];
    mail.refusesWith = 550;
    const ids = [await delivery("sms", phone), await delivery("email", "zhang.san@example.cn")];
    await Promise.all(ids.map(queueQuickly));
    for (const id of ids) await expect.poll(() => jobState(id), patience).toBe("failed");
    const { rows } = await pool.query("select detail from timeline_entries");
    const everything = `${worker.log.join("")}${JSON.stringify(rows)}`;
    expect(everything).toContain(ids[0]);
    expect(everything).not.toMatch(/13812345678|zhang\.san|\/w\/[\w-]{43}/);
  });

  it("say what is not configured, for a person to see", async () => {
    const id = await delivery("webhook", "x");
    await queueQuickly(id);
    await becomes(id, "failed");
    expect((await item(id))?.fault).toMatch(/FOREWARN_WEBHOOK_URL/);
  });
});

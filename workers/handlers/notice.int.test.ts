import { createHmac } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashToken } from "../../runtime/warning-link.ts";
import { findDelivery } from "../../store/delivery-read-model.ts";
import { findWarningByTokenHash } from "../../store/warning-read-model.ts";
import { startRole } from "../start-role.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";

const secret = "shared with the gateway";
const patience = { timeout: 20_000, interval: 50 };

describe("notices", () => {
  let gateway: Server;
  let worker: TestWorker;
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  /** What the gateway answers next; the last one for ever. */
  let answers: number[] = [];

  beforeAll(async () => {
    const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      received.push({ headers: req.headers, body: await text(req) });
      const status = answers.length > 1 ? answers.shift() : answers[0];
      res.writeHead(status ?? 204, status === 302 ? { location: "/elsewhere" } : {}).end();
    };
    gateway = createServer((req, res) => void answer(req, res));
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    const { port } = gateway.address() as AddressInfo;
    worker = await startTestWorker({
      FOREWARN_WEBHOOK_URL: `http://127.0.0.1:${port}/notices`,
      FOREWARN_WEBHOOK_SECRET: secret,
      FOREWARN_PUBLIC_URL: "https://desk.example.gov.cn/",
    });
    startRole(worker.context, "notice", worker.lifecycle);
  });
  afterAll(async () => {
    await worker.close();
    gateway.closeAllConnections();
    await new Promise((resolve) => gateway.close(resolve));
  });
  beforeEach(() => {
    received.length = 0;
    answers = [204];
  });

  const deliveryOf = (deliveryId: string) => findDelivery(worker.context.pool, deliveryId);
  const stateOf = async (deliveryId: string) => (await deliveryOf(deliveryId))?.state;

  /** Like the producer, with patience for a test: three tries, a moment apart. */
  async function queueQuickly(deliveryId: string): Promise<void> {
    await worker.context.producer
      .queue("notices")
      .add(
        "notices",
        { deliveryId },
        { jobId: deliveryId, attempts: 3, backoff: { type: "fixed", delay: 20 } },
      );
  }
  async function warnBy(
    ...channels: string[]
  ): Promise<{ warningId: string; tokenHash: string; ids: string[] }> {
    const { warningId, tokenHash, deliveryIds } = await worker.warn(channels);
    return { warningId, tokenHash, ids: deliveryIds };
  }
  async function timelineOf(
    warningId: string,
  ): Promise<{ action: string; detail: Record<string, unknown> }[]> {
    const { rows } = await worker.context.pool.query(
      "select action, detail from timeline_entries where subject_id = $1 order by seq",
      [warningId],
    );
    return rows;
  }

  it("go to the gateway once, signed, with a link that opens the letter", async () => {
    const { warningId, tokenHash, ids } = await warnBy("webhook");
    await worker.context.producer.sendNotice(ids[0] ?? "");
    await expect.poll(() => stateOf(ids[0] ?? ""), patience).toBe("sent");
    expect(received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["x-forewarn-signature"]).toBe(
      `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    );
    const sent = JSON.parse(body);
    expect(Object.keys(sent).sort()).toEqual(["deliveryId", "link", "textEn", "textZh", "type", "warningId"]);
    expect(sent).toMatchObject({ type: "warning", deliveryId: ids[0], warningId });
    expect(sent.textZh).toContain("温馨提示");
    expect(sent.textEn).toContain("A friendly notice");
    const [, token = ""] = /^https:\/\/desk\.example\.gov\.cn\/w\/([\w-]{43})$/.exec(sent.link) ?? [];
    expect(hashToken(token)).toBe(tokenHash);
    expect(await findWarningByTokenHash(worker.context.pool, hashToken(token))).toMatchObject({
      warningId,
      state: "sent",
    });
  });

  it("are not sent again once they were taken over", async () => {
    const { ids } = await warnBy("webhook");
    const id = ids[0] ?? "";
    await queueQuickly(id);
    await expect.poll(() => stateOf(id), patience).toBe("sent");
    const queue = worker.context.producer.queue("notices");
    await expect.poll(async () => (await queue.getJob(id))?.getState(), patience).toBe("completed");
    await queue.remove(id);
    await queueQuickly(id);
    await expect.poll(async () => (await queue.getJob(id))?.getState(), patience).toBe("completed");
    expect(received).toHaveLength(1);
    expect((await deliveryOf(id))?.attempts).toBe(1);
  });

  it("are tried again while the gateway fails, and sent when it is back", async () => {
    answers = [500, 503, 200];
    const { warningId, ids } = await warnBy("webhook");
    await queueQuickly(ids[0] ?? "");
    await expect.poll(() => stateOf(ids[0] ?? ""), patience).toBe("sent");
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(await timelineOf(warningId)).toMatchObject([
      { action: "create" },
      { action: "delivery_pending", detail: { fault: "the webhook answered 500" } },
      { action: "delivery_pending", detail: { fault: "the webhook answered 503" } },
      { action: "delivery_sent", detail: { status: 200 } },
    ]);
  });

  it("are given up after the last try, and the warning says so", async () => {
    answers = [500];
    const { warningId, tokenHash, ids } = await warnBy("webhook");
    const id = ids[0] ?? "";
    await queueQuickly(id);
    await expect.poll(() => stateOf(id), patience).toBe("failed");
    const queue = worker.context.producer.queue("notices");
    await expect.poll(async () => (await queue.getJob(id))?.getState(), patience).toBe("failed");
    expect(received).toHaveLength(3);
    expect((await timelineOf(warningId)).map(({ action }) => action)).toEqual([
      "create",
      "delivery_pending",
      "delivery_pending",
      "delivery_failed",
    ]);
    expect(await findWarningByTokenHash(worker.context.pool, tokenHash)).toMatchObject({ state: "failed" });
  });

  it("do not follow the gateway elsewhere: the link is a key", async () => {
    answers = [302];
    const { ids } = await warnBy("webhook");
    await queueQuickly(ids[0] ?? "");
    await expect.poll(() => stateOf(ids[0] ?? ""), patience).toBe("failed");
    expect(received).toHaveLength(3);
  });

  it("reach one channel though another fails", async () => {
    answers = [500];
    const { tokenHash, ids } = await warnBy("log", "webhook");
    await Promise.all(ids.map(queueQuickly));
    await expect.poll(() => Promise.all(ids.map(stateOf)), patience).toEqual(["sent", "failed"]);
    expect(await findWarningByTokenHash(worker.context.pool, tokenHash)).toMatchObject({ state: "sent" });
  });

  it("of a channel nobody knows fail at once, for there is nothing to wait for", async () => {
    const { warningId, ids } = await warnBy("pigeon");
    const id = ids[0] ?? "";
    await queueQuickly(id);
    await expect.poll(() => stateOf(id), patience).toBe("failed");
    expect(await timelineOf(warningId)).toMatchObject([
      { action: "create" },
      { action: "delivery_failed", detail: { fault: expect.stringContaining("pigeon") } },
    ]);
    const job = await worker.context.producer.queue("notices").getJob(id);
    await expect.poll(() => job?.getState(), patience).toBe("failed");
  });

  it("all go out, many at once", async () => {
    const warnings = await Promise.all(Array.from({ length: 12 }, () => warnBy("log")));
    const ids = warnings.flatMap((warning) => warning.ids);
    await Promise.all(ids.map(queueQuickly));
    await expect
      .poll(async () => new Set(await Promise.all(ids.map(stateOf))), patience)
      .toEqual(new Set(["sent"]));
    for (const id of ids) expect((await deliveryOf(id))?.attempts).toBe(1);
  });

  it("leave neither link nor secret in the log", async () => {
    const { warningId, ids } = await warnBy("log");
    await queueQuickly(ids[0] ?? "");
    await expect.poll(() => stateOf(ids[0] ?? ""), patience).toBe("sent");
    const everything = worker.log.join("");
    expect(everything).toContain(`"warningId":"${warningId}"`);
    expect(everything).not.toMatch(/\/w\/[\w-]{43}/);
    expect(everything).not.toContain(secret);
  });
});

import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findCameraAlarm } from "../../store/camera-health-read-model.ts";
import { readTimeline } from "../../store/timeline-store.ts";
import { makeCamera } from "../../test-fixtures/store-builders.ts";
import { startRole } from "../start-role.ts";
import { blindCamera } from "../testing/blind-camera.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";

const secret = "shared with the gateway";
const patience = { timeout: 20_000, interval: 50 };

describe("alarms", () => {
  let gateway: Server;
  let worker: TestWorker;
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  /** What the gateway answers next; the last one for ever. */
  let answers: number[] = [];

  beforeAll(async () => {
    gateway = createServer((req, res) => {
      void text(req).then((body) => {
        received.push({ headers: req.headers, body });
        const status = answers.length > 1 ? answers.shift() : answers[0];
        res.writeHead(status ?? 204).end();
      });
    });
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    const { port } = gateway.address() as AddressInfo;
    worker = await startTestWorker({
      FOREWARN_WEBHOOK_URL: `http://127.0.0.1:${port}/alarms`,
      FOREWARN_WEBHOOK_SECRET: secret,
    });
    startRole(worker.context, "alarm", worker.lifecycle);
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

  const alarmOf = (alarmId: string) => findCameraAlarm(worker.context.pool, alarmId);
  async function blinded(channel: string): Promise<{ cameraId: string; alarmId: string }> {
    const cameraId = await makeCamera(worker.context.pool);
    const [alarmId = ""] = await blindCamera(worker.context.pool, cameraId, [channel]);
    return { cameraId, alarmId };
  }
  const actionsOf = async (cameraId: string) =>
    (await readTimeline(worker.context.pool, "camera", cameraId)).map(({ action }) => action);

  it("go to the gateway once, signed, and say which camera shows nothing", async () => {
    const { cameraId, alarmId } = await blinded("webhook");
    await worker.context.producer.sendAlarm(alarmId);
    await expect.poll(async () => (await alarmOf(alarmId))?.state, patience).toBe("sent");
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    const hmac = createHmac("sha256", secret).update(body).digest("hex");
    expect(headers["x-forewarn-signature"]).toBe(`sha256=${hmac}`);
    const told: unknown = JSON.parse(body);
    expect(told).toMatchObject({ type: "camera_alarm", alarmId, cameraId, kind: "blind" });
    expect(body).toContain("画面过暗");
    expect(body).not.toMatch(/rtsp|hush/);
    expect(await actionsOf(cameraId)).toEqual(["add", "task_open", "alarm_sent"]);
    const queue = worker.context.producer.queue("alarms");
    const again = await queue.add("alarms", { alarmId }, { jobId: `${alarmId}-again` });
    await expect.poll(() => again.getState(), patience).toBe("completed");
    expect(received).toHaveLength(1);
  });

  it("are tried again until the gateway takes them", async () => {
    answers = [503, 204];
    const { alarmId } = await blinded("webhook");
    const queue = worker.context.producer.queue("alarms");
    await queue.add("alarms", { alarmId }, { attempts: 3, backoff: { type: "fixed", delay: 20 } });
    await expect.poll(() => alarmOf(alarmId), patience).toMatchObject({ state: "sent", attempts: 2 });
    expect(received).toHaveLength(2);
  });

  it("are given up on record when no try is left, or there is no such channel", async () => {
    answers = [500];
    const { cameraId, alarmId } = await blinded("webhook");
    const queue = worker.context.producer.queue("alarms");
    await queue.add("alarms", { alarmId }, { attempts: 2, backoff: { type: "fixed", delay: 20 } });
    await expect.poll(() => alarmOf(alarmId), patience).toMatchObject({ state: "failed", attempts: 2 });
    expect(await actionsOf(cameraId)).toEqual(["add", "task_open", "alarm_failed"]);
    const pigeon = await blinded("pigeon");
    await worker.context.producer.sendAlarm(pigeon.alarmId);
    await expect
      .poll(() => alarmOf(pigeon.alarmId), patience)
      .toMatchObject({ state: "failed", attempts: 1 });
  });

  it("go to the log", async () => {
    const { cameraId, alarmId } = await blinded("log");
    await worker.context.producer.sendAlarm(alarmId);
    await expect.poll(async () => (await alarmOf(alarmId))?.state, patience).toBe("sent");
    expect(worker.log.some((line) => line.includes(cameraId) && line.includes("shows nothing"))).toBe(true);
  });
});

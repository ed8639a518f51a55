import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closedPort, type JsonGateway, startJsonGateway } from "../../test-fixtures/json-gateway.ts";
import { startTestMailServer, type TestMailServer } from "../../test-fixtures/mail-server.ts";
import { startTestBroker, type TestBroker } from "../../test-fixtures/mqtt-broker.ts";
import { testDay } from "../../test-fixtures/store-builders.ts";
import type { WorkerContext } from "../context.ts";
import { startTestWorker, type TestWorker } from "../testing/test-worker.ts";
import type { Notice, Receipt } from "./channel.ts";
import { channels } from "./channels.ts";
import { postJson } from "./post-json.ts";

const phone = "13812345678";
const secret = "shared with the gateway";
const login = { user: "forewarn", password: "broker password" };
const permanent = { code: "delivery.permanent" };
const again = { code: "delivery.failed" };
const unknown = { code: "delivery.unknown_outcome" };

describe("channels", () => {
  let worker: TestWorker;
  let gateway: JsonGateway;
  let broker: TestBroker;
  let mail: TestMailServer;

  beforeAll(async () => {
    [gateway, broker, mail] = await Promise.all([
      startJsonGateway(),
      startTestBroker(login),
      startTestMailServer(),
    ]);
    worker = await startTestWorker({
      FOREWARN_SMS_URL: gateway.url,
      FOREWARN_SMS_SECRET: secret,
      FOREWARN_SPEAKER_URL: gateway.url,
      FOREWARN_SPEAKER_REPEAT: "3",
      FOREWARN_MQTT_URL: broker.url,
      FOREWARN_MQTT_USER: login.user,
      FOREWARN_MQTT_PASSWORD: login.password,
      FOREWARN_SMTP_URL: mail.url,
      FOREWARN_SMTP_REQUIRE_TLS: "false",
      FOREWARN_MAIL_FROM: "notice@example.gov.cn",
    });
  });
  afterAll(async () => {
    await worker.close();
    await Promise.all([gateway.close(), broker.stop(), mail.close()]);
  });
  beforeEach(() => {
    gateway.received.length = 0;
    gateway.answers = [{ status: 200, body: { messageId: "m-1" } }];
    broker.said.length = 0;
    broker.confirms = true;
    mail.mails.length = 0;
    mail.refusesWith = null;
  });

  /** Nine in the morning, unless another configuration or hour is asked for. */
  function send(
    channel: string,
    notice: Partial<Notice> = {},
    config: Partial<WorkerContext["config"]> = {},
    at = testDay,
  ): Promise<Receipt> {
    const context = {
      ...worker.context,
      config: { ...worker.context.config, ...config },
      clock: { now: () => at },
    };
    return (
      channels[channel]?.send({
        context,
        deliveryId: "dlv_1",
        warningId: "wrn_1",
        address: phone,
        subject: "温馨提示",
        text: "请您将车移走",
        textZh: "信",
        textEn: "letter",
        link: "https://desk.example/w/key",
        ...notice,
      }) ?? Promise.reject(new Error(`no channel ${channel}`))
    );
  }

  describe("sms", () => {
    it("hands the gateway number, text and id, signed, and keeps its message id", async () => {
      expect(await send("sms", { address: "138-1234 5678" })).toEqual({
        state: "sent",
        detail: { status: 200, messageId: "m-1" },
      });
      const [{ headers, body } = { headers: {}, body: "" }] = gateway.received;
      expect(JSON.parse(body)).toEqual({ to: phone, text: "请您将车移走", id: "dlv_1" });
      expect(headers["x-forewarn-signature"]).toBe(
        `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      );
    });

    it.each([
      [400, permanent],
      [403, permanent],
      [429, again],
      [408, again],
      [302, again],
      [500, again],
      [503, again],
    ])("takes a %i for what it is", async (status, fault) => {
      gateway.answers = [{ status }];
      await expect(send("sms")).rejects.toMatchObject(fault);
      expect(gateway.received).toHaveLength(1);
    });

    it("is refused for good by an error in a 200, of which only a code is told on", async () => {
      gateway.answers = [{ status: 200, body: { error: "BLOCKED_NUMBER" } }];
      await expect(send("sms")).rejects.toMatchObject({
        ...permanent,
        message: expect.stringContaining("BLOCKED_NUMBER"),
      });
      gateway.answers = [{ status: 200, body: { error: `${phone} is blocked` } }];
      await expect(send("sms")).rejects.toMatchObject({
        ...permanent,
        message: expect.not.stringContaining(phone),
      });
    });

    it.each(["", "<html>", "[]", { messageId: { a: 1 } }])(
      "counts a 200 that says nothing (%j) as taken over",
      async (body) => {
        gateway.answers = [{ status: 200, body }];
        expect(await send("sms")).toEqual({ state: "sent", detail: { status: 200, messageId: null } });
      },
    );

    it("was not sent when nobody listens, and perhaps when the line goes dead or stays silent", async () => {
      const smsUrl = `http://127.0.0.1:${await closedPort()}/send`;
      await expect(send("sms", {}, { smsUrl })).rejects.toMatchObject(again);
      gateway.answers = ["hang up"];
      await expect(send("sms")).rejects.toMatchObject(unknown);
      gateway.answers = ["keep silent"];
      const post = { receiver: "it", url: gateway.url, secret: undefined, timeoutMs: 50 };
      await expect(postJson(post, {})).rejects.toMatchObject(unknown);
    });

    it.each([null, "", "nobody", "138", "1381234567x"])("is not even tried for %j", async (address) => {
      await expect(send("sms", { address })).rejects.toMatchObject(permanent);
      expect(gateway.received).toEqual([]);
    });
  });

  describe("a loudspeaker over HTTP", () => {
    it("is told what to say, how often and until when", async () => {
      await send("speaker_http", { address: "spk-1" });
      expect(JSON.parse(gateway.received[0]?.body ?? "")).toEqual({
        to: "spk-1",
        id: "dlv_1",
        text: "请您将车移走",
        repeat: 3,
        notAfter: new Date(testDay + 15 * 60_000).toISOString(),
      });
    });

    it("is told to stop before the quiet hours", async () => {
      const at = Date.parse("2026-03-10T21:55:00+08:00");
      await send("speaker_http", { address: "spk-1" }, {}, at);
      expect(JSON.parse(gateway.received[0]?.body ?? "").notAfter).toBe("2026-03-10T14:00:00.000Z");
    });
  });

  describe("a loudspeaker over MQTT", () => {
    it("is told on its topic, once, and the broker confirms", async () => {
      expect(await send("speaker_mqtt", { address: "spk-1" })).toEqual({
        state: "sent",
        detail: { speakerId: "spk-1" },
      });
      expect(broker.said).toMatchObject([{ topic: "speakers/spk-1/say", qos: 1 }]);
      expect(JSON.parse(broker.said[0]?.payload ?? "")).toMatchObject({
        deliveryId: "dlv_1",
        text: "请您将车移走",
        repeat: 3,
      });
    });

    it.each(["#", "spk/1", "+", "", null, "x".repeat(65)])("is never the topic %j", async (address) => {
      await expect(send("speaker_mqtt", { address })).rejects.toMatchObject(permanent);
      expect(broker.said).toEqual([]);
    });

    it("may have been told when the broker goes before it confirms", async () => {
      broker.confirms = false;
      await expect(send("speaker_mqtt", { address: "spk-1" })).rejects.toMatchObject(unknown);
      expect(broker.said).toHaveLength(1);
    });

    it("was not told when there is no broker, or it lets nobody in", async () => {
      const mqttUrl = `mqtt://127.0.0.1:${await closedPort()}`;
      await expect(send("speaker_mqtt", { address: "spk-1" }, { mqttUrl })).rejects.toMatchObject(again);
      const mqttUser = "somebody";
      await expect(send("speaker_mqtt", { address: "spk-1" }, { mqttUser })).rejects.toMatchObject(again);
      expect(broker.said).toEqual([]);
    });
  });

  describe("mail", () => {
    const address = "zhang.san@example.cn";

    it("goes out with its own id, marked as nobody's personal letter", async () => {
      expect(await send("email", { address })).toEqual({ state: "sent", detail: {} });
      expect(mail.mails).toMatchObject([{ from: "notice@example.gov.cn", to: [address] }]);
      const source = mail.mails[0]?.source ?? "";
      expect(source).toContain("Message-ID: <dlv_1@example.gov.cn>");
      expect(source).toContain("Auto-Submitted: auto-generated");
      expect(source).toContain(Buffer.from("请您将车移走").toString("base64"));
    });

    it.each([
      [550, permanent],
      [451, again],
    ])("answered with %i says no address in its fault", async (code, fault) => {
      mail.refusesWith = code;
      const error = await send("email", { address }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(fault);
      expect(String(error)).not.toContain("zhang");
      expect((error as Error).cause).toBeUndefined();
      expect(mail.mails).toEqual([]);
    });

    it("does not go out unencrypted, nor to a server nobody vouches for", async () => {
      await expect(send("email", { address }, { smtpRequireTls: true })).rejects.toMatchObject(again);
      const other = await startTestMailServer("self-signed");
      const secrets = { ...worker.context.config.secrets, smtpUrl: other.url };
      await expect(send("email", { address }, { smtpRequireTls: true, secrets })).rejects.toMatchObject(
        again,
      );
      await other.close();
      expect([...mail.mails, ...other.mails]).toEqual([]);
    });

    it("waits for a server that is away, and not for an address that is none", async () => {
      const secrets = { ...worker.context.config.secrets, smtpUrl: `smtp://127.0.0.1:${await closedPort()}` };
      await expect(send("email", { address }, { secrets })).rejects.toMatchObject(again);
      for (const wrong of [null, "nobody", "a@b.cn, c@d.cn", "a@b.cn\r\nBcc: c@d.cn"])
        await expect(send("email", { address: wrong })).rejects.toMatchObject(permanent);
      expect(mail.mails).toEqual([]);
    });
  });

  it.each([
    ["sms", { smsUrl: undefined }],
    ["speaker_http", { speakerUrl: undefined }],
    ["speaker_mqtt", { mqttUrl: undefined }],
    ["email", { mailFrom: undefined }],
    ["webhook", {}],
  ])("say what is not configured: %s", async (channel, config) => {
    await expect(send(channel, { address: channel === "sms" ? phone : "spk-1" }, config)).rejects.toThrow(
      /FOREWARN_/,
    );
  });
});

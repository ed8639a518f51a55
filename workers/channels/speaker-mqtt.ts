import type { MqttClient } from "mqtt";
import { connectBroker } from "./broker.ts";
import type { Channel } from "./channel.ts";
import { DeliveryFailedError, UnknownOutcomeError } from "./delivery-errors.ts";
import { sayingOf, speakerIdOf } from "./speaker.ts";
import { listenForReceipts } from "./speaker-receipts.ts";

const TIMEOUT_MS = 10_000;

/**
 * Publishes `{deliveryId, text, repeat, notAfter}` to `speakers/‹id›/say`, QoS 1, and waits until the broker has it. A
 * loudspeaker may say on `speakers/‹id›/receipt` that it has played: see `listenForReceipts`.
 *
 * Each text has a connection of its own: a client that stays would keep what it could not publish, and publish it when
 * the broker is back, beside our own next attempt.
 */
export const speakerMqtt: Channel = {
  sounds: true,
  words: "speech",
  async send(notice) {
    const speakerId = speakerIdOf(notice);
    const saying = JSON.stringify(await sayingOf(notice));
    const client = connectBroker(notice.context, { reconnectPeriod: 0 });
    try {
      await connected(client);
      await listenForReceipts(notice.context);
      await published(client, `speakers/${speakerId}/say`, saying);
    } finally {
      client.end(true);
    }
    return { state: "sent", detail: { speakerId } };
  },
};

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (kind: string) => reject(new DeliveryFailedError(`the broker cannot be reached: ${kind}`));
    client.once("connect", () => resolve());
    // Stays for good: an error that nobody listens to ends the program.
    client.on("error", (error) => fail(kindOf(error)));
    client.once("close", () => fail("the connection was closed"));
  });
}

function published(client: MqttClient, topic: string, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const unknown = (why: string) => reject(new UnknownOutcomeError(`the broker did not confirm: ${why}`));
    const timer = setTimeout(() => unknown("no answer in time"), TIMEOUT_MS);
    const done = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    client.once("close", () => done(() => unknown("the connection was closed")));
    client.publish(topic, message, { qos: 1 }, (error) =>
      done(error ? () => unknown(kindOf(error)) : resolve),
    );
  });
}

function kindOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return code === undefined || code === "" ? error.name : String(code);
}

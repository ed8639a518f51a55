import { expect } from "vitest";
import type { WorkedApi } from "../../test-fixtures/worked-api.ts";
import type { Client } from "./case-api.ts";
import type { WatchedPlace } from "./watched-place.ts";

const patience = { timeout: 60_000, interval: 100 };

interface Delivery {
  readonly id: string;
  readonly channel: string;
  readonly state: string;
  readonly attempts: number;
}

/** What an officer does about warnings, over HTTP, and what comes of it. */
export class WarningDesk {
  readonly #world: WorkedApi;
  readonly #officer: Client;

  constructor(world: WorkedApi, officer: Client) {
    this.#world = world;
    this.#officer = officer;
  }

  async incident(id: string) {
    return (await this.#officer.get(`/incidents/${id}`)).body;
  }

  /** What comes next for an incident if it was the place's party. */
  async ladder(id: string, { partyId }: WatchedPlace) {
    return (await this.#officer.get(`/incidents/${id}/ladder?partyId=${partyId}`)).body;
  }

  warn(id: string, { partyId }: WatchedPlace, body: object = {}) {
    const audience = { kind: "responsible_party", partyId };
    return this.#officer.post(`/incidents/${id}/warning`, { audience, ...body });
  }

  /** Every mail to the place's party, whole. */
  mailsTo({ email }: WatchedPlace): string[] {
    return this.#world.mail.mails.filter(({ to }) => to.includes(email)).map(({ source }) => source);
  }

  async deliveries(id: string): Promise<Delivery[]> {
    const { rows } = await this.#world.api.pool.query<Delivery>(
      `select delivery.id, delivery.channel, delivery.state, delivery.attempts
       from warning_deliveries as delivery join warnings on warnings.id = delivery.warning_id
       where warnings.incident_id = $1 order by delivery.channel`,
      [id],
    );
    return rows;
  }

  /** Waits until each delivery of an incident got there: `email sent`. */
  async delivered(id: string, wanted: readonly string[]): Promise<void> {
    const states = async () => (await this.deliveries(id)).map(({ channel, state }) => `${channel} ${state}`);
    await expect.poll(states, patience).toEqual(wanted);
  }

  /** Runs the finished jobs of an incident's deliveries again, as after a worker that died at the very end. */
  async sendAgain(id: string): Promise<void> {
    const { producer } = this.#world.worker;
    const queue = producer.queue("notices");
    for (const { id: deliveryId } of await this.deliveries(id)) {
      const finished = async () => (await queue.getJob(deliveryId))?.getState();
      await expect.poll(finished, patience).toBe("completed");
      await queue.remove(deliveryId);
      await producer.sendNotice(deliveryId);
      await expect.poll(finished, patience).toBe("completed");
    }
  }

  /** The grace is over and the queues are armed again: the camera looks by itself. Resolves with that look. */
  async lookedAgain(id: string) {
    this.#world.api.clock.at = Date.parse((await this.incident(id)).graceUntil) + 1_000;
    await this.#world.rearm();
    const latest = async () => (await this.#officer.get(`/incidents/${id}/rechecks`)).body.items.at(-1);
    await expect.poll(async () => (await latest()).state, patience).toBe("done");
    return latest();
  }
}

/** A mail's words; ours are sent as base64 or quoted-printable. */
export function mailText(source = ""): string {
  const [head = "", ...rest] = source.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, "base64").toString("utf8");
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

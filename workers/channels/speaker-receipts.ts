import { z } from "zod";
import { newId } from "../../runtime/ids.ts";
import { recordReceipt } from "../../store/delivery-receipt.ts";
import { NotFoundError } from "../../store/errors.ts";
import { withTx } from "../../store/pool.ts";
import type { WorkerContext } from "../context.ts";
import { connectBroker } from "./broker.ts";

const TOPIC = "speakers/+/receipt";
const RECONNECT_MS = 2_000;
/** How long a text waits for the ear; it is said all the same. */
const READY_MS = 3_000;

const receiptSchema = z.object({
  deliveryId: z.string().min(1).max(80),
  state: z.enum(["played", "failed"]).default("played"),
});

interface Ear {
  /** The broker passes on what loudspeakers say; not while the connection is lost. */
  listening: boolean;
  readonly waiting: Set<() => void>;
}

/** One for each program, for as long as it runs. */
const ears = new WeakMap<AbortSignal, Ear>();

/**
 * From now on notes what loudspeakers say on `speakers/‹id›/receipt`: `{deliveryId, state}`, where `played` makes the
 * delivery delivered and `failed` a dead letter. Returns when the broker passes that on, or a little later without.
 */
export async function listenForReceipts(context: WorkerContext): Promise<void> {
  const ear = ears.get(context.signal) ?? openEar(context);
  ears.set(context.signal, ear);
  if (ear.listening) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer);
      ear.waiting.delete(go);
      resolve();
    };
    const timer = setTimeout(go, READY_MS);
    ear.waiting.add(go);
  });
}

function openEar(context: WorkerContext): Ear {
  const { signal, log } = context;
  const client = connectBroker(context, { reconnectPeriod: RECONNECT_MS });
  const ear: Ear = { listening: false, waiting: new Set() };
  client.on("connect", () => {
    client.subscribe(TOPIC, { qos: 1 }, (err) => {
      if (err) log.warn({ err }, "loudspeakers cannot report what they play");
      else ear.listening = true;
      for (const go of ear.waiting) go();
    });
  });
  client.on("close", () => {
    ear.listening = false;
  });
  // It connects again by itself; whoever sends learns of a lost broker first hand.
  client.on("error", (err) => log.debug({ err }, "loudspeaker broker"));
  client.on("message", (topic, message) => {
    note(context, topic, message.toString("utf8")).catch((err: unknown) =>
      log.warn({ err, topic }, "what a loudspeaker reported could not be noted"),
    );
  });
  signal.addEventListener("abort", () => void client.end(true), { once: true });
  if (signal.aborted) client.end(true);
  return ear;
}

async function note(context: WorkerContext, topic: string, message: string): Promise<void> {
  const [, speakerId = ""] = topic.split("/");
  const receipt = parse(message);
  if (receipt === null) {
    context.log.warn({ speakerId }, "a loudspeaker reports what is no receipt");
    return;
  }
  const { deliveryId, state } = receipt;
  const act = {
    actor: { kind: "system", name: "notice-worker" },
    scope: "every",
    at: context.clock.now(),
    newId,
  } as const;
  const counted = await withTx(context.pool, (tx) =>
    recordReceipt(tx, act, { deliveryId, address: speakerId, played: state === "played" }),
  ).catch((error: unknown) => {
    if (error instanceof NotFoundError) return false;
    throw error;
  });
  if (!counted) context.log.debug({ deliveryId, speakerId }, "a receipt that changes nothing");
}

function parse(message: string): z.output<typeof receiptSchema> | null {
  try {
    const parsed = receiptSchema.safeParse(JSON.parse(message));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

import pg from "pg";
import type { Log } from "../pipeline/domain/ports.ts";

const CHANNEL = "forewarn_timeline";

export interface FeedHandlers {
  /** One entry was committed. */
  onEntry(entryId: string): void;
  /** Listening, for the first time or once more: whatever was committed in between was not heard. */
  onListening(): void;
}

export interface Feed {
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Listens to the timeline on a connection of its own, and connects again whenever that is lost. */
export function openFeed(pool: pg.Pool, handlers: FeedHandlers, log: Log): Feed {
  let client: pg.Client | undefined;
  let wake: (() => void) | undefined;
  let closed = false;

  async function listen(): Promise<void> {
    client = new pg.Client({
      connectionString: pool.options.connectionString,
      application_name: "forewarn events",
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client?.once("end", resolve));
    client.on("error", (err) => log.warn({ err }, "event connection lost, a new one will be made"));
    client.on("notification", ({ payload }) => {
      const entry = entryOf(payload);
      if (entry !== undefined) handlers.onEntry(entry);
      else log.warn({}, "a notification of the database that names no entry was passed over");
    });
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    handlers.onListening();
    await ended;
  }

  async function run(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; !closed; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const began = performance.now();
      await listen().catch((err: unknown) => log.warn({ err }, "events cannot be listened to yet"));
      await client?.end().catch(() => undefined);
      if (performance.now() - began > LONGEST_WAIT_MS) waitMs = FIRST_WAIT_MS;
      if (!closed) await pause(waitMs);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    async close() {
      closed = true;
      wake?.();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}

/** Anybody who may sign in to the database may notify, and of anything. */
function entryOf(payload: string | undefined): string | undefined {
  try {
    const told: unknown = JSON.parse(payload ?? "");
    if (typeof told !== "object" || told === null || !("entry" in told)) return undefined;
    return typeof told.entry === "string" ? told.entry : undefined;
  } catch {
    return undefined;
  }
}

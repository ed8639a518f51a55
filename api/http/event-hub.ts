import type pg from "pg";
import type { Log } from "../../pipeline/domain/ports.ts";
import { scopePrefixes } from "../../store/act.ts";
import { type Feed, openFeed } from "../../store/event-feed.ts";
import {
  type EventKind,
  findEvents,
  listEventsAfter,
  newestPosition,
  positionOf,
  type Rights,
  readRightsOfSessions,
  readWorkCounts,
  type TimelineEvent,
} from "../../store/event-read-model.ts";
import { encodeCursor, type Position } from "../../store/page.ts";
import { TooManyAttemptsError } from "./errors.ts";
import { audibleKinds, mayHear, shownCounts, shownEvent } from "./event-view.ts";
import type { SseStream } from "./sse.ts";

/** Who listens, to what, and where they were. */
export interface Subscription {
  readonly sid: string;
  readonly rights: Rights;
  readonly kinds: readonly EventKind[];
  /** Where somebody who comes back was; null: from now on. */
  readonly after: Position | null;
  readonly stream: Pick<SseStream, "open" | "send" | "beat" | "close" | "onClose">;
}

interface Listener extends Subscription {
  rights: Rights;
  position: Position;
  /** Entries already sent: reading back meets them again. */
  readonly sent: Set<string>;
  /** Open. */
  isReady: boolean;
  countsDue: boolean;
  countsAfter: number;
  lastCounts: string;
}

export interface Pace {
  readonly batchMs: number;
  /** Counts come no faster. */
  readonly countsMs: number;
  readonly beatMs: number;
}

const PACE: Pace = { batchMs: 50, countsMs: 1_000, beatMs: 25_000 };
const STREAMS_PER_USER = 10;
const SENT_KEPT = 5_000;
/** Who missed more is told to read everything again. */
const CATCH_UP_LIMIT = 1_000;
const BATCH_SIZE = 500;
const BEGINNING: Position = { at: new Date(0), id: "" };

/**
 * Everybody who listens in this process, on one connection to the database that is open while anybody does. Sessions,
 * roles and regions are read again for each batch: who may no longer see something is not told of it. Where anything
 * goes wrong the streams are closed: browsers come back and say where they were, so nothing is lost, at worst told twice.
 */
export class EventHub {
  readonly #pool: pg.Pool;
  readonly #log: Log;
  readonly #pace: Pace;
  readonly #listeners = new Set<Listener>();
  readonly #heard = new Set<string>();
  #feed: Feed | undefined;
  #isListening = false;
  #beats: NodeJS.Timeout | undefined;
  #batch: NodeJS.Timeout | undefined;
  #counting: NodeJS.Timeout | undefined;
  /** One thing after another: a listener's start never falls into a batch. */
  #work: Promise<void> = Promise.resolve();

  constructor(pool: pg.Pool, log: Log, pace: Partial<Pace> = {}) {
    this.#pool = pool;
    this.#log = log;
    this.#pace = { ...PACE, ...pace };
  }

  /** Opens the stream once nothing can be missed any more, and keeps it supplied until it ends. Throws `TooManyAttemptsError` where somebody has too many. */
  join(subscription: Subscription): void {
    const { userId } = subscription.rights;
    const own = [...this.#listeners].filter((other) => other.rights.userId === userId);
    if (own.length >= STREAMS_PER_USER)
      throw new TooManyAttemptsError("Too many open event streams; close some pages 打开的页面过多", 60);
    const listener: Listener = {
      ...subscription,
      position: subscription.after ?? BEGINNING,
      sent: new Set(),
      isReady: false,
      countsDue: true,
      countsAfter: 0,
      lastCounts: "",
    };
    this.#listeners.add(listener);
    listener.stream.onClose(() => this.#leave(listener));
    this.#start();
    if (this.#isListening) this.#enqueue(() => this.#begin(listener));
  }

  #start(): void {
    if (this.#feed !== undefined) return;
    const feed = openFeed(
      this.#pool,
      {
        onEntry: (entryId) => {
          this.#heard.add(entryId);
          this.#scheduleBatch();
        },
        onListening: () => {
          if (this.#feed === feed) this.#onListening();
        },
      },
      this.#log,
    );
    this.#feed = feed;
    this.#beats = setInterval(() => this.#enqueue(() => this.#beat()), this.#pace.beatMs);
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0 || this.#feed === undefined) return;
    this.#feed.close().catch((err: unknown) => this.#log.warn({ err }, "event connection did not end well"));
    this.#feed = undefined;
    this.#isListening = false;
    this.#heard.clear();
    clearInterval(this.#beats);
    clearTimeout(this.#batch);
    clearTimeout(this.#counting);
    this.#batch = undefined;
    this.#counting = undefined;
  }

  #onListening(): void {
    this.#isListening = true;
    for (const listener of this.#listeners)
      this.#enqueue(() => (listener.isReady ? this.#catchUp(listener) : this.#begin(listener)));
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((err: unknown) => {
      this.#log.warn({ err }, "events could not be told; whoever listens comes back");
      for (const { stream } of this.#listeners) stream.close();
    });
  }

  async #begin(listener: Listener): Promise<void> {
    if (listener.isReady || !this.#listeners.has(listener)) return;
    if (listener.after === null) listener.position = (await newestPosition(this.#pool)) ?? BEGINNING;
    listener.stream.open();
    listener.isReady = true;
    if (listener.after !== null) await this.#catchUp(listener);
    await this.#sendCounts();
  }

  /** Sends what happened since the listener's position. */
  async #catchUp(listener: Listener): Promise<void> {
    if (!this.#listeners.has(listener)) return;
    await this.#refreshRights([listener]);
    if (!this.#listeners.has(listener)) return;
    const { rights, kinds, position } = listener;
    const audible = audibleKinds(rights.roles).filter((kind) => kinds.includes(kind));
    const events = await listEventsAfter(this.#pool, {
      scope: rights.regions,
      kinds: audible,
      after: position,
      limit: CATCH_UP_LIMIT + 1,
    });
    listener.countsDue = true;
    this.#scheduleCounts();
    if (events.length <= CATCH_UP_LIMIT) {
      for (const event of events) this.#tell(listener, event);
      return;
    }
    listener.position = (await newestPosition(this.#pool)) ?? position;
    listener.stream.send({ event: "reset", id: encodeCursor(listener.position), data: {} });
  }

  #scheduleBatch(): void {
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      this.#enqueue(() => this.#tellBatch());
    }, this.#pace.batchMs);
  }

  async #tellBatch(): Promise<void> {
    const entryIds = [...this.#heard].slice(0, BATCH_SIZE);
    for (const entryId of entryIds) this.#heard.delete(entryId);
    if (this.#heard.size > 0) this.#scheduleBatch();
    if (entryIds.length === 0) return;
    const events = await findEvents(this.#pool, entryIds);
    await this.#refreshRights([...this.#listeners]);
    for (const listener of this.#listeners) {
      if (!listener.isReady) continue;
      const heard = events.filter((event) => mayHear(listener.rights, event));
      // Also of kinds not asked for: what is counted has changed.
      if (heard.length > 0) listener.countsDue = true;
      for (const event of heard) if (listener.kinds.includes(event.kind)) this.#tell(listener, event);
    }
    this.#scheduleCounts();
  }

  #tell(listener: Listener, event: TimelineEvent): void {
    if (listener.sent.has(event.entryId)) return;
    listener.sent.add(event.entryId);
    const [oldest] = listener.sent;
    if (listener.sent.size > SENT_KEPT && oldest !== undefined) listener.sent.delete(oldest);
    listener.position = positionOf(event);
    listener.stream.send({
      event: "timeline",
      id: encodeCursor(listener.position),
      data: shownEvent(event),
    });
  }

  /** Closes the streams of those who signed out or were shut out since; gives the others the rights they have now. */
  async #refreshRights(listeners: readonly Listener[]): Promise<void> {
    const sids = listeners.map(({ sid }) => sid);
    const rights = await readRightsOfSessions(this.#pool, sids);
    for (const listener of listeners) {
      const now = rights.get(listener.sid);
      if (now !== undefined && now.userId === listener.rights.userId) listener.rights = now;
      else {
        // At once, not when the connection has ended: nothing more goes out to them.
        this.#leave(listener);
        listener.stream.close();
      }
    }
  }

  #scheduleCounts(): void {
    if (![...this.#listeners].some(({ isReady, countsDue }) => isReady && countsDue)) return;
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      this.#enqueue(() => this.#sendCounts());
    }, this.#pace.countsMs);
  }

  async #sendCounts(): Promise<void> {
    const now = performance.now();
    const due = [...this.#listeners].filter(
      (listener) => listener.isReady && listener.countsDue && listener.countsAfter <= now,
    );
    await this.#refreshRights(due);
    const byScope = new Map<string, ReturnType<typeof readWorkCounts>>();
    for (const listener of due.filter((one) => this.#listeners.has(one))) {
      const { regions, roles } = listener.rights;
      const scope = scopePrefixes(regions).sort().join();
      const counting = byScope.get(scope) ?? readWorkCounts(this.#pool, regions);
      byScope.set(scope, counting);
      const data = shownCounts(roles, await counting);
      listener.countsDue = false;
      listener.countsAfter = now + this.#pace.countsMs;
      if (JSON.stringify(data) === listener.lastCounts) continue;
      listener.lastCounts = JSON.stringify(data);
      listener.stream.send({ event: "counts", data });
    }
    this.#scheduleCounts();
  }

  async #beat(): Promise<void> {
    await this.#refreshRights([...this.#listeners]);
    for (const { stream } of this.#listeners) stream.beat();
  }
}

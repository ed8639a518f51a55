import type { Pool } from "pg";
import type { Logger } from "../../runtime/logger.ts";
import { StaleFenceError } from "../../store/errors.ts";
import { type Lease, renewLease } from "../../store/lease-store.ts";

/** Why a turn of watching ends: somebody else has the camera, or its zones, rules, source or switch changed. */
export type TurnEnd = "stale" | "changed";

export interface LeaseKeeperOptions {
  readonly pool: Pool;
  readonly log: Logger;
  readonly everyMs: number;
  /** Writes what a supervisor wants to know; its failures end nothing but a stale lease. */
  readonly onBeat: () => Promise<void>;
}

/**
 * Asks every few seconds whether the camera is still ours and still the same, and lets its state be written.
 * While Postgres is away nobody else can take the camera either, so watching goes on.
 */
export class LeaseKeeper {
  readonly #lease: Lease;
  readonly #options: LeaseKeeperOptions;
  readonly #turn = new AbortController();
  readonly #revision: string;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #end: TurnEnd | undefined;

  /** @param revision `LeaseNews.revision` read before the camera was */
  constructor(lease: Lease, revision: string, options: LeaseKeeperOptions) {
    this.#lease = lease;
    this.#revision = revision;
    this.#options = options;
    this.#arm();
  }

  /** Aborts when this turn is over. */
  get signal(): AbortSignal {
    return this.#turn.signal;
  }

  /** Why the turn was over; undefined while it is not. */
  get end(): TurnEnd | undefined {
    return this.#end;
  }

  /** One beat now, in its turn. */
  beat(): Promise<void> {
    this.#beating = this.#beating.then(() => this.#beat());
    return this.#beating;
  }

  /** A write of ours was refused: the same as a beat that finds the lease gone. */
  lost(): void {
    this.#finish("stale");
  }

  /** No more beats; waits for the one that is going on. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn.abort();
    await this.#beating;
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      void this.beat().then(() => {
        if (!this.#turn.signal.aborted) this.#arm();
      });
    }, this.#options.everyMs);
  }

  async #beat(): Promise<void> {
    const { pool, log, onBeat } = this.#options;
    try {
      const news = await renewLease(pool, this.#lease);
      if (!news.enabled || news.revision !== this.#revision) this.#finish("changed");
      await onBeat();
    } catch (err) {
      if (err instanceof StaleFenceError) this.#finish("stale");
      else log.warn({ err }, "the lease could not be renewed; watching goes on");
    }
  }

  #finish(why: TurnEnd): void {
    this.#end ??= why;
    this.#turn.abort();
  }
}

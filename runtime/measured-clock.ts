import type { Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./logger.ts";
import { type ClockOffset, measureClockOffset, type TimeServer } from "./sntp.ts";

const EVERY_MS = 10 * 60_000;
const TIMEOUT_MS = 3_000;
/** Clocks drift: a comparison older than this says nothing any more. */
const VALID_MS = 60 * 60_000;
/** A wall clock that moved by more against the one that only runs was set meanwhile. */
const SET_MS = 200;

/** What is known of this machine's clock. */
export interface MeasuredClock {
  /** The newest comparison with the time server; null where there is none, or none that still holds. */
  offset(): ClockOffset | null;
}

/** For whoever has no time server: nobody knows. */
export const unmeasuredClock: MeasuredClock = { offset: () => null };

/** The clocks of this machine, both in milliseconds. */
export interface Clocks {
  /** Unix time, which people and programs set. */
  wall(): number;
  /** Runs since some moment, and cannot be set. */
  running(): number;
}

const ownClocks: Clocks = { wall: Date.now, running: () => performance.now() };

/** Keeps the newest comparison for as long as it holds: not for ever, and not over a clock that was set. */
export class ClockComparison implements MeasuredClock {
  readonly #measure: () => Promise<ClockOffset>;
  readonly #clocks: Clocks;
  #newest: { readonly offset: ClockOffset; readonly atMs: number; readonly aheadMs: number } | undefined;

  constructor(measure: () => Promise<ClockOffset>, clocks: Clocks = ownClocks) {
    this.#measure = measure;
    this.#clocks = clocks;
  }

  /** Compares now. A comparison that fails leaves the one before it. @throws TimeServerError */
  async look(): Promise<void> {
    const aheadMs = this.#aheadMs();
    const offset = await this.#measure();
    // The clock was set while it was compared: the next look will tell.
    if (this.#wasSetSince(aheadMs)) return;
    this.#newest = { offset, aheadMs, atMs: this.#clocks.running() };
  }

  offset(): ClockOffset | null {
    const newest = this.#newest;
    if (newest === undefined || this.#wasSetSince(newest.aheadMs)) return null;
    return this.#clocks.running() - newest.atMs < VALID_MS ? newest.offset : null;
  }

  #aheadMs(): number {
    return this.#clocks.wall() - this.#clocks.running();
  }

  #wasSetSince(aheadMs: number): boolean {
    return Math.abs(this.#aheadMs() - aheadMs) > SET_MS;
  }
}

/** Compares the clock now and every ten minutes, until the program ends. */
export async function keepClockMeasured(
  server: TimeServer,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<MeasuredClock> {
  const comparison = new ClockComparison(() => measureClockOffset(server, { timeoutMs: TIMEOUT_MS }));
  const look = () =>
    comparison
      .look()
      .catch((err: unknown) =>
        log.warn({ err, server }, "the clock could not be compared with the time server"),
      );
  await look();
  const timer = setInterval(() => void look(), EVERY_MS);
  lifecycle.onClose("clock comparison", () => clearInterval(timer));
  return comparison;
}

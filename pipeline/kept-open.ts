import { AppError } from "./domain/errors.ts";
import type { Log } from "./domain/ports.ts";

/** Something that is not there now may be there after an installation, or when memory is free again. */
const RETRY_AFTER_MS = 60_000;

export interface KeptOpenOptions<Kept> {
  /** In the log. */
  readonly name: string;
  /** Null: there is none. */
  open(): Promise<Kept | null>;
  readonly log: Log;
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Something that is opened when it is first asked for and kept. When it cannot be opened, whatever the reason, there is none for a
 * minute; the next who asks after that has it tried again.
 */
export class KeptOpen<Kept extends { close(): Promise<void> }> {
  readonly #options: KeptOpenOptions<Kept>;
  readonly #now: () => number;
  #opening: Promise<Kept | null> | undefined;
  #failedAt: number | undefined;

  constructor(options: KeptOpenOptions<Kept>) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Never rejects. Null where there is none now; the log says why. */
  get(): Promise<Kept | null> {
    if (this.#failedAt !== undefined && this.#now() - this.#failedAt >= RETRY_AFTER_MS) {
      this.#failedAt = undefined;
      this.#opening = undefined;
    }
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** The one there is does not work any more: it is closed, and the next who asks gets another. */
  async drop(broken: Kept): Promise<void> {
    const opening = this.#opening;
    if ((await opening) !== broken || this.#opening !== opening) return;
    this.#opening = undefined;
    await this.#close(broken);
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const kept = await this.#opening;
    if (kept !== null && kept !== undefined) await this.#close(kept);
  }

  async #open(): Promise<Kept | null> {
    const { name, open, log } = this.#options;
    try {
      const kept = await open();
      if (kept !== null) return kept;
    } catch (err) {
      if (err instanceof AppError)
        log.warn({ err, name }, "a model cannot be opened; it is tried again later");
      else log.error({ err, name }, "a model cannot be opened; it is tried again later");
    }
    this.#failedAt = this.#now();
    return null;
  }

  async #close(kept: Kept): Promise<void> {
    try {
      await kept.close();
    } catch (err) {
      this.#options.log.warn({ err, name: this.#options.name }, "a model does not close");
    }
  }
}

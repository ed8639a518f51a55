import type { EpochMs } from "../pipeline/domain/types.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import { freeSpaceOf } from "./free-space.ts";

/** How soon a disk that fills up is noticed. */
const LOOK_EVERY_MS = 5_000;
/** Room for a tenth more than the limit, and it is taken for room again: a disk at the limit must not flutter. */
const ROOM_AGAIN = 1.1;

/** How the disk stands that evidence is written to. */
export interface DiskState {
  /** Nothing new may be recorded. */
  readonly full: boolean;
  /** Of the watched folder with the least; null where one of them cannot be asked. */
  readonly freeBytes: number | null;
  readonly folder: string;
  readonly since: EpochMs;
}

export interface DiskGuardOptions {
  /** Spool, rings and object store may lie on disks of their own. One that is not there yet counts as its parent. */
  readonly folders: readonly string[];
  /** Less is full. */
  readonly minFreeBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of every look. */
  readonly onLook?: (state: DiskState) => void;
  /** Free bytes below a folder; the file system's own answer where not given. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/**
 * Watches the room on the disks that evidence is written to. What is left below the limit belongs to what was begun:
 * candidates that are being sealed, bundles on their way to the object store, PostgreSQL where it shares the disk.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #state: DiskState;
  #change = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: DiskGuardOptions) {
    this.#options = options;
    const [folder = ""] = options.folders;
    this.#state = { full: false, freeBytes: null, folder, since: options.clock.now() };
  }

  /** Looks once, and from then on every few seconds until it is closed. */
  static async open(options: DiskGuardOptions): Promise<DiskGuard> {
    const guard = new DiskGuard(options);
    await guard.look();
    guard.#arm();
    return guard;
  }

  get state(): DiskState {
    return this.#state;
  }

  /** Aborts when a full disk has room again, or one with room is full. */
  get nextChange(): AbortSignal {
    return this.#change.signal;
  }

  /** Looks now. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  /** No more looks; waits for the one that is going on. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #arm(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#arm()), LOOK_EVERY_MS);
  }

  async #look(): Promise<void> {
    const { clock, log, minFreeBytes, onLook } = this.#options;
    const { freeBytes, folder } = await this.#leastRoom();
    const before = this.#state;
    const limit = before.full ? minFreeBytes * ROOM_AGAIN : minFreeBytes;
    const full = freeBytes === null || freeBytes < limit;
    this.#state = { full, freeBytes, folder, since: full === before.full ? before.since : clock.now() };
    onLook?.(this.#state);
    if (full === before.full) return;
    const facts = { folder, freeBytes, minFreeBytes };
    if (full)
      log.error(
        facts,
        "the disk is nearly full: nothing new is recorded until there is room. What is sealed stays; free or add space",
      );
    else log.info(facts, "the disk has room again: recording goes on");
    const changed = this.#change;
    this.#change = new AbortController();
    changed.abort();
  }

  async #leastRoom(): Promise<Pick<DiskState, "freeBytes" | "folder">> {
    const { folders, log, freeBytes: ask = freeSpaceOf } = this.#options;
    let least: Pick<DiskState, "freeBytes" | "folder"> = { freeBytes: null, folder: folders[0] ?? "" };
    for (const folder of folders) {
      try {
        const freeBytes = await ask(folder);
        if (least.freeBytes === null || freeBytes < least.freeBytes) least = { freeBytes, folder };
      } catch (err) {
        // A disk that is gone has no room either.
        log.error({ err, folder }, "nobody can say how much room the disk has");
        return { freeBytes: null, folder };
      }
    }
    return least;
  }
}

interface Watch {
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

/**
 * What this process watches. The queue may hand a camera out twice: its lock was lost with Redis, or ran out
 * while this process stood still. The later one then waits until the earlier one has let go.
 */
export class Watches {
  readonly #running = new Map<string, Watch>();

  #analysed = 0;
  #dropped = 0;

  /** How many cameras this process watches. */
  get size(): number {
    return this.#running.size;
  }

  /** Frames of any camera that were looked at, or that nobody had time for. */
  countFrames(analysed: number, dropped: number): void {
    this.#analysed += analysed;
    this.#dropped += dropped;
  }

  /** Share of frames dropped since the last call, 0–1. */
  takeDroppedShare(): number {
    const came = this.#analysed + this.#dropped;
    const share = came === 0 ? 0 : this.#dropped / came;
    this.#analysed = 0;
    this.#dropped = 0;
    return share;
  }

  /**
   * Runs `watch` when no earlier one of the same camera runs in this process any more. Its signal aborts when
   * `signal` does, or when a later one comes.
   */
  async alone<T>(
    cameraId: string,
    signal: AbortSignal,
    watch: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const earlier = this.#running.get(cameraId);
    earlier?.abort.abort();
    const done = (async () => {
      await earlier?.ended;
      return await watch(AbortSignal.any([signal, abort.signal]));
    })();
    // Whoever waits for it wants to know that it is over, not how.
    const ended = done.catch(() => undefined);
    const mine = { abort, ended };
    this.#running.set(cameraId, mine);
    try {
      return await done;
    } finally {
      if (this.#running.get(cameraId) === mine) this.#running.delete(cameraId);
    }
  }
}

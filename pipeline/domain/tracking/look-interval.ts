const REMEMBERED = 9;

/** Learns how far apart looks usually are: the median of the last nine gaps, so an outage does not count. */
export class LookInterval {
  readonly #gaps: number[];

  constructor(gapsSec: readonly number[] = []) {
    this.#gaps = [...gapsSec];
  }

  /** The gaps it remembers, in seconds. */
  get gapsSec(): readonly number[] {
    return this.#gaps;
  }

  add(sec: number): void {
    this.#gaps.push(sec);
    if (this.#gaps.length > REMEMBERED) this.#gaps.shift();
  }

  /** Seconds; 0 before the second look. */
  get sec(): number {
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}

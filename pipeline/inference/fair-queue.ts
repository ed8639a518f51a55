/**
 * What waits, in a line per key; the keys take turns. A key that brings more than the others waits for itself,
 * not they for it.
 */
export class FairQueue<T> {
  /** Lines that are not empty, the one whose turn it is first. */
  readonly #lines = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** How many wait under this key. */
  waiting(key: string): number {
    return this.#lines.get(key)?.length ?? 0;
  }

  push(key: string, item: T): void {
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, [item]);
    else line.push(item);
    this.#length++;
  }

  /** The oldest item of the key whose turn it is, which then goes to the end. */
  take(): T | undefined {
    for (const [key, line] of this.#lines) {
      this.#lines.delete(key);
      const item = line.shift();
      if (line.length > 0) this.#lines.set(key, line);
      this.#length--;
      return item;
    }
    return undefined;
  }

  /** Takes out everything. */
  drain(): T[] {
    const all = [...this.#lines.values()].flat();
    this.#lines.clear();
    this.#length = 0;
    return all;
  }
}

/** A ground that is over when it arrives means that this machine's clock is ahead: ask again, but not all the time. */
export const RECHECK_MS = 60_000;

/**
 * When a ground to see originals ends by this machine's clock.
 *
 * @param until ISO 8601, by the server's clock
 * @param arrivedAt when the server said so, by this machine's clock; milliseconds, as the result
 */
export function groundEnd(until: string, arrivedAt: number): number {
  const end = Date.parse(until);
  return end > arrivedAt ? end : arrivedAt + RECHECK_MS;
}

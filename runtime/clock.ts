/** Real time as an argument: pure code never calls Date.now() itself. */
export interface Clock {
  now(): number;
}
export const systemClock: Clock = { now: () => Date.now() };

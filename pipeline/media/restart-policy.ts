const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
const HEALTHY_MS = 60_000;

/** How often in a row a capture has ended without a healthy minute. */
export interface RestartState {
  readonly failures: number;
}

export const freshStart: RestartState = { failures: 0 };

/**
 * What to do after a capture ended: how long to wait, and the state to ask with next time. Doubles up to a
 * minute; starts over once a capture gave frames for a minute. Pure: `random` is 0–1 and takes off up to half,
 * so that a hundred cameras behind one switch do not come back in the same instant.
 */
export function nextRestart(
  state: RestartState,
  healthyForMs: number,
  random: number,
): { readonly delayMs: number; readonly state: RestartState } {
  const failures = healthyForMs >= HEALTHY_MS ? 0 : state.failures;
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 16));
  return { delayMs: Math.round(full * (1 - random / 2)), state: { failures: failures + 1 } };
}

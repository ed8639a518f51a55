const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const HEALTHY_MS = 60_000;
/** So many ends in a row without a healthy minute: the camera is not there, and trying often helps nobody. */
const BREAKS_AFTER = 10;
/** While it is broken: one try now and then. Short enough that a camera that is back is watched soon. */
const BROKEN_DELAY_MS = 90_000;

/** `open`: tried now and then only; the try itself is `half_open`. One healthy minute closes it again. */
export type Breaker = "closed" | "open" | "half_open";

/** How often in a row a capture has ended without a healthy minute. */
export interface RestartState {
  readonly failures: number;
}

export const freshStart: RestartState = { failures: 0 };

/**
 * What to do after a capture ended: how long to wait, and the state to ask with next time. Doubles up to half a
 * minute, then the breaker opens; starts over once a capture gave frames for a minute. Pure: `random` is 0–1 and
 * takes off up to half, so that a hundred cameras behind one switch do not come back in the same instant.
 */
export function nextRestart(
  state: RestartState,
  healthyForMs: number,
  random: number,
): { readonly delayMs: number; readonly state: RestartState } {
  const failures = healthyForMs >= HEALTHY_MS ? 0 : state.failures;
  const doubled = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 16));
  const next = { failures: failures + 1 };
  const full = isBroken(next) ? BROKEN_DELAY_MS : doubled;
  return { delayMs: Math.round(full * (1 - random / 2)), state: next };
}

/** The breaker between two tries (`trying` false) or during one. */
export function breakerOf(state: RestartState, trying: boolean): Breaker {
  if (!isBroken(state)) return "closed";
  return trying ? "half_open" : "open";
}

function isBroken({ failures }: RestartState): boolean {
  return failures >= BREAKS_AFTER;
}

import type { CaseClock, ClockKind, LocalDate } from "../clocks/clock.ts";

/** The clocks with every running one of these kinds ended, of whatever subject. */
export function endClocks(
  clocks: readonly CaseClock[],
  kinds: readonly ClockKind[],
  state: Exclude<CaseClock["state"], "running">,
  on: LocalDate,
): CaseClock[] {
  return clocks.map((clock) =>
    clock.state === "running" && kinds.includes(clock.kind) ? { ...clock, state, endedOn: on } : clock,
  );
}

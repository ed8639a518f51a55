import type { UseAuthority } from "../case/step-facts.ts";
import type { LocalDate } from "../clocks/clock.ts";
import { type CameraAuthority, inForceOn } from "./compliance-records.ts";

/**
 * What a camera's records of that day may be used for (行政处罚法 41, 46). Nothing granted, or what was granted has
 * expired: only a clue.
 */
export function useAuthorityOn(authorities: readonly CameraAuthority[], date: LocalDate): UseAuthority {
  return inForceOn(authorities, date)?.authority ?? "lead_only";
}

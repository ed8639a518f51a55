import type { CaseClock } from "../clocks/clock.ts";
import { lastDay } from "../clocks/due.ts";
import type { EpochMs } from "../local-time.ts";
import { MAX_WRONG_ANSWERS } from "./second-factor.ts";

/** What decides whether a link still opens. */
export interface LinkFacts {
  readonly expiresAt: EpochMs;
  readonly revokedAt: EpochMs | null;
  /** Wrong answers in a row. */
  readonly wrongAnswers: number;
}

/** How long a link holds unless the officer says otherwise, and at most, in days. Our own default, not law. */
export const LINK_DAYS = { usual: 90, most: 365 } as const;

const DAY_MS = 86_400_000;

export type LinkStanding = "open" | "locked" | "revoked" | "expired";

/** Revoked and expired come first: a lock on a dead link is no news. */
export function linkStanding(link: LinkFacts, now: EpochMs): LinkStanding {
  if (link.revokedAt !== null) return "revoked";
  if (now >= link.expiresAt) return "expired";
  return link.wrongAnswers >= MAX_WRONG_ANSWERS ? "locked" : "open";
}

/**
 * When a link ends: after so many days, but never before the day after the last of the party's own deadlines, so that no
 * right ends with the link (行政处罚法 41(3)).
 */
export function linkExpiry(now: EpochMs, days: number, clocks: readonly CaseClock[]): EpochMs {
  const ends = clocks
    .filter((clock) => clock.duty === "party" && clock.state === "running")
    // Midnight in Shanghai after the day that follows the last one.
    .map((clock) => Date.parse(`${lastDay(clock)}T00:00:00+08:00`) + 2 * DAY_MS);
  return Math.max(now + days * DAY_MS, ...ends);
}

import type { EpochMs } from "./types.ts";

/**
 * Asia/Shanghai as plain arithmetic: UTC+8 the year round since 1991-09-15, when its last summer time ended.
 * Instants before that are none of our business.
 */
const OFFSET_MS = 8 * 3_600_000;
export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Instant of the local midnight that begins the day of `at`. */
export function localMidnight(at: EpochMs): EpochMs {
  return Math.floor((at + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/** 1 Monday … 7 Sunday. */
export function localWeekday(at: EpochMs): number {
  const days = Math.floor((at + OFFSET_MS) / DAY_MS);
  // 1970-01-01 was a Thursday.
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

export function minutesMs(minutes: number): number {
  return minutes * MINUTE_MS;
}

/** `YYYY-MM-DD` in Asia/Shanghai. */
export function localDate(at: EpochMs): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 10);
}

/** Instant at which the local date begins; NaN when the text is no calendar date (2026-02-30 is none). */
export function startOfLocalDate(date: string): EpochMs {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN;
  const start = Date.parse(`${date}T00:00:00Z`) - OFFSET_MS;
  return Number.isFinite(start) && localDate(start) === date ? start : Number.NaN;
}

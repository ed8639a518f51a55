import type { EpochMs } from "../domain/types.ts";

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** `2026-01-01T04:00:00.000Z` */
export function isoUtc(at: EpochMs): string {
  return new Date(Math.round(at)).toISOString();
}

/** `2026-01-01 12:00:00 +08:00`: what people read on a copy. China has had no summer time since 1991. */
export function shanghaiTime(at: EpochMs): string {
  const local = new Date(Math.round(at) + SHANGHAI_OFFSET_MS).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} +08:00`;
}

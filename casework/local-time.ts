/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Legal dates are dates in Asia/Shanghai, which has kept UTC+8 without summer time since 1991. */
const OFFSET_MS = 8 * 3_600_000;

export interface LocalTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export function localTime(at: EpochMs): LocalTime {
  const shifted = new Date(at + OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  };
}

/** `2026-03-10` */
export function localDate(at: EpochMs): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 10);
}

/**
 * Last local date of a period of years that starts with the day of `at`: the same-numbered day, or the last
 * of its month where that day is missing (29 February). Not rolled over days off: that needs a calendar.
 */
export function lastDateAfterYears(at: EpochMs, years: number): string {
  const { year, month, day } = localTime(at);
  const daysInMonth = new Date(Date.UTC(year + years, month, 0)).getUTCDate();
  return new Date(Date.UTC(year + years, month - 1, Math.min(day, daysInMonth))).toISOString().slice(0, 10);
}

/** `2026年3月10日 09:05` */
export function formatZh(at: EpochMs): string {
  const { year, month, day } = localTime(at);
  return `${year}年${month}月${day}日 ${clock(at)}`;
}

/** `10 March 2026, 09:05` */
export function formatEn(at: EpochMs): string {
  const { year, month, day } = localTime(at);
  return `${day} ${MONTHS[month - 1]} ${year}, ${clock(at)}`;
}

function clock(at: EpochMs): string {
  return new Date(at + OFFSET_MS).toISOString().slice(11, 16);
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

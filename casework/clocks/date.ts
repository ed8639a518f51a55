import type { LocalDate } from "./clock.ts";

const DAY_MS = 86_400_000;

/** A day that exists, written `2026-03-10`. */
export function isLocalDate(text: string): text is LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && textOf(at) === text;
}

/** `days` later, or earlier where it is negative. Throws `RangeError` for what is no date. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return textOf(startOf(date) + whole(days) * DAY_MS);
}

/** The same-numbered day so many months later, or the last of that month where it lacks it (民法典 202). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = partsOf(date);
  const target = month - 1 + whole(months);
  const lastDay = new Date(Date.UTC(year, target + 1, 0)).getUTCDate();
  return textOf(Date.UTC(year, target, Math.min(day, lastDay)));
}

/** The same-numbered day so many years later; 29 February becomes 28 February where there is none. */
export function addYears(date: LocalDate, years: number): LocalDate {
  return addMonths(date, whole(years) * 12);
}

/** Days from `from` to `to`; negative when `to` comes first. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (startOf(to) - startOf(from)) / DAY_MS;
}

/** 1 Monday … 7 Sunday */
export function weekday(date: LocalDate): number {
  return new Date(startOf(date)).getUTCDay() || 7;
}

export function yearOf(date: LocalDate): number {
  return partsOf(date).year;
}

/** `2026年3月10日` */
export function formatDateZh(date: LocalDate): string {
  const { year, month, day } = partsOf(date);
  return `${year}年${month}月${day}日`;
}

function partsOf(date: LocalDate): { year: number; month: number; day: number } {
  const at = new Date(startOf(date));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** Epoch ms of its midnight in UTC: only a number to count days with. */
function startOf(date: LocalDate): number {
  if (!isLocalDate(date)) throw new RangeError(`"${date}" is not a date like 2026-03-10`);
  return Date.parse(`${date}T00:00:00Z`);
}

function textOf(at: number): LocalDate {
  const text = new Date(at).toISOString();
  // Years beyond four digits are written with a sign and would not compare as text.
  if (text.length !== 24) throw new RangeError(`${text} is beyond the years 0 to 9999`);
  return text.slice(0, 10);
}

function whole(count: number): number {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is not a whole number`);
  return count;
}

import type { ScheduleWindow } from "../pipeline/domain/types.ts";

const DAYS: readonly string[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY = `(?:${DAYS.join("|")})`;
const SHAPE = new RegExp(
  `^(${DAY}(?:-${DAY})?(?:,${DAY}(?:-${DAY})?)*) (\\d{2}):(\\d{2})-(\\d{2}):(\\d{2})$`,
);
const DAY_MINUTES = 24 * 60;

/**
 * `Mon-Fri,Sun 06:00-22:00`: weekdays (ranges may run over the weekend: Sat-Mon) and local times. An end that is
 * not later than the beginning lies on the next day; `00:00-24:00` is the whole day. Null when it is no such text.
 */
export function parseSchedule(text: string): ScheduleWindow | null {
  const match = SHAPE.exec(text.trim());
  if (match === null) return null;
  const [, dayText = "", fromHour = "", fromMin = "", toHour = "", toMin = ""] = match;
  const fromMinute = minuteOfDay(fromHour, fromMin);
  const toMinute = minuteOfDay(toHour, toMin);
  if (fromMinute === null || toMinute === null || fromMinute === DAY_MINUTES) return null;
  const days = [...new Set(dayText.split(",").flatMap(daysOf))].sort((a, b) => a - b);
  return { days, fromMinute, toMinute };
}

/** The window as text that `parseSchedule` reads. */
export function scheduleText({ days, fromMinute, toMinute }: ScheduleWindow): string {
  const names = days.map((day) => DAYS[day - 1] ?? "?").join(",");
  return `${days.length === 7 ? "Mon-Sun" : names} ${clockText(fromMinute)}-${clockText(toMinute)}`;
}

function daysOf(part: string): number[] {
  const [from = "", to = from] = part.split("-");
  const first = DAYS.indexOf(from);
  const last = DAYS.indexOf(to);
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ((first + index) % 7) + 1);
}

function minuteOfDay(hour: string, minute: string): number | null {
  const total = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && total <= DAY_MINUTES ? total : null;
}

function clockText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

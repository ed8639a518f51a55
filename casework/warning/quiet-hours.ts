import { type EpochMs, localTime } from "../local-time.ts";

/** When loudspeakers keep silent: minutes after local midnight, from (included) to (excluded), across midnight if need be. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const SHAPE = /^(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})$/;

/**
 * The parameter `speaker.quietHours` as it is written: `22:00–07:00`. Throws for anything else, and for a time that
 * could mean the whole day or none of it: a loudspeaker must not sound because nobody can read when it may not.
 */
export function parseQuietHours(text: string): QuietHours {
  const [, fromHour, fromMin, toHour, toMin] = SHAPE.exec(text.trim()) ?? [];
  const fromMinute = minuteOfDay(fromHour, fromMin);
  const toMinute = minuteOfDay(toHour, toMin);
  if (fromMinute === null || toMinute === null || fromMinute === toMinute)
    throw new Error(`quiet hours are written 22:00–07:00, not "${text}"`);
  return { fromMinute, toMinute };
}

/** `24:00` is the end of the day. */
function minuteOfDay(hour: string | undefined, minute: string | undefined): number | null {
  if (hour === undefined || minute === undefined) return null;
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= DAY_MINUTES ? minutes % DAY_MINUTES : null;
}

/** Whether a loudspeaker must keep silent at this moment (local time). */
export function isQuiet(at: EpochMs, { fromMinute, toMinute }: QuietHours): boolean {
  const now = minuteAt(at);
  return fromMinute < toMinute ? now >= fromMinute && now < toMinute : now >= fromMinute || now < toMinute;
}

/** The first moment from `at` on at which a loudspeaker may sound: `at` itself outside the quiet hours. */
export function quietUntil(at: EpochMs, quietHours: QuietHours): EpochMs {
  return isQuiet(at, quietHours) ? nextMinuteOfDay(at, quietHours.toMinute) : at;
}

/** The next moment after `at` at which quiet hours begin. */
export function quietFrom(at: EpochMs, { fromMinute }: QuietHours): EpochMs {
  return nextMinuteOfDay(at, fromMinute);
}

function minuteAt(at: EpochMs): number {
  const { hour, minute } = localTime(at);
  return hour * 60 + minute;
}

/** Local time has no summer time: every day has all its minutes. */
function nextMinuteOfDay(at: EpochMs, minute: number): EpochMs {
  const ahead = (minute - minuteAt(at) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return Math.floor(at / MINUTE_MS) * MINUTE_MS + ahead * MINUTE_MS;
}

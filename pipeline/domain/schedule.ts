import { DAY_MS, localMidnight, localWeekday, minutesMs, startOfLocalDate } from "./local-time.ts";
import type { EpochMs, Rule, ScheduleWindow } from "./types.ts";

/** A chain of windows that covers this long has no beginning worth looking for. */
const LOOK_BACK_MS = 8 * DAY_MS;

/**
 * Since when the rule has been in force without a break, at `at`: its schedule window (windows that touch are
 * one) and its effective dates taken together. `-Infinity` when it always was; null when it is not in force.
 */
export function inForceSince(
  rule: Pick<Rule, "schedule" | "effectiveFrom" | "effectiveTo">,
  at: EpochMs,
): EpochMs | null {
  const from =
    rule.effectiveFrom === undefined ? Number.NEGATIVE_INFINITY : startOfLocalDate(rule.effectiveFrom);
  const to = rule.effectiveTo === undefined ? Number.POSITIVE_INFINITY : startOfLocalDate(rule.effectiveTo);
  if (!(at >= from && at < to)) return null;
  if (rule.schedule.length === 0) return from;
  const opened = openSince(rule.schedule, at);
  return opened === null ? null : Math.max(opened, from);
}

function openSince(windows: readonly ScheduleWindow[], at: EpochMs): EpochMs | null {
  let opened = openingOf(windows, at);
  while (opened !== null && at - opened < LOOK_BACK_MS) {
    const earlier = openingOf(windows, opened - 1);
    if (earlier === null) return opened;
    opened = earlier;
  }
  return opened === null ? null : Number.NEGATIVE_INFINITY;
}

/** Opening of the earliest window that covers `at`, among those that began today or yesterday. */
function openingOf(windows: readonly ScheduleWindow[], at: EpochMs): EpochMs | null {
  const openings: EpochMs[] = [];
  for (const midnight of [localMidnight(at) - DAY_MS, localMidnight(at)]) {
    const weekday = localWeekday(midnight);
    for (const { days, fromMinute, toMinute } of windows) {
      if (!days.includes(weekday)) continue;
      const opens = midnight + minutesMs(fromMinute);
      const closes = midnight + minutesMs(toMinute) + (toMinute <= fromMinute ? DAY_MS : 0);
      if (at >= opens && at < closes) openings.push(opens);
    }
  }
  return openings.length === 0 ? null : Math.min(...openings);
}

import type { Period } from "../clocks/clock.ts";
import { type EpochMs, localDate } from "../local-time.ts";

/** Whom a warning was about, as a key that compares and tells nothing else. An anonymous place is no subject. */
export type SubjectKey = string;

/** One earlier incident of somebody. */
export interface EarlierIncident {
  readonly incidentId: string;
  readonly subject: SubjectKey;
  readonly violation: string;
  readonly occurredAt: EpochMs;
}

/**
 * How often the same subject did the same before, inside the window that ends with this incident's local day. An
 * incident counts once, however often it was warned about. No subject: nothing repeats.
 */
export function countRepeats(
  earlier: readonly EarlierIncident[],
  current: {
    readonly incidentId: string;
    readonly subject: SubjectKey | null;
    readonly violation: string;
    readonly occurredAt: EpochMs;
  },
  window: Period,
): number {
  const { subject, violation, occurredAt, incidentId } = current;
  if (subject === null) return 0;
  const from = windowStart(localDate(occurredAt), window);
  const counted = earlier.filter(
    (other) =>
      other.incidentId !== incidentId &&
      other.subject === subject &&
      other.violation === violation &&
      other.occurredAt <= occurredAt &&
      localDate(other.occurredAt) >= from,
  );
  return new Set(counted.map((other) => other.incidentId)).size;
}

/**
 * First local day of a window that ends with `day`: 30 days before 10 March begin on 8 February. Working days would
 * need a calendar; a window in them is read as calendar days, which is shorter and so the milder reading.
 */
export function windowStart(day: string, { count, unit }: Period): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  if (unit === "WD" || unit === "CD") return iso(Date.UTC(year, month - 1, date - count));
  const months = unit === "YR" ? count * 12 : count;
  const daysInMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 - months, Math.min(date, daysInMonth)));
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

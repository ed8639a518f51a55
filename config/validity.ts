import { z } from "zod";
import type { LocalDate } from "../casework/clocks/clock.ts";
import { isLocalDate } from "../casework/clocks/date.ts";

/** `2026-03-10`, a day that exists. Whoever counts with it can rely on that: what is no date stops the check there. */
export const localDateSchema = z
  .string()
  .refine(isLocalDate, { error: "must be a date like 2026-03-10", abort: true });

/** From the first day through the last; null: without a beginning, without an end. */
export interface Validity {
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
}

export function isInForce({ validFrom, validTo }: Validity, date: LocalDate): boolean {
  return (validFrom === null || validFrom <= date) && (validTo === null || date <= validTo);
}

export function isOrdered({ validFrom, validTo }: Validity): boolean {
  return validFrom === null || validTo === null || validFrom <= validTo;
}

export function overlap(one: Validity, other: Validity): boolean {
  return startsBeforeEnd(one, other) && startsBeforeEnd(other, one);
}

function startsBeforeEnd({ validFrom }: Validity, { validTo }: Validity): boolean {
  return validFrom === null || validTo === null || validFrom <= validTo;
}

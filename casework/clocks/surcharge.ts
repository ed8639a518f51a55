import type { Fen } from "../money.ts";
import type { LocalDate } from "./clock.ts";
import { addDays } from "./date.ts";

/**
 * What is added to a fine that is paid late (行政处罚法 72(1)(1)): so many thousandths of the fine a day, never more than the
 * fine itself. Whole fen; a fraction of one is dropped once, at the end, in the party's favour.
 */
export function surchargeFen({
  fineFen,
  permillePerDay,
  lateDays,
}: {
  readonly fineFen: Fen;
  readonly permillePerDay: number;
  readonly lateDays: number;
}): Fen {
  for (const value of [fineFen, permillePerDay, lateDays]) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${value}: a surcharge is computed from whole numbers, none below 0`);
  }
  const permille = permillePerDay * lateDays;
  if (permille >= 1000) return fineFen;
  // Thousands and rest apart, so that no amount of money leaves the safe integers.
  return Math.floor(fineFen / 1000) * permille + Math.floor(((fineFen % 1000) * permille) / 1000);
}

/** A time that does not count, both days included; `to` is null while it lasts. */
export interface UncountedTime {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/**
 * Days of delay on `asOf`, that day included, from the day after the last day to pay. The days of a review or a suit do not
 * count (行政处罚法 73(3)): from the day it was brought through the day it ended.
 */
export function lateDays({
  payDue,
  asOf,
  pauses,
}: {
  /** Last day to pay in time: the legal due date, rolled over days off. */
  readonly payDue: LocalDate;
  readonly asOf: LocalDate;
  readonly pauses: readonly UncountedTime[];
}): number {
  let days = 0;
  for (let day = addDays(payDue, 1); day <= asOf; day = addDays(day, 1)) {
    if (!pauses.some(({ from, to }) => from <= day && (to === null || day <= to))) days += 1;
  }
  return days;
}

import { lastDay } from "../clocks/due.ts";
import type { CaseFile, CorrectionOrder } from "./case-file.ts";

/**
 * Whether a re-check has found the act put right within its order's time (B-13, 行政处罚法 33). Not where another order was
 * disobeyed, or obeyed late: then the act went on.
 */
export function wasCorrectedInTime(file: CaseFile): boolean {
  const checked = file.orders.filter(({ recheck }) => recheck !== null);
  return checked.length > 0 && checked.every((order) => isObeyed(file, order));
}

/** Where the day named is a day off, the working day after it is still in time. */
function isObeyed({ clocks }: CaseFile, { orderId, dueOn, recheck }: CorrectionOrder): boolean {
  if (recheck?.corrected !== true) return false;
  const clock = clocks.find(({ kind, subject }) => kind === "correction" && subject === orderId);
  return recheck.on <= (clock === undefined ? dueOn : lastDay(clock));
}

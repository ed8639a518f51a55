import type { CaseClock, ClockKind, LocalDate } from "../clocks/clock.ts";
import { isLate } from "../clocks/due.ts";
import type { CaseFile, Notice } from "./case-file.ts";

/** The clock that the service of this notice started, running or not. */
export function windowOf(file: CaseFile, notice: Notice, kind: ClockKind): CaseClock | undefined {
  return file.clocks.findLast((clock) => clock.kind === kind && clock.subject === notice.docId);
}

/** Windows of the party that are still open: the last day is the party's. A waiver (行政处罚法 62) closes them. */
export function openWindows(file: CaseFile, notice: Notice, today: LocalDate): CaseClock[] {
  if (notice.waiver !== null) return [];
  const windows = [windowOf(file, notice, "statement"), windowOf(file, notice, "hearing_request")];
  return windows.filter((clock) => clock !== undefined).filter((clock) => !isLate(clock, today));
}

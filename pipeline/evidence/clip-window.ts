import type { Candidate } from "../domain/types.ts";

/** domain B.3: at least so much before and after the trigger. */
const MARGIN_SEC = 10;
/** Keeps a bundle of a long stay at a size that can be sent and looked at. */
const LONGEST_SEC = 120;

/** The stretch of the recording to keep, in seconds of the stream: the stay up to the trigger, capped, and 10 s after. */
export function clipWindow(candidate: Pick<Candidate, "startedAt" | "triggeredAt">): {
  startSec: number;
  endSec: number;
} {
  const trigger = candidate.triggeredAt.ptsSec;
  const endSec = trigger + MARGIN_SEC;
  const wanted = Math.min(candidate.startedAt.ptsSec, trigger - MARGIN_SEC);
  return { startSec: Math.max(0, wanted, endSec - LONGEST_SEC), endSec };
}

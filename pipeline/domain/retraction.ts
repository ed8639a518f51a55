import { num, record, type ShapeOf } from "./shape.ts";
import type { EpochMs } from "./types.ts";

/** A closer look did not bear a candidate out: until when the same thing is not suspected again. */
export const retractionShape = record({ times: num, until: num });
export type Retraction = ShapeOf<typeof retractionShape>;

const FIRST_PAUSE_MS = 60_000;
/** A box the detector keeps getting wrong costs one closer look an hour, no more. */
const LONGEST_PAUSE_MS = 3_600_000;

/** One more time: the pause doubles from a minute up to an hour. */
export function retractedAgain(before: Retraction | undefined, at: EpochMs): Retraction {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (before?.times ?? 0));
  return { times: Math.min((before?.times ?? 0) + 1, 16), until: at + pauseMs };
}

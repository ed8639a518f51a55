import type { Candidate, DwellSpan, EpochMs, Sighting } from "./domain/types.ts";

/** A picture right at the edge of what is recorded may be gone before it is taken. */
const EDGE_SEC = 2;

/**
 * The moments to take stills of, moved into what is still recorded. A stay that was long hidden, or that another
 * worker saw begin, may reach back further than the recording: the earliest moments at which it was observed and
 * recorded take the place of the lost ones. What stands still stands where it stood.
 * @param recordedFromSec start of the recording on the frames' time line
 */
export function recordedMoments(
  candidate: Pick<Candidate, "keySightings" | "ledger" | "box" | "score">,
  recordedFromSec: number,
): Candidate["keySightings"] {
  const { first, middle, trigger } = candidate.keySightings;
  const fromSec = Math.min(recordedFromSec + EDGE_SEC, trigger.at.ptsSec);
  if (first.at.ptsSec >= fromSec) return candidate.keySightings;
  const msAt = (ptsSec: number): EpochMs => trigger.at.capturedAt - (trigger.at.ptsSec - ptsSec) * 1000;
  const secAt = (at: EpochMs): number => trigger.at.ptsSec - (trigger.at.capturedAt - at) / 1000;
  const moment = (wanted: EpochMs): Sighting => {
    const capturedAt = nextObserved(candidate.ledger, wanted, trigger.at.capturedAt);
    return { at: { capturedAt, ptsSec: secAt(capturedAt) }, box: candidate.box, score: candidate.score };
  };
  const start = moment(msAt(fromSec));
  const half = (start.at.capturedAt + trigger.at.capturedAt) / 2;
  return {
    first: start,
    middle: middle.at.ptsSec > start.at.ptsSec ? middle : moment(half),
    trigger,
  };
}

function nextObserved(ledger: readonly DwellSpan[], wanted: EpochMs, latest: EpochMs): EpochMs {
  const span = ledger.find(({ kind, to }) => kind === "observed" && to > wanted);
  return Math.min(latest, Math.max(wanted, span?.from ?? latest));
}

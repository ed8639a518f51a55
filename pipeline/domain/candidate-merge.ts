import { intersectionArea, iou } from "./box.ts";
import { isAtPlace, mayBeReturn } from "./stationary.ts";
import type { Stay } from "./stay.ts";
import { groupOf } from "./tracking/label-groups.ts";

/** Two boxes of one kind that overlap by half cannot be two objects: the detector's own suppression removes such pairs. */
export const ONE_OBJECT_IOU = 0.5;
/** A track that was lost after a glimpse says less, so its box must fit better. */
const GLIMPSE_IOU = 0.55;
/** A track that strayed from its place and came back within this time had only been misread. */
const RETURN_MS = 15_000;
/** An empty place seen for less than this may be a detector's misses of what is half hidden. */
const EMPTY_MS = 10_000;

/**
 * Whether `later` is the object of `earlier`, found again under another track. Two standing cars side by side
 * or overlapping stay two: they are seen in the same frames, and overlap by less than half.
 * @param vanished true when `later` is not seen in the present frame, there or on its way elsewhere
 */
export function isSameObject(earlier: Stay, later: Stay, vanished: boolean): boolean {
  if (intersectionArea(earlier.box, later.box) === 0) return false;
  if (earlier.displaced && earlier.fired.length === 0) return false;
  if (groupOf(earlier.votes.mostFrequent() ?? "") !== groupOf(later.votes.mostFrequent() ?? "")) return false;
  if (earlier.isDoubtfulReturn(later.box)) return false;
  const overlap = iou(earlier.box, later.box);
  if (!later.isEstablished) {
    // While it is seen, wait until it is established. Gone again, it was a glimpse of what stands here.
    return vanished && later.appeared && !earlier.departing && !later.departing && overlap >= GLIMPSE_IOU;
  }
  if (later.departing) return false;
  const goneBefore = earlier.last.at.capturedAt < later.first.at.capturedAt;
  if (!goneBefore) return overlap >= ONE_OBJECT_IOU;
  if (earlier.departing || !later.appeared) {
    return overlap >= ONE_OBJECT_IOU && (isComeback(earlier, later) || isNeverSeenEmpty(earlier));
  }
  return isAtPlace(later.box, earlier.box) || mayBeReturn(later.box, earlier.box);
}

/**
 * A candidate was hidden all the time. When what hid it leaves, its track often jumps onto what comes to light, which
 * then seems to have driven there; and when it came, the track may have gone over to it.
 */
function isNeverSeenEmpty({ fired, departing, absence }: Stay): boolean {
  const hidden = absence.coveredMs > absence.emptyMs;
  return fired.length > 0 && absence.emptyMs < EMPTY_MS && (hidden || !departing);
}

/**
 * The place was left by its track. A track newly found there at once means the old one had jumped to a
 * passer-by; one that drove there is another vehicle, unless it is the very same track back from a misread box.
 */
function isComeback(earlier: Stay, later: Stay): boolean {
  if (later.first.at.capturedAt - earlier.last.at.capturedAt > RETURN_MS) return false;
  return later.appeared || later.trackIds.some((id) => earlier.trackIds.includes(id));
}

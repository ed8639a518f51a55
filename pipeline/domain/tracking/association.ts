import { area, iou } from "../box.ts";
import type { Box, Detection } from "../types.ts";
import { assignByGain } from "./assignment.ts";
import { stateBox } from "./kalman.ts";
import { groupOf } from "./label-groups.ts";
import { isPartOf } from "./place.ts";
import type { Track } from "./track.ts";

/** Least overlap for a confident detection, for a doubtful one, and for any with a standing object. */
const CONFIDENT_IOU = 0.3;
const DOUBTFUL_IOU = 0.5;
const STANDING_IOU = 0.5;
/** A box this many times larger or smaller is another object: a bus passing a parked car does not become it. */
const LARGEST_GROWTH = 2.5;
/** Share of its size by which a moving box is widened on every side before overlaps are taken (Yang et al. 2023). */
const MOTION_MARGIN = 0.2;

export interface Association {
  /** Track id → its detection. */
  readonly matched: ReadonlyMap<string, Detection>;
  readonly unmatched: readonly Detection[];
}

/**
 * Decides which detection is which track, in rounds from the surest to the least sure (after ByteTrack, Zhang
 * et al. 2022: doubtful detections only prolong what is already known):
 * 1. confident detections ↔ tracks seen in the last look, 2. ↔ lost tracks, 3. doubtful detections ↔ what is
 * left, 4. pieces of half-hidden standing objects, 5. anything left ↔ tracks not confirmed yet.
 */
export function associate(
  tracks: readonly Track[],
  detections: readonly Detection[],
  highScore: number,
  wasSeen: (track: Track) => boolean,
): Association {
  const matched = new Map<string, Detection>();
  const free = new Set(detections);
  const round = (
    candidates: (track: Track) => boolean,
    usable: (detection: Detection) => boolean,
    gain: (track: Track, detection: Detection) => number,
  ) => {
    const left = tracks.filter((track) => !matched.has(track.id) && candidates(track));
    const right = [...free].filter(usable);
    const gains = left.map((track) =>
      right.map((detection) => (track.group === groupOf(detection.label) ? gain(track, detection) : 0)),
    );
    for (const [row, column] of assignByGain(gains)) {
      const track = left[row];
      const detection = right[column];
      if (track === undefined || detection === undefined) continue;
      matched.set(track.id, detection);
      free.delete(detection);
    }
  };
  const confident = (detection: Detection) => detection.score >= highScore;
  const any = () => true;
  round((track) => track.confirmed && wasSeen(track), confident, overlapGain(CONFIDENT_IOU));
  round((track) => track.confirmed, confident, lostGain);
  round((track) => track.confirmed, any, overlapGain(DOUBTFUL_IOU));
  round((track) => track.confirmed && track.standing, any, partGain);
  round((track) => !track.confirmed, any, overlapGain(CONFIDENT_IOU));
  return { matched, unmatched: [...free] };
}

function overlapGain(least: number): (track: Track, detection: Detection) => number {
  return (track, { box }) => {
    if (!similarSize(track, box)) return 0;
    return Math.max(0, similarity(track, box) - (track.standing ? STANDING_IOU : least));
  };
}

/** What stands is compared exactly, by place or by filter; what moves with a margin for the unforeseen. */
function similarity(track: Track, box: Box): number {
  const predicted = stateBox(track.state);
  return track.standing
    ? Math.max(iou(predicted, box), iou(track.place.box, box))
    : iou(widened(predicted), widened(box));
}

/** A lost standing object can only be found where it stood; a lost moving one near where it was going. */
function lostGain(track: Track, detection: Detection): number {
  return track.standing
    ? Math.max(0, iou(track.place.box, detection.box) - STANDING_IOU)
    : overlapGain(CONFIDENT_IOU)(track, detection);
}

/** The largest piece wins. */
function partGain(track: Track, { box }: Detection): number {
  return isPartOf(track.place.box, box) ? area(box) / area(track.place.box) : 0;
}

function similarSize(track: Track, box: Box): boolean {
  const growth = area(box) / area(stateBox(track.state));
  return growth <= LARGEST_GROWTH && growth >= 1 / LARGEST_GROWTH;
}

function widened(box: Box): Box {
  const dx = MOTION_MARGIN * (box[2] - box[0]);
  const dy = MOTION_MARGIN * (box[3] - box[1]);
  return [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy];
}

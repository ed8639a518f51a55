import type { Box, Detection } from "../../domain/types.ts";
import { SUBJECT_IOU } from "./besides-subject.ts";
import { boxOverlap } from "./box-overlap.ts";
import { isTwoWheeler, isVehicle } from "./labels.ts";
import type { MaskSubject } from "./mask-subject.ts";

/** So many frames in a row may miss it: detectors blink. At two a second that is a second. */
const TOLERATED_FRAMES = 2;

/**
 * Follows through the frames of a clip, in order, whether the subject is still where it was seen. What stands clear in a copy
 * is what is found there, not the place: the next to come by is somebody else.
 */
export class SubjectPresence {
  #last: MaskSubject | null = null;
  #missed = 0;

  /**
   * @param expected where the subject was seen around this time; null: nowhere
   * @param objects what was found in the frame
   * @returns where it is in the frame; null: it is not there, so that nothing is excepted
   */
  at(expected: MaskSubject | null, objects: readonly Detection[]): MaskSubject | null {
    const found = expected === null ? undefined : bestMatch(expected, objects);
    if (expected !== null && found !== undefined) {
      this.#last = { box: found.box, label: expected.label };
      this.#missed = 0;
    } else if (!this.#isTolerated(expected)) this.#last = null;
    return this.#last;
  }

  #isTolerated(expected: MaskSubject | null): boolean {
    this.#missed += 1;
    if (expected === null || this.#last === null || this.#missed > TOLERATED_FRAMES) return false;
    return isSamePlace(this.#last.box, expected.box);
  }
}

function bestMatch({ box, label }: MaskSubject, objects: readonly Detection[]): Detection | undefined {
  return objects
    .filter((object) => isSameSort(object.label, label) && isSamePlace(object.box, box))
    .sort((one, other) => boxOverlap(other.box, box).iou - boxOverlap(one.box, box).iou)[0];
}

/** Detectors do not agree on what is a car and what a truck. */
function isSameSort(found: string, wanted: string): boolean {
  if (found === wanted) return true;
  return isVehicle(found) && isVehicle(wanted) && isTwoWheeler(found) === isTwoWheeler(wanted);
}

function isSamePlace(one: Box, other: Box): boolean {
  return boxOverlap(one, other).iou >= SUBJECT_IOU;
}

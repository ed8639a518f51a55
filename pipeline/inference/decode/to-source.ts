import { type PlacingFormat, placePicture } from "../../domain/place-picture.ts";
import type { CandidateBuffer } from "./candidate-buffer.ts";

/** x1, y1, x2, y2 (0–1 in the source picture), score, class index. */
export const FOUND_FIELDS = 6;

/**
 * Turns the chosen candidates from input pixels into 0–1 of the source picture: the stretch or the letterbox is
 * undone, what lies outside the picture is cut off, what lies in the padding alone is dropped.
 *
 * @returns FOUND_FIELDS numbers per detection, in the order of `chosen`
 */
export function toSource(
  candidates: CandidateBuffer,
  chosen: ArrayLike<number> & Iterable<number>,
  format: PlacingFormat,
  source: { readonly width: number; readonly height: number },
): Float64Array<ArrayBuffer> {
  const place = placePicture(format, source.width, source.height);
  const found = new Float64Array(chosen.length * FOUND_FIELDS);
  let to = 0;
  for (const index of chosen) {
    const box = index * 4;
    const x1 = unit(((candidates.boxes[box] as number) - place.left) / place.width);
    const y1 = unit(((candidates.boxes[box + 1] as number) - place.top) / place.height);
    const x2 = unit(((candidates.boxes[box + 2] as number) - place.left) / place.width);
    const y2 = unit(((candidates.boxes[box + 3] as number) - place.top) / place.height);
    if (x2 <= x1 || y2 <= y1) continue;
    found[to] = x1;
    found[to + 1] = y1;
    found[to + 2] = x2;
    found[to + 3] = y2;
    found[to + 4] = candidates.scores[index] as number;
    found[to + 5] = candidates.classes[index] as number;
    to += FOUND_FIELDS;
  }
  return found.slice(0, to);
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

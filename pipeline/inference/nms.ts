import type { CandidateBuffer } from "./decode/candidate-buffer.ts";

/** Indices of the candidates, best score first; equal scores keep the order of the model's own cells. */
export function byScore(candidates: CandidateBuffer, limit: number): Int32Array {
  const { scores, length } = candidates;
  const order = Int32Array.from({ length }, (_, index) => index);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  return order.subarray(0, limit);
}

/**
 * Class-aware greedy non-maximum suppression: of two boxes of one class that overlap by more than
 * `iouLimit` only the better stays. Boxes of different classes never suppress each other.
 *
 * @param order indices, best first
 * @returns the indices that stay, best first, at most `keep` of them
 */
export function suppress(
  candidates: CandidateBuffer,
  order: Int32Array,
  iouLimit: number,
  keep: number,
): number[] {
  const { boxes, classes } = candidates;
  const kept: number[] = [];
  for (const index of order) {
    if (kept.length === keep) break;
    const rival = kept.some(
      (better) => classes[better] === classes[index] && iouAt(boxes, better, index) > iouLimit,
    );
    if (!rival) kept.push(index);
  }
  return kept;
}

/** Intersection over union of two boxes of a flat array; 0 when one has no area. */
function iouAt(boxes: Float32Array, a: number, b: number): number {
  const i = a * 4;
  const j = b * 4;
  const ax1 = boxes[i] as number;
  const ay1 = boxes[i + 1] as number;
  const ax2 = boxes[i + 2] as number;
  const ay2 = boxes[i + 3] as number;
  const bx1 = boxes[j] as number;
  const by1 = boxes[j + 1] as number;
  const bx2 = boxes[j + 2] as number;
  const by2 = boxes[j + 3] as number;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared);
}

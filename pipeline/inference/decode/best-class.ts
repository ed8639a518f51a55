/**
 * Index of the highest of `count` scores, `step` apart from `from` on; −1 when every one is NaN. The first of
 * equal scores wins.
 */
export function bestClass(scores: Float32Array, from: number, count: number, step = 1): number {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0, at = from; index < count; index++, at += step) {
    const score = scores[at] as number;
    if (score > highest) {
      highest = score;
      best = index;
    }
  }
  return best;
}

/**
 * Measured accuracy of readings: the probabilities of a network are not shares of right answers, so they are looked up
 * here. Made with scripts/eval/plates.ts, explained in docs/plates.md.
 */
interface Bin {
  /** Probability of the reading from which it holds, 0–1. */
  readonly from: number;
  /** Share of right ones among the readings measured in this bin, 0–1. */
  readonly accuracy: number;
}

/** Below this nothing is suggested: a wrong number in front of a person is worse than none. */
export const LEAST_PROBABILITY = 0.7;
/** In a plate narrower than this, in pixels, the strokes of the province character run together. */
export const WIDE_PLATE = 70;

const NARROW: readonly Bin[] = [{ from: LEAST_PROBABILITY, accuracy: 0.88 }];
const WIDE: readonly Bin[] = [
  { from: LEAST_PROBABILITY, accuracy: 0.93 },
  { from: 0.95, accuracy: 0.99 },
];

/**
 * @param probability of a reading, 0–1
 * @param width of the plate in the picture it was read from, in pixels
 * @returns share of readings as sure as this that were right when measured, 0–1; null when it is too unsure to be said
 */
export function confidenceOf(probability: number, width: number): number | null {
  const bins = width < WIDE_PLATE ? NARROW : WIDE;
  return bins.findLast(({ from }) => probability >= from)?.accuracy ?? null;
}

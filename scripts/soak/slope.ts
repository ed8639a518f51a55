/** A straight line through points: its slope, and twice the standard error of that. */
export interface Slope {
  readonly slope: number;
  readonly plusMinus: number;
}

/**
 * One point for each whole number of x, the median of those there. Memory swings over many samples: taken as they come they
 * are not independent of each other, and the line would seem surer than it is.
 */
export function medianPerUnit(points: readonly { readonly x: number; readonly y: number }[]) {
  const units = new Map<number, number[]>();
  for (const { x, y } of points) units.set(Math.floor(x), [...(units.get(Math.floor(x)) ?? []), y]);
  return [...units].map(([x, of]) => {
    const sorted = of.sort((a, b) => a - b);
    return { x, y: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN };
  });
}

/** Least squares; NaN for fewer than three points or all of one x. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): Slope {
  const n = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, plusMinus: 2 * Math.sqrt(rest / (n - 2) / spread) };
}

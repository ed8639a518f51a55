/** A straight line through points: its slope, and twice the standard error of that. */
export interface Slope {
  readonly slope: number;
  readonly plusMinus: number;
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

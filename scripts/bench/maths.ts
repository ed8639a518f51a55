/** The middle of the values, or of the two in the middle. NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Largest distance from the median as a share of it: how far a figure can be trusted. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return Math.max(...values.map((value) => Math.abs(value - middle))) / middle;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Least squares through the points. NaN when they do not say where the line goes. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middleX = mean(points.map(([x]) => x));
  const middleY = mean(points.map(([, y]) => y));
  const square = points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0) / square;
  return { slope, intercept: middleY - slope * middleX };
}

/**
 * How cost grows from few to many: 1 when each one more costs the same, above it when they get dearer.
 * @param fixed what is spent with none at all
 */
export function growth(
  fixed: number,
  few: { readonly count: number; readonly cost: number },
  many: { readonly count: number; readonly cost: number },
): number {
  return (many.cost - fixed) / many.count / ((few.cost - fixed) / few.count);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

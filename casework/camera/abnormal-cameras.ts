/** How often a camera's captures of one matter occurred in the period; 0 counts too. */
export interface CaptureCount {
  readonly cameraId: string;
  /** Cameras that watch for the same matter are alike. */
  readonly violation: string;
  readonly captures: number;
}

export interface AbnormalCamera extends CaptureCount {
  /** Of all cameras that watch for this matter. */
  readonly median: number;
}

/**
 * Cameras with more than `times` the median of captures of those like them: somebody looks whether they, their place or their
 * rules are at fault. The worst first. Counts captures, never fines (行政处罚法 74).
 */
export function abnormalCameras(counts: readonly CaptureCount[], times: number): AbnormalCamera[] {
  return [...new Set(counts.map(({ violation }) => violation))]
    .flatMap((violation) => {
      const alike = counts.filter((count) => count.violation === violation);
      const median = medianOf(alike.map(({ captures }) => captures));
      return alike.filter(({ captures }) => captures > times * median).map((count) => ({ ...count, median }));
    })
    .sort((a, b) => b.captures - a.captures || (a.cameraId < b.cameraId ? -1 : 1));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

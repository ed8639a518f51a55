import { CELLS, cellOfPoint, POINTS } from "./frame-stats.ts";

/** Brightness steps below which nothing moves, however quiet the sensor. */
const LEAST_STEP = 8;
/** So many times the noise is no noise. */
const NOISE_FACTOR = 5;
/** Points of one cell (of 36) that must change: a person far away covers about as many. */
const MOVED_POINTS = 3;
/** Steps beyond which a point says nothing about the light when it is first fitted. */
const OUTLIER_STEP = 24;

/** The light is the same everywhere: one point of so many says enough, and no column is left out. */
const LIGHT_EVERY = 7;

/** Tells whether anything moved between a frame and the one analysed last. */
export class MotionGate {
  #analysed: Float32Array | undefined;

  /**
   * @param points the frame now
   * @param noise standard deviation of a point between frames in which nothing happens
   */
  moved(points: Float32Array, noise: number): boolean {
    const before = this.#analysed;
    if (before === undefined) return true;
    const { gain, lift } = lightChange(points, before);
    const limit = Math.max(LEAST_STEP, NOISE_FACTOR * noise * Math.SQRT2);
    const changed = new Uint8Array(CELLS);
    for (let point = 0; point < POINTS; point++) {
      const expected = gain * (before[point] ?? 0) + lift;
      if (Math.abs((points[point] ?? 0) - expected) <= limit) continue;
      const cell = cellOfPoint[point] ?? 0;
      const count = (changed[cell] ?? 0) + 1;
      if (count >= MOVED_POINTS) return true;
      changed[cell] = count;
    }
    return false;
  }

  /** This frame is being analysed: motion counts from here. */
  analysed(points: Float32Array): void {
    this.#analysed ??= new Float32Array(POINTS);
    this.#analysed.set(points);
  }
}

/** How the light changed as a whole, as a camera's exposure or a cloud does: `now ≈ gain × before + lift`. */
function lightChange(now: Float32Array, before: Float32Array): { gain: number; lift: number } {
  const rough = fitLight(now, before, 1, 0, Number.POSITIVE_INFINITY);
  return fitLight(now, before, rough.gain, rough.lift, OUTLIER_STEP);
}

/** Least squares over the points that lie no further than `within` from the line given. */
function fitLight(
  now: Float32Array,
  before: Float32Array,
  gain: number,
  lift: number,
  within: number,
): { gain: number; lift: number } {
  let [count, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (let point = 0; point < POINTS; point += LIGHT_EVERY) {
    const a = before[point] ?? 0;
    const b = now[point] ?? 0;
    if (Math.abs(b - gain * a - lift) > within) continue;
    count++;
    x += a;
    y += b;
    xx += a * a;
    xy += a * b;
  }
  if (count === 0) return { gain, lift };
  const spread = count * xx - x * x;
  // A flat picture has no contrast to fit a gain to.
  if (spread <= count * count) return { gain, lift: (y - gain * x) / count };
  const slope = (count * xy - x * y) / spread;
  return { gain: slope, lift: (y - slope * x) / count };
}

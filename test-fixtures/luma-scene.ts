import { CameraHealth } from "../pipeline/domain/health/camera-health.ts";
import type { HealthKind } from "../pipeline/domain/health/kinds.ts";
import { type FrameFormat, frameBytes } from "../pipeline/domain/ports.ts";

export const sceneFormat: FrameFormat = {
  width: 208,
  height: 118,
  pixelFormat: "yuv420p",
  resize: "stretch",
  padByte: 114,
};

/** Numbers 0–1 that are the same in every run. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NOISE_NUMBERS = 8_192;
const noiseNumbers: Float32Array = (() => {
  const random = seededNumbers(17);
  return Float32Array.from({ length: NOISE_NUMBERS }, () => (random() + random() + random() - 1.5) * 2);
})();

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly luma: number;
}

/** A street of many rectangles, 0–1 in its picture; another seed is another street. */
export function street(seed: number): readonly Rectangle[] {
  const random = seededNumbers(seed);
  const houses = Array.from({ length: 90 }, () => ({
    left: random() * 1.1 - 0.1,
    top: random() * 1.1 - 0.1,
    width: 0.03 + random() * 0.15,
    height: 0.04 + random() * 0.2,
    luma: 40 + random() * 160,
  }));
  return [{ left: -1, top: -1, width: 3, height: 3, luma: 110 }, ...houses];
}

export interface Look {
  /** Standard deviation of each pixel, about. */
  readonly noise?: number;
  readonly gain?: number;
  readonly lift?: number;
  /** To the right, share of the width. */
  readonly shift?: number;
  /** In front of everything. */
  readonly over?: readonly Rectangle[];
}

/** One frame of a scene, grey, in `sceneFormat`. */
export function drawScene(scene: readonly Rectangle[], look: Look, random: () => number): Uint8Array {
  const { noise = 2, gain = 1, lift = 0, shift = 0, over = [] } = look;
  const { width, height } = sceneFormat;
  const luma = new Float32Array(width * height);
  const paint = (rectangle: Rectangle, by: number): void => {
    const fromX = Math.max(0, Math.round((rectangle.left + by) * width));
    const toX = Math.min(width, Math.round((rectangle.left + by + rectangle.width) * width));
    const fromY = Math.max(0, Math.round(rectangle.top * height));
    const toY = Math.min(height, Math.round((rectangle.top + rectangle.height) * height));
    for (let y = fromY; y < toY; y++) luma.fill(rectangle.luma, y * width + fromX, y * width + toX);
  };
  for (const rectangle of scene) paint(rectangle, shift);
  for (const rectangle of over) paint(rectangle, 0);
  const pixels = new Uint8Array(frameBytes(sceneFormat)).fill(128);
  // Drawing a number per pixel would take most of the test's time.
  const stride = 1 + 2 * Math.floor(random() * 500);
  const start = Math.floor(random() * NOISE_NUMBERS);
  for (let at = 0; at < luma.length; at++) {
    const spread = (noiseNumbers[(start + at * stride) % NOISE_NUMBERS] ?? 0) * noise;
    pixels[at] = Math.min(255, Math.max(0, Math.round((luma[at] ?? 0) * gain + lift + spread)));
  }
  return pixels;
}

/** A camera that is fed with drawn frames, two a second. */
export class DrawnCamera {
  health: CameraHealth;
  readonly #random: () => number;
  #nowMs = 1_770_000_000_000;
  /** Every kind it was of, in order. */
  readonly kinds: HealthKind[] = [];
  motions = 0;

  constructor(seed: number, resume?: unknown) {
    this.health = new CameraHealth(resume);
    this.#random = seededNumbers(seed);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Shows a scene for some seconds; `look` may change with the seconds that have passed. */
  show(
    scene: readonly Rectangle[],
    seconds: number,
    look: Look | ((second: number) => Look) = {},
  ): HealthKind {
    for (let frame = 0; frame < seconds * 2; frame++)
      this.give(drawScene(scene, typeof look === "function" ? look(frame / 2) : look, this.#random));
    return this.health.kind;
  }

  give(pixels: Uint8Array): void {
    this.#nowMs += 500;
    const at = { capturedAt: this.#nowMs, ptsSec: 0 };
    const { kind, motion } = this.health.frame(pixels, sceneFormat, 1920, 1080, at);
    if (this.kinds.at(-1) !== kind) this.kinds.push(kind);
    if (motion) {
      this.motions++;
      this.health.analysed();
    }
  }
}

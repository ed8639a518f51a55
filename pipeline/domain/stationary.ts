import { area, boxHeight, boxWidth, iou, overlapOfSmaller } from "./box.ts";
import { boxShape, list, nullable, num, record, type ShapeOf } from "./shape.ts";
import type { Box, EpochMs } from "./types.ts";

/** Displaced by a third of its length a box still overlaps its old self by half; further is movement. */
const SAME_PLACE_IOU = 0.5;
/** A box cut by a passer-by, or grown around him, lies within the other one without being the other's size. */
const CUT_OVERLAP = 0.75;
const CUT_AREA_RATIO = 0.35;
/** For a new track at a remembered place less is asked: its first boxes are often cut. */
const RETURN_IOU = 0.4;
const RETURN_OVERLAP = 0.6;
const RETURN_AREA_RATIO = 0.5;

/** Of a vehicle on the very strip of ground: its wheels are as low in the picture, give or take a detector's jitter. */
const SAME_GROUND = 0.08;
const TAKEN_WIDTH = 0.25;

export const placeShape = record({ samples: list(boxShape), seen: num, stride: num, since: nullable(num) });
export type PlaceState = ShapeOf<typeof placeShape>;

/** Where an object stands, as one box that single jumps of the detector do not move. */
export interface Place {
  add(box: Box, at: EpochMs): void;
  readonly box: Box;
  state(): PlaceState;
}

/** True when a box seen now is the object that stands at `place`: jitter, cut and grown boxes allowed, creeping not. */
export function isAtPlace(box: Box, place: Box): boolean {
  if (iou(box, place) >= SAME_PLACE_IOU) return true;
  return overlapOfSmaller(box, place) >= CUT_OVERLAP && areaRatio(box, place) >= CUT_AREA_RATIO;
}

/** True when a track that appears at `box` may be the one that was lost at `place`. */
export function mayBeReturn(box: Box, place: Box): boolean {
  if (iou(box, place) >= RETURN_IOU) return true;
  return overlapOfSmaller(box, place) >= RETURN_OVERLAP && areaRatio(box, place) >= RETURN_AREA_RATIO;
}

/**
 * True when an object at `box` stands on part of the ground of `place`, without being what stood there: as big,
 * as low in the picture, and aside by more than jitter. Two vehicles cannot share ground, so the other is gone.
 */
export function takesGroundOf(box: Box, place: Box): boolean {
  if (mayBeReturn(box, place) || areaRatio(box, place) < RETURN_AREA_RATIO) return false;
  const height = Math.min(boxHeight(box), boxHeight(place));
  const shared = Math.min(box[2], place[2]) - Math.max(box[0], place[0]);
  return (
    Math.abs(box[3] - place[3]) <= SAME_GROUND * height &&
    shared >= TAKEN_WIDTH * Math.min(boxWidth(box), boxWidth(place))
  );
}

const ANCHOR_SAMPLES = 15;
const ANCHOR_LEAST = 5;
const ANCHOR_MS = 30_000;

/**
 * Median box of the first half minute. It settles while a car still rolls out, and then stays where it is: what
 * creeps away from it has moved, however slowly.
 */
export class Anchor implements Place {
  #samples: Box[] = [];
  #seen = 0;
  #stride = 1;
  #since: EpochMs | null = null;
  #box: Box = [0, 0, 0, 0];

  constructor(from?: PlaceState) {
    if (from === undefined) return;
    this.#samples = [...from.samples];
    this.#seen = from.seen;
    this.#stride = from.stride;
    this.#since = from.since;
    this.#box = medianBox(this.#samples);
  }

  state(): PlaceState {
    return { samples: this.#samples, seen: this.#seen, stride: this.#stride, since: this.#since };
  }

  get box(): Box {
    return this.#box;
  }

  add(box: Box, at: EpochMs): void {
    this.#since ??= at;
    if (at - this.#since > ANCHOR_MS && this.#samples.length >= ANCHOR_LEAST) return;
    if (this.#seen++ % this.#stride !== 0) return;
    this.#samples.push(box);
    if (this.#samples.length > ANCHOR_SAMPLES) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    this.#box = medianBox(this.#samples);
  }
}

const RECENT_SAMPLES = 5;

/** Median box of the last few sightings: the place of what may move about in its zone. */
export class RecentPlace implements Place {
  readonly #samples: Box[];
  #box: Box;

  constructor(from?: PlaceState) {
    this.#samples = [...(from?.samples ?? [])];
    this.#box = this.#samples.length === 0 ? [0, 0, 0, 0] : medianBox(this.#samples);
  }

  state(): PlaceState {
    return { samples: this.#samples, seen: this.#samples.length, stride: 1, since: null };
  }

  get box(): Box {
    return this.#box;
  }

  add(box: Box): void {
    this.#samples.push(box);
    if (this.#samples.length > RECENT_SAMPLES) this.#samples.shift();
    this.#box = medianBox(this.#samples);
  }
}

function areaRatio(a: Box, b: Box): number {
  const larger = Math.max(area(a), area(b));
  return larger === 0 ? 0 : Math.min(area(a), area(b)) / larger;
}

function medianBox(boxes: readonly Box[]): Box {
  const median = (side: 0 | 1 | 2 | 3) => {
    const sorted = boxes.map((box) => box[side]).sort((a, b) => a - b);
    const middle = (sorted.length - 1) / 2;
    return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  };
  return [median(0), median(1), median(2), median(3)];
}

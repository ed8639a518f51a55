import { iou } from "../../pipeline/domain/box.ts";
import type { Box } from "../../pipeline/domain/types.ts";

export interface LabelledBox {
  readonly label: string;
  readonly box: Box;
}
export interface ScoredBox extends LabelledBox {
  readonly score: number;
}
/** One picture: what is in it and what was found. */
export interface JudgedPicture {
  readonly truth: readonly LabelledBox[];
  readonly found: readonly ScoredBox[];
}

/** 0.50, 0.55 … 0.95 */
const IOU_LIMITS = Array.from({ length: 10 }, (_, index) => 0.5 + index * 0.05);
/** Detections of one class in one picture that count. */
const MAX_DETECTIONS = 100;
/** Precision is read at recall 0, 0.01 … 1. */
const RECALL_POINTS = 101;

/**
 * COCO's box metric: average precision at ten IoU limits, over the classes that occur in the truth. Crowd
 * regions are not modelled: the labels we have lost that flag.
 *
 * @returns `ap` at IoU 0.50:0.95 and `ap50`, both 0–1; NaN when the truth is empty
 */
export function averagePrecision(pictures: readonly JudgedPicture[]): { ap: number; ap50: number } {
  const labels = new Set(pictures.flatMap((picture) => picture.truth.map(({ label }) => label)));
  const perClass = [...labels].map((label) => {
    const own = pictures.map((picture) => ofLabel(picture, label));
    return IOU_LIMITS.map((limit) => classPrecision(own, limit));
  });
  return {
    ap: mean(perClass.map(mean)),
    ap50: mean(perClass.map(([first = 0]) => first)),
  };
}

function ofLabel(picture: JudgedPicture, label: string): JudgedPicture {
  return {
    truth: picture.truth.filter((box) => box.label === label),
    found: picture.found
      .filter((box) => box.label === label)
      .sort((a, b) => b.score - a.score)
      .slice(0, MAX_DETECTIONS),
  };
}

/** Average precision of one class at one IoU limit. */
function classPrecision(pictures: readonly JudgedPicture[], limit: number): number {
  const truths = pictures.reduce((sum, picture) => sum + picture.truth.length, 0);
  const verdicts = pictures.flatMap((picture) => match(picture, limit)).sort((a, b) => b.score - a.score);
  const precision: number[] = [];
  const recall: number[] = [];
  let right = 0;
  verdicts.forEach((verdict, index) => {
    if (verdict.right) right++;
    precision.push(right / (index + 1));
    recall.push(right / truths);
  });
  // The curve never rises to the left: each point counts with the best precision at its recall or beyond.
  for (let at = precision.length - 2; at >= 0; at--)
    precision[at] = Math.max(precision[at] ?? 0, precision[at + 1] ?? 0);
  return mean(
    Array.from({ length: RECALL_POINTS }, (_, point) => {
      const at = recall.findIndex((value) => value >= point / (RECALL_POINTS - 1));
      return at < 0 ? 0 : (precision[at] ?? 0);
    }),
  );
}

/** Each detection, best first, takes the free true box that it overlaps most. */
function match(picture: JudgedPicture, limit: number): { score: number; right: boolean }[] {
  const free = new Set(picture.truth);
  return picture.found.map(({ box, score }) => {
    let taken: LabelledBox | undefined;
    let best = limit;
    for (const truth of free) {
      const overlap = iou(truth.box, box);
      if (overlap < best) continue;
      best = overlap;
      taken = truth;
    }
    if (taken !== undefined) free.delete(taken);
    return { score, right: taken !== undefined };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

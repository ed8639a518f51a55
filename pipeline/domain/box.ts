import type { Box, Point } from "./types.ts";

/**
 * Box maths. Nothing here depends on the unit: 0–1 pictures and pixels give the same ratios. A box without
 * area has no overlap with anything.
 */

/** All four numbers finite, right of left, below of above. */
export function isUsableBox(box: Box): boolean {
  return box.every(Number.isFinite) && box[2] > box[0] && box[3] > box[1];
}

export function boxWidth(box: Box): number {
  return Math.max(0, box[2] - box[0]);
}

export function boxHeight(box: Box): number {
  return Math.max(0, box[3] - box[1]);
}

/** Area in squared units of the box; 0 for an inverted box. */
export function area(box: Box): number {
  return boxWidth(box) * boxHeight(box);
}

export function centre(box: Box): Point {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** Where an object touches the ground: the bottom centre of its box. */
export function groundPoint(box: Box): Point {
  return [(box[0] + box[2]) / 2, box[3]];
}

export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0–1. */
export function iou(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/** Share of the smaller box that lies inside the other, 0–1: 1 when one box is a part of the other. */
export function overlapOfSmaller(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  return shared === 0 ? 0 : shared / Math.min(area(a), area(b));
}

/** Share of `box` that `cover` hides, 0–1. */
export function coveredShare(box: Box, cover: Box): number {
  const shared = intersectionArea(box, cover);
  return shared === 0 ? 0 : shared / area(box);
}

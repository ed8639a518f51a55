import type { Box } from "../../domain/types.ts";

/** How two boxes lie in each other, each number 0–1. */
export interface BoxOverlap {
  /** Intersection over union. */
  readonly iou: number;
  /** Share of the first that lies in the second. */
  readonly ofFirst: number;
  readonly ofSecond: number;
}

export function boxOverlap(first: Box, second: Box): BoxOverlap {
  const width = Math.min(first[2], second[2]) - Math.max(first[0], second[0]);
  const height = Math.min(first[3], second[3]) - Math.max(first[1], second[1]);
  if (!(width > 0 && height > 0)) return { iou: 0, ofFirst: 0, ofSecond: 0 };
  const shared = width * height;
  const firstArea = areaOf(first);
  const secondArea = areaOf(second);
  return {
    iou: shared / (firstArea + secondArea - shared),
    ofFirst: shared / firstArea,
    ofSecond: shared / secondArea,
  };
}

function areaOf([x1, y1, x2, y2]: Box): number {
  return (x2 - x1) * (y2 - y1);
}

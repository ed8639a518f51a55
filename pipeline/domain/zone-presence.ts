import { boxHeight, groundPoint } from "./box.ts";
import { distanceToPolygon, isInPolygon } from "./geometry.ts";
import type { Box, Polygon } from "./types.ts";

/** How far beyond the line an object that was inside must stand to be outside; share of the picture. */
const LEAVE_MARGIN = 0.02;

/** Where a standing object touches the ground is known no better than the detector's boxes: to this share of their height. */
const GROUND_ACCURACY = 0.05;

/** True when what stands at a settled box stands in the zone, as far as its ground point can be known. */
export function standsInZone(box: Box, polygon: Polygon): boolean {
  return distanceToPolygon(groundPoint(box), polygon) <= GROUND_ACCURACY * boxHeight(box);
}

/** An object enters a zone at the line: when its ground point is inside. */
export function isInZone(box: Box, polygon: Polygon): boolean {
  return isInPolygon(groundPoint(box), polygon);
}

/** An object that was inside leaves only beyond a margin, so that a jittering box does not go in and out. */
export function remainsInZone(box: Box, polygon: Polygon): boolean {
  return distanceToPolygon(groundPoint(box), polygon) <= LEAVE_MARGIN;
}

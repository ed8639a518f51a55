import type { Box, Point, Polygon } from "./types.ts";

/** Plane geometry of zones. Units are those of the polygon: 0–1 in the source picture. */

/** True when the point lies inside the polygon or on its border (even–odd rule). */
export function isInPolygon([x, y]: Point, polygon: Polygon): boolean {
  let inside = false;
  for (const [a, b] of edges(polygon)) {
    if (distanceToSegment([x, y], a, b) === 0) return true;
    const crosses = a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0];
    if (crosses) inside = !inside;
  }
  return inside;
}

/** Distance from the point to the polygon; 0 inside it. */
export function distanceToPolygon(point: Point, polygon: Polygon): number {
  if (isInPolygon(point, polygon)) return 0;
  return Math.min(...edges(polygon).map(([a, b]) => distanceToSegment(point, a, b)));
}

/** Enclosed area, always positive. */
export function polygonArea(polygon: Polygon): number {
  const twice = edges(polygon).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0);
  return Math.abs(twice) / 2;
}

/** The first two edges (by index of their first point) that cross or touch without being neighbours; null for a simple polygon. */
export function findSelfIntersection(polygon: Polygon): readonly [number, number] | null {
  const all = edges(polygon);
  for (const [i, [a, b]] of all.entries()) {
    for (const [j, [c, d]] of all.entries()) {
      const neighbours = j <= i + 1 || (i === 0 && j === all.length - 1);
      if (!neighbours && segmentsMeet(a, b, c, d)) return [i, j];
    }
  }
  return null;
}

/** Smallest box around all of them. At least one box is needed. */
export function unionBox(boxes: readonly Box[]): Box {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

function edges(polygon: Polygon): (readonly [Point, Point])[] {
  return polygon.map((point, index) => [point, polygon[(index + 1) % polygon.length] ?? point] as const);
}

function distanceToSegment([x, y]: Point, a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / length2));
  return Math.hypot(x - a[0] - along * dx, y - a[1] - along * dy);
}

function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)] as const;
  if (turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0) return true;
  return (
    distanceToSegment(c, a, b) === 0 ||
    distanceToSegment(d, a, b) === 0 ||
    distanceToSegment(a, c, d) === 0 ||
    distanceToSegment(b, c, d) === 0
  );
}

function turn(a: Point, b: Point, c: Point): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

import type { Box, Polygon } from "../domain/types.ts";

/** Size of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of whole pixels inside a picture; at least one pixel wide and high. */
export interface Region extends PictureSize {
  readonly left: number;
  readonly top: number;
}

/** The box in pixels, widened by `margin` × its width and height on every side and cut at the picture's edge. */
export function regionOfBox(box: Box, margin: number, size: PictureSize): Region {
  const growX = (box[2] - box[0]) * margin;
  const growY = (box[3] - box[1]) * margin;
  const left = within(Math.floor((box[0] - growX) * size.width), 0, size.width - 1);
  const top = within(Math.floor((box[1] - growY) * size.height), 0, size.height - 1);
  const right = within(Math.ceil((box[2] + growX) * size.width), left + 1, size.width);
  const bottom = within(Math.ceil((box[3] + growY) * size.height), top + 1, size.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** 0–1 coordinates of the whole picture → pixels of the region, as an SVG `points` attribute. */
export function pointsInRegion(polygon: Polygon, size: PictureSize, region: Region, scale: number): string {
  return polygon
    .map(([x, y]) => {
      const left = (x * size.width - region.left) * scale;
      const top = (y * size.height - region.top) * scale;
      return `${round(left)},${round(top)}`;
    })
    .join(" ");
}

export function boxOutline(box: Box): Polygon {
  return [
    [box[0], box[1]],
    [box[2], box[1]],
    [box[2], box[3]],
    [box[0], box[3]],
  ];
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number.isFinite(value) ? value : low));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

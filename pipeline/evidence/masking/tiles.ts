import type { PictureSize, Region } from "../picture-region.ts";

/** Neighbouring tiles share so much of their side: what is cut by one's edge is whole in the other. */
const OVERLAP = 0.25;
/** From this share of the longer side on a tile shows no more than the whole picture does. */
const NEARLY_ALL = 0.75;

/**
 * Squares that cover a picture at several scales, for detectors that see only what is neither too small nor too
 * large in their input: the whole picture, then tiles of `smallest` pixels, of twice that, and so on.
 */
export function tilesFor(size: PictureSize, smallest: number): Region[] {
  const tiles: Region[] = [{ left: 0, top: 0, ...size }];
  const longer = Math.max(size.width, size.height);
  for (let side = smallest; side < longer * NEARLY_ALL; side *= 2) {
    for (const [top, height] of stretches(size.height, side))
      for (const [left, width] of stretches(size.width, side)) tiles.push({ left, top, width, height });
  }
  return tiles;
}

/** Starts and lengths of overlapping stretches of `side`, evenly spread from one end to the other. */
function stretches(length: number, side: number): [start: number, length: number][] {
  if (side >= length) return [[0, length]];
  const count = Math.ceil((length - side) / (side * (1 - OVERLAP))) + 1;
  const step = (length - side) / (count - 1);
  return Array.from({ length: count }, (_, index) => [Math.round(index * step), side]);
}

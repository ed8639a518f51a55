import type { Point } from "../../domain/types.ts";
import type { PictureSize } from "../picture-region.ts";
import type { RgbPicture } from "./rgb-picture.ts";

/** Corners of something flat as the camera sees it, in pixels: top left, top right, bottom right, bottom left. */
export type Quad = readonly [Point, Point, Point, Point];

/** Coefficients of the plane projection (u, v) → ((a·u + b·v + c) / w, (d·u + e·v + f) / w), w = g·u + h·v + 1. */
type Projection = readonly [number, number, number, number, number, number, number, number];

/** The projection that takes the corners of the unit square to those of the quad (Heckbert 1989, section 2.2.3). */
function squareToQuad([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: Quad): Projection {
  const dx1 = x1 - x2;
  const dx2 = x3 - x2;
  const dx3 = x0 - x1 + x2 - x3;
  const dy1 = y1 - y2;
  const dy2 = y3 - y2;
  const dy3 = y0 - y1 + y2 - y3;
  const bottom = dx1 * dy2 - dx2 * dy1;
  const g = bottom === 0 ? 0 : (dx3 * dy2 - dx2 * dy3) / bottom;
  const h = bottom === 0 ? 0 : (dx1 * dy3 - dx3 * dy1) / bottom;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h];
}

/**
 * What lies inside the quad as a flat rectangle, sampled between pixels. Outside of the picture its edge goes on.
 *
 * @param size of the result in pixels
 */
export function rectify(picture: RgbPicture, quad: Quad, size: PictureSize): RgbPicture {
  const [a, b, c, d, e, f, g, h] = squareToQuad(quad);
  const pixels = new Uint8Array(size.width * size.height * 3);
  for (let row = 0, to = 0; row < size.height; row++) {
    const v = (row + 0.5) / size.height;
    for (let column = 0; column < size.width; column++, to += 3) {
      const u = (column + 0.5) / size.width;
      const w = g * u + h * v + 1;
      sample(picture, (a * u + b * v + c) / w - 0.5, (d * u + e * v + f) / w - 0.5, pixels, to);
    }
  }
  return { pixels, size };
}

/** Bilinear; x and y count from the centre of the first pixel. */
function sample({ pixels, size }: RgbPicture, x: number, y: number, out: Uint8Array, to: number): void {
  const insideX = Math.min(size.width - 1, Math.max(0, x));
  const insideY = Math.min(size.height - 1, Math.max(0, y));
  const left = Math.floor(insideX);
  const top = Math.floor(insideY);
  const shareX = insideX - left;
  const shareY = insideY - top;
  const right = Math.min(size.width - 1, left + 1);
  const under = Math.min(size.height - 1, top + 1);
  const above = 3 * top * size.width;
  const below = 3 * under * size.width;
  for (let channel = 0; channel < 3; channel++) {
    const topLeft = pixels[above + 3 * left + channel] as number;
    const topRight = pixels[above + 3 * right + channel] as number;
    const bottomLeft = pixels[below + 3 * left + channel] as number;
    const bottomRight = pixels[below + 3 * right + channel] as number;
    const upper = topLeft + (topRight - topLeft) * shareX;
    const lower = bottomLeft + (bottomRight - bottomLeft) * shareX;
    out[to + channel] = Math.round(upper + (lower - upper) * shareY);
  }
}

/** Mean width and height of a quad in pixels. */
export function sizeOfQuad([topLeft, topRight, bottomRight, bottomLeft]: Quad): PictureSize {
  return {
    width: (distance(topLeft, topRight) + distance(bottomLeft, bottomRight)) / 2,
    height: (distance(topLeft, bottomLeft) + distance(topRight, bottomRight)) / 2,
  };
}

/** The quad with its sides moved outwards: left and right by `across` × its width, top and bottom by `along` × its height. */
export function growQuad(quad: Quad, across: number, along: number): Quad {
  const { width, height } = sizeOfQuad(quad);
  const [x, y] = [across * width, along * height];
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  return [
    [topLeft[0] - x, topLeft[1] - y],
    [topRight[0] + x, topRight[1] - y],
    [bottomRight[0] + x, bottomRight[1] + y],
    [bottomLeft[0] - x, bottomLeft[1] + y],
  ];
}

/** The upright rectangle around a quad: left, top, right, bottom in pixels. */
export function boundsOfQuad(quad: Quad): readonly [number, number, number, number] {
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

import { describe, expect, it } from "vitest";
import { boundsOfQuad, growQuad, type Quad, rectify, sizeOfQuad } from "./rectify.ts";
import type { RgbPicture } from "./rgb-picture.ts";

/** Each pixel says where it is: red its column, green its row. */
function ruler(width: number, height: number): RgbPicture {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 3) pixels.set([x, y, 0], at);
  return { pixels, size: { width, height } };
}

function at({ pixels, size }: RgbPicture, column: number, row: number): readonly number[] {
  return [...pixels.subarray(3 * (row * size.width + column), 3 * (row * size.width + column) + 2)];
}

/** A plate seen from the side: its right edge is further away. */
const SEEN_FROM_SIDE: Quad = [
  [20, 40],
  [180, 70],
  [180, 100],
  [20, 120],
];

describe("rectify", () => {
  it("copies an upright rectangle of the same size", () => {
    const quad: Quad = [
      [10, 20],
      [14, 20],
      [14, 22],
      [10, 22],
    ];
    const flat = rectify(ruler(200, 200), quad, { width: 4, height: 2 });
    expect(at(flat, 0, 0)).toEqual([10, 20]);
    expect(at(flat, 3, 1)).toEqual([13, 21]);
  });

  it("puts the corners into the corners", () => {
    const flat = rectify(ruler(200, 200), SEEN_FROM_SIDE, { width: 400, height: 100 });
    const near = (found: readonly number[], [x, y]: readonly [number, number]) => {
      expect(Math.abs((found[0] ?? 0) - x)).toBeLessThanOrEqual(1);
      expect(Math.abs((found[1] ?? 0) - y)).toBeLessThanOrEqual(1);
    };
    near(at(flat, 0, 0), SEEN_FROM_SIDE[0]);
    near(at(flat, 399, 0), SEEN_FROM_SIDE[1]);
    near(at(flat, 399, 99), SEEN_FROM_SIDE[2]);
    near(at(flat, 0, 99), SEEN_FROM_SIDE[3]);
  });

  it("follows the perspective: the middle is where the diagonals cross, not half way", () => {
    const flat = rectify(ruler(200, 200), SEEN_FROM_SIDE, { width: 401, height: 101 });
    const [x = 0, y = 0] = at(flat, 200, 50);
    // (20,40)–(180,100) and (180,70)–(20,120) meet at x = 20 + 160 × 8/11.
    expect(x).toBe(Math.round(20 + (160 * 8) / 11 - 0.5));
    expect(y).toBe(Math.round(40 + (60 * 8) / 11 - 0.5));
  });

  it("goes on with the picture's edge beyond it", () => {
    const quad: Quad = [
      [-50, -50],
      [250, -50],
      [250, 250],
      [-50, 250],
    ];
    const flat = rectify(ruler(200, 200), quad, { width: 30, height: 30 });
    expect(at(flat, 0, 0)).toEqual([0, 0]);
    expect(at(flat, 29, 29)).toEqual([199, 199]);
  });
});

it("sizes and bounds of a quad", () => {
  expect(sizeOfQuad(SEEN_FROM_SIDE).height).toBe(55);
  expect(sizeOfQuad(SEEN_FROM_SIDE).width).toBeCloseTo(162.0, 0);
  expect(boundsOfQuad(SEEN_FROM_SIDE)).toEqual([20, 40, 180, 120]);
});

it("moves the sides of a quad outwards", () => {
  const quad: Quad = [
    [10, 10],
    [110, 20],
    [110, 60],
    [10, 50],
  ];
  const [topLeft, topRight, bottomRight, bottomLeft] = growQuad(quad, 0.1, 0.5);
  const { width } = sizeOfQuad(quad);
  expect(topLeft).toEqual([10 - width / 10, -10]);
  expect(topRight).toEqual([110 + width / 10, 0]);
  expect(bottomRight).toEqual([110 + width / 10, 80]);
  expect(bottomLeft).toEqual([10 - width / 10, 70]);
});

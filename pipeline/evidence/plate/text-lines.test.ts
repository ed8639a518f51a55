import { describe, expect, it } from "vitest";
import { boundsOfQuad, rectify } from "./rectify.ts";
import { findTextLines, type TextMap } from "./text-lines.ts";

const SIZE = { width: 200, height: 120 };

/** A map that is sure of text where `inside` says so. */
function draw(inside: (x: number, y: number) => boolean, chance = 0.9): TextMap {
  const values = new Float32Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++) if (inside(x, y)) values[y * SIZE.width + x] = chance;
  return { ...SIZE, values };
}

const upright = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
  x >= left && x < right && y >= top && y < bottom;
/** A bar that rises by a fifth of its length and gets lower to the right, as a plate seen from below and the side. */
const leaning = (x: number, y: number) => {
  const middle = 80 - (x - 40) * 0.2;
  const half = 10 - (x - 40) * 0.04;
  return x >= 40 && x < 160 && Math.abs(y + 0.5 - middle) <= half;
};

describe("findTextLines", () => {
  it("frames a bar and adds what the map leaves out around text", () => {
    const [line, ...others] = findTextLines(draw(upright(50, 40, 150, 60)));
    expect(others).toEqual([]);
    expect(line?.score).toBeCloseTo(0.9, 5);
    // 100 × 20 pixels × 1.6 ÷ perimeter 240
    const grow = (100 * 20 * 1.6) / 240;
    const found = boundsOfQuad(
      line?.quad ?? [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
    [50 - grow, 40 - grow, 150 + grow, 60 + grow].forEach((wanted, index) => {
      expect(found[index]).toBeCloseTo(wanted, 5);
    });
  });

  it("follows a line that rises and gets smaller, so that it lies flat afterwards", () => {
    const [line] = findTextLines(draw(leaning));
    if (line === undefined) throw new Error("no line found");
    const [topLeft, topRight, bottomRight, bottomLeft] = line.quad;
    expect((topRight[1] - topLeft[1]) / (topRight[0] - topLeft[0])).toBeCloseTo(-0.16, 1);
    expect((bottomRight[1] - bottomLeft[1]) / (bottomRight[0] - bottomLeft[0])).toBeCloseTo(-0.24, 1);
    const pixels = new Uint8Array(SIZE.width * SIZE.height * 3);
    for (let y = 0; y < SIZE.height; y++)
      for (let x = 0; x < SIZE.width; x++)
        if (leaning(x, y)) pixels.fill(255, 3 * (y * SIZE.width + x), 3 * (y * SIZE.width + x) + 3);
    const flat = rectify({ pixels, size: SIZE }, line.quad, { width: 120, height: 40 });
    const rowsOf = (column: number) =>
      Array.from({ length: 40 }, (_, row) => row).filter(
        (row) => (flat.pixels[3 * (row * 120 + column)] ?? 0) > 127,
      );
    // Within the text its upper and lower edge stay at their height.
    const tops = [25, 45, 60, 75, 95].map((column) => Math.min(...rowsOf(column)));
    const bottoms = [25, 45, 60, 75, 95].map((column) => Math.max(...rowsOf(column)));
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(3);
    expect(Math.max(...bottoms) - Math.min(...bottoms)).toBeLessThanOrEqual(3);
  });

  it("keeps lines apart that do not touch", () => {
    const two = draw((x, y) => upright(20, 20, 90, 35)(x, y) || upright(20, 60, 90, 75)(x, y));
    expect(findTextLines(two)).toHaveLength(2);
  });

  it.each([
    ["dirt", draw(upright(10, 10, 13, 12))],
    ["what it is not sure of", draw(upright(50, 40, 150, 60), 0.4)],
    ["text steeper than 45°", draw((x, y) => Math.abs(y - 1.5 * (x - 80)) < 10 && y > 5 && y < 110)],
    ["nothing", draw(() => false)],
  ])("does not take %s for text", (_what, map) => {
    expect(findTextLines(map)).toEqual([]);
  });
});
